package dev.jebena.base;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A blob that is being downloaded and may be continued after a break. One thread at a time has it.
public final class PartialBlob extends PartialFile {
    private final BlobStore store;
    private final PathLock hold;
    private final PathLock lock;

    private PartialBlob(BlobStore store, Path file, PathLock hold, PathLock lock)
            throws IOException {
        super(file, ContentId::sha256);
        this.store = store;
        this.hold = hold;
        this.lock = lock;
    }

    static PartialBlob open(BlobStore store, Path file, PathLock hold, PathLock lock) {
        try {
            return new PartialBlob(store, file, hold, lock);
        } catch (IOException e) {
            lock.close();
            throw Problem.storage("cannot open the unfinished download " + file, e);
        }
    }

    /// Makes a blob of it. Bytes of another hash are thrown away and refused with BAD_FILE.
    public ContentId finish(@Nullable ContentId expected) throws IOException {
        ContentId id = new ContentId(hash());
        if (expected != null && !expected.equals(id)) {
            restart();
            DurableFiles.checkHash(expected, id);
        }
        moveTo(store.file(id));
        return id;
    }

    @Override
    public void close() {
        try {
            super.close();
        } finally {
            lock.close();
            hold.close();
        }
    }
}
