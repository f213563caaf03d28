package dev.jebena.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Hashes, writes and syncs the bytes of one large file on threads of their own, so that whoever
/// delivers them waits for none of the three as long as they keep up. Holds 8 MiB.
final class StagedWriter implements AutoCloseable {
    private static final int PIECE = 1 << 20;
    private static final int PIECES = 8;

    /// So much is brought to the disk at once while more arrives: the last sync has little left.
    private static final long SYNC_EVERY = 64L << 20;

    /// Many short calls are compiled soon; a loop in few long ones stays interpreted for gigabytes.
    private static final int HASHED_AT_ONCE = 16 << 10;

    private final FileChannel out;
    private final MessageDigest digest;
    private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(PIECES);
    private final BlockingQueue<Filled> received = new ArrayBlockingQueue<>(PIECES + 1);
    private final BlockingQueue<Filled> hashed = new ArrayBlockingQueue<>(PIECES + 1);
    private final List<Thread> stages;
    private long unsynced;
    private boolean allWritten;
    private @Nullable IOException failure;

    /// A piece of the file. One without bytes says that the file ends.
    private record Filled(byte[] bytes, int count) {}

    /// @param out is written from its position on; not closed here
    /// @param digest of all bytes is complete when this is closed
    StagedWriter(FileChannel out, MessageDigest digest) {
        this.out = out;
        this.digest = digest;
        for (int i = 0; i < PIECES; i++) {
            empty.add(new byte[PIECE]);
        }
        stages =
                List.of(
                        Thread.ofPlatform().daemon().name("hash upload").start(this::hash),
                        Thread.ofPlatform().daemon().name("write upload").start(this::write),
                        Thread.ofPlatform().daemon().name("sync upload").start(this::sync));
    }

    /// Takes the next bytes of a stream, at most a piece, and returns their number; -1 at its end.
    int take(InputStream in) throws IOException {
        byte[] piece = emptyPiece();
        int count = in.read(piece);
        if (count <= 0) {
            empty.add(piece);
        } else {
            received.add(new Filled(piece, count));
        }
        return count;
    }

    private byte[] emptyPiece() throws IOException {
        try {
            byte[] piece = empty.take();
            throwFailure();
            return piece;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    private synchronized void throwFailure() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private void hash() {
        Filled piece;
        do {
            piece = next(received);
            for (int at = 0; at < piece.count(); at += HASHED_AT_ONCE) {
                digest.update(piece.bytes(), at, Math.min(HASHED_AT_ONCE, piece.count() - at));
            }
            hashed.add(piece);
        } while (piece.count() > 0);
    }

    /// After a failure the pieces only go round, so that nobody waits for one.
    private void write() {
        for (Filled piece = next(hashed); piece.count() > 0; piece = next(hashed)) {
            try {
                ByteBuffer bytes = ByteBuffer.wrap(piece.bytes(), 0, piece.count());
                while (failed() == null && bytes.hasRemaining()) {
                    out.write(bytes);
                }
            } catch (IOException e) {
                fail(e);
            }
            empty.add(piece.bytes());
            written(piece.count());
        }
        written(0);
    }

    /// @param count 0 after the last bytes
    private synchronized void written(int count) {
        unsynced += count;
        allWritten = count == 0;
        notifyAll();
    }

    private void sync() {
        try {
            while (awaitUnsynced()) {
                out.force(false);
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    /// Whether there is a batch to sync; false when all is written.
    private synchronized boolean awaitUnsynced() {
        while (unsynced < SYNC_EVERY && !allWritten) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e); // nobody has this thread to interrupt it
            }
        }
        unsynced = 0;
        return !allWritten;
    }

    private static Filled next(BlockingQueue<Filled> queue) {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e); // nobody has this thread to interrupt it
        }
    }

    private synchronized void fail(IOException e) {
        if (failure == null) {
            failure = e;
        }
    }

    private synchronized @Nullable IOException failed() {
        return failure;
    }

    /// Waits until all that was taken is hashed and written; the caller syncs the file.
    @Override
    public void close() throws IOException {
        received.add(new Filled(new byte[0], 0));
        boolean interrupted = false;
        for (Thread stage : stages) {
            while (stage.isAlive()) {
                try {
                    stage.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        throwFailure();
    }
}
