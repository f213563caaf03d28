package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.PartialFile;
import dev.jebena.base.PathLock;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/// A blob of the cache while it is fetched: `blobs/<etag>.incomplete`.
final class CachePart extends PartialFile {
    private final RemoteFile file;
    private final Path blob;
    private final PathLock lock;

    private CachePart(RemoteFile file, Path blob, Path part, PathLock lock) throws IOException {
        super(part, () -> digest(file));
        this.file = file;
        this.blob = blob;
        this.lock = lock;
        if (length() > file.size()) {
            restart();
        }
    }

    /// Waits while another process of ours fetches the same blob.
    static CachePart open(HubCache cache, RemoteFile file) {
        Path blob = cache.blob(file.etag());
        Path part = blob.resolveSibling(blob.getFileName() + ".incomplete");
        PathLock lock = PathLock.exclusive(cache.lock(file.etag()));
        try {
            Files.createDirectories(part.toAbsolutePath().getParent());
            return new CachePart(file, blob, part, lock);
        } catch (IOException e) {
            lock.close();
            throw Problem.storage("cannot open " + part, e);
        }
    }

    private static MessageDigest digest(RemoteFile file) {
        return file.sha256() != null ? ContentId.sha256() : FileBytes.gitDigest(file.size());
    }

    /// Makes a blob of it. Bytes of another hash are thrown away and refused.
    void finish() throws IOException {
        String found = hash();
        try {
            FileBytes.check(file, found);
        } catch (Problem e) {
            restart();
            throw e;
        }
        moveTo(blob);
    }

    @Override
    public void close() {
        try {
            super.close();
        } finally {
            lock.close();
        }
    }
}
