package dev.jebena.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Supplier;

/// A file that arrives from its start to its end, and its hash. Closing it keeps what is there, so
/// that a later one goes on.
public class PartialFile implements Resumable, AutoCloseable {
    private final Path file;
    private final Supplier<MessageDigest> digests;
    private final FileChannel channel;
    private MessageDigest digest;
    private long length;

    /// Opens or creates a file and hashes what is there.
    ///
    /// @param digests gives a fresh hash for each beginning
    protected PartialFile(Path file, Supplier<MessageDigest> digests) throws IOException {
        this.file = file;
        this.digests = digests;
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        digest = digests.get();
        try {
            hashWhatIsThere();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void hashWhatIsThere() throws IOException {
        byte[] buffer = new byte[1 << 18];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                length += n;
            }
        }
        channel.position(length);
    }

    @Override
    public final long length() {
        return length;
    }

    @Override
    public final void append(byte[] bytes, int offset, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, count);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        digest.update(bytes, offset, count);
        length += count;
    }

    @Override
    public final void restart() throws IOException {
        channel.truncate(0);
        channel.position(0);
        digest = digests.get();
        length = 0;
    }

    /// The hash of all bytes in hexadecimal digits. Nothing can be appended afterwards.
    protected final String hash() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /// Brings all bytes to the disk and gives the file its name.
    protected final void moveTo(Path target) throws IOException {
        channel.force(true);
        channel.close();
        DurableFiles.move(file, target);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Problem.storage("cannot close " + file, e);
        }
    }
}
