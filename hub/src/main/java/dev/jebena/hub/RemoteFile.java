package dev.jebena.hub;

import dev.jebena.base.ContentId;
import org.jspecify.annotations.Nullable;

/// A file of a repository at one commit.
///
/// @param size in bytes; -1 when the hub does not tell
/// @param sha256 for large files (Git LFS); else null
/// @param gitId the SHA-1 by which git names the file (of its LFS pointer, for large files)
public record RemoteFile(String path, long size, @Nullable ContentId sha256, String gitId) {
    static RemoteFile of(JsonObject file) {
        String git = file.string("oid", "");
        if (!file.has("lfs")) {
            return new RemoteFile(file.string("path"), file.integer("size", -1), null, git);
        }
        JsonObject lfs = file.object("lfs");
        return new RemoteFile(
                file.string("path"),
                lfs.integer("size", file.integer("size", -1)),
                ContentId.parse(lfs.string("oid")),
                git);
    }

    /// What the cache names the content by: as the hub's `ETag`.
    String etag() {
        return sha256 != null ? sha256.hex() : gitId;
    }

    /// True when both have the same bytes.
    boolean sameContent(RemoteFile other) {
        return etag().equals(other.etag()) && size == other.size;
    }
}
