package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.DurableFiles;
import dev.jebena.base.PathLock;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/// A blob of the cache while it is fetched: `blobs/<etag>.incomplete`. Closing it keeps what is
/// there, for a later try.
final class CachePart implements Transfer.Target, AutoCloseable {
    private final RemoteFile file;
    private final Path blob;
    private final Path part;
    private final PathLock lock;
    private final FileChannel channel;
    private MessageDigest digest;
    private long length;

    private CachePart(RemoteFile file, Path blob, Path part, PathLock lock, FileChannel channel) {
        this.file = file;
        this.blob = blob;
        this.part = part;
        this.lock = lock;
        this.channel = channel;
        this.digest = digest(file);
    }

    /// Waits while another process of ours fetches the same blob.
    static CachePart open(HubCache cache, RemoteFile file) {
        Path blob = cache.blob(file.etag());
        Path part = blob.resolveSibling(blob.getFileName() + ".incomplete");
        PathLock lock = PathLock.exclusive(cache.lock(file.etag()));
        try {
            Files.createDirectories(part.toAbsolutePath().getParent());
            FileChannel channel =
                    FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            CachePart opened = new CachePart(file, blob, part, lock, channel);
            opened.hashWhatIsThere();
            return opened;
        } catch (IOException e) {
            lock.close();
            throw Problem.storage("cannot open " + part, e);
        }
    }

    private static MessageDigest digest(RemoteFile file) {
        return file.sha256() != null ? ContentId.sha256() : FileBytes.gitDigest(file.size());
    }

    private void hashWhatIsThere() throws IOException {
        byte[] buffer = new byte[1 << 18];
        try (InputStream in = Files.newInputStream(part)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                length += n;
            }
        }
        channel.position(length);
        if (length > file.size()) {
            restart();
        }
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void append(byte[] bytes, int offset, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, count);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        digest.update(bytes, offset, count);
        length += count;
    }

    @Override
    public void restart() throws IOException {
        channel.truncate(0);
        channel.position(0);
        digest = digest(file);
        length = 0;
    }

    /// Makes a blob of it. Bytes of another hash are thrown away and refused.
    void finish() throws IOException {
        String found = HexFormat.of().formatHex(digest.digest());
        try {
            FileBytes.check(file, found);
        } catch (Problem e) {
            restart();
            throw e;
        }
        channel.force(true);
        channel.close();
        DurableFiles.move(part, blob);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Problem.storage("cannot close " + part, e);
        } finally {
            lock.close();
        }
    }
}
