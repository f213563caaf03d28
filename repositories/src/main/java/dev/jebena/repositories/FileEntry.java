package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import dev.jebena.hub.LfsPointer;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/// A file or folder of a commit.
///
/// @param id of git's object: the blob, which may be an LFS pointer, or the tree
/// @param size number of bytes that a reader of the file gets; 0 for folders
/// @param lfs what the pointer says; null for other files
/// @param pointerSize size of the pointer; 0 for other files
record FileEntry(
        String path,
        boolean folder,
        ObjectId id,
        long size,
        @Nullable LfsPointer lfs,
        int pointerSize) {
    /// What names the bytes: the SHA-256 of a large file, git's id of another.
    String etag() {
        return lfs == null ? id.name() : lfs.oid().hex();
    }

    /// The pointer of a large file.
    LfsPointer requiredLfs() {
        if (lfs == null) {
            throw new IllegalStateException(path + " is no large file");
        }
        return lfs;
    }

    String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json =
                HttpJson.object(
                        "type",
                        folder ? "directory" : "file",
                        "oid",
                        id.name(),
                        "size",
                        size,
                        "path",
                        path);
        if (lfs != null) {
            json.put(
                    "lfs",
                    HttpJson.object(
                            "oid", lfs.oid().hex(), "size", size, "pointerSize", pointerSize));
        }
        return json;
    }

    /// The form in `siblings` of a repository's description.
    ///
    /// @param blobs with id and size
    Map<String, @Nullable Object> sibling(boolean blobs) {
        Map<String, @Nullable Object> json = HttpJson.object("rfilename", path);
        if (blobs) {
            json.put("blobId", id.name());
            json.put("size", size);
            if (lfs != null) {
                json.put(
                        "lfs",
                        HttpJson.object(
                                "sha256",
                                lfs.oid().hex(),
                                "size",
                                size,
                                "pointerSize",
                                pointerSize));
            }
        }
        return json;
    }
}
