package dev.jebena.base;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/// The body of a reply of the JDK's HTTP client, whose own timeout ends with the headers: a server
/// that falls silent while somebody waits for it makes an error instead of a wait for ever.
public final class PatientStream extends FilterInputStream {
    private static final long NOBODY = 0;

    private final Duration patience;
    private final Thread watch;
    private volatile long waitingSince = NOBODY;
    private volatile boolean gaveUp;

    /// @param patience how long the server may stay silent
    public PatientStream(InputStream body, Duration patience) {
        super(body);
        this.patience = patience;
        watch = Thread.ofVirtual().start(this::watch);
    }

    private void watch() {
        try {
            while (!isTooLong()) {
                Thread.sleep(Math.clamp(patience.toMillis() / 4, 1, 500));
            }
            gaveUp = true;
            in.close();
        } catch (InterruptedException | IOException _) {
            // It was read to its end, or closing failed: then the reader sees that itself.
        }
    }

    private boolean isTooLong() {
        long since = waitingSince;
        return since != NOBODY && System.nanoTime() - since > patience.toNanos();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        waitingSince = System.nanoTime() | 1; // never NOBODY
        try {
            int count = in.read(bytes, offset, length);
            if (gaveUp) {
                throw silent();
            }
            if (count < 0) {
                watch.interrupt();
            }
            return count;
        } catch (IOException e) {
            throw gaveUp ? silent() : e;
        } finally {
            waitingSince = NOBODY;
        }
    }

    private IOException silent() {
        return new SocketTimeoutException(
                "the server sent nothing for %d s".formatted(patience.toSeconds()));
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        super.close();
    }
}
