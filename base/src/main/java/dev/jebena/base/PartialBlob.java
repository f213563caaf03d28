package dev.jebena.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// A blob that is being downloaded and may be continued after a break. One thread at a time has it;
/// closing it keeps what is there.
public final class PartialBlob implements AutoCloseable {
    private final BlobStore store;
    private final Path file;
    private final PathLock hold;
    private final PathLock lock;
    private final FileChannel channel;
    private final MessageDigest digest = ContentId.sha256();
    private long length;

    private PartialBlob(
            BlobStore store, Path file, PathLock hold, PathLock lock, FileChannel channel) {
        this.store = store;
        this.file = file;
        this.hold = hold;
        this.lock = lock;
        this.channel = channel;
    }

    static PartialBlob open(BlobStore store, Path file, PathLock hold, PathLock lock) {
        try {
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            PartialBlob partial = new PartialBlob(store, file, hold, lock, channel);
            partial.hashWhatIsThere();
            return partial;
        } catch (IOException e) {
            lock.close();
            throw Problem.storage("cannot open the unfinished download " + file, e);
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

    /// Number of bytes that are there.
    public long length() {
        return length;
    }

    public void append(byte[] bytes, int offset, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, count);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        digest.update(bytes, offset, count);
        length += count;
    }

    /// Throws away what is there.
    public void restart() throws IOException {
        channel.truncate(0);
        channel.position(0);
        digest.reset();
        length = 0;
    }

    /// Makes a blob of it. Bytes of another hash are thrown away and refused with BAD_FILE.
    public ContentId finish(@Nullable ContentId expected) throws IOException {
        ContentId id = ContentId.of(digest);
        if (expected != null && !expected.equals(id)) {
            restart();
            DurableFiles.checkHash(expected, id);
        }
        channel.force(true);
        channel.close();
        DurableFiles.move(file, store.file(id));
        return id;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Problem.storage("cannot close " + file, e);
        } finally {
            lock.close();
            hold.close();
        }
    }
}
