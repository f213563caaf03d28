package dev.jebena.repositories;

import dev.jebena.base.Blobs;
import dev.jebena.hub.HubSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where repositories lie and who may see them.
///
/// @param folder the data folder: `repositories.db`, the blobs, and the owner's token
/// @param database address of a PostgreSQL database of its own in place of the SQLite file; null
///   for SQLite
/// @param owner name of the first account, an administrator
/// @param ownerToken a token of the owner; null to keep the one in the folder, which is made at the
///   first start
/// @param anonymous whether callers without a token see what is public
/// @param partBytes larger files are uploaded in parts of this size by clients that know how
/// @param blobs where larger bytes lie, shared by servers with the same database; null for the
///   folder. Whoever opened them closes them
/// @param checks look at every file on its way into a commit
/// @param upstream another hub, from which is fetched what is not here; null for none
public record RepositoryOptions(
        Path folder,
        @Nullable String database,
        String owner,
        @Nullable String ownerToken,
        boolean anonymous,
        long partBytes,
        List<UploadCheck> checks,
        @Nullable Blobs blobs,
        @Nullable HubSettings upstream) {
    public static RepositoryOptions in(Path folder) {
        return new RepositoryOptions(
                folder, null, "jebena", null, true, 2L << 30, List.of(), null, null);
    }

    public RepositoryOptions database(@Nullable String address) {
        return new RepositoryOptions(
                folder, address, owner, ownerToken, anonymous, partBytes, checks, blobs, upstream);
    }

    public RepositoryOptions owner(String name) {
        return new RepositoryOptions(
                folder, database, name, ownerToken, anonymous, partBytes, checks, blobs, upstream);
    }

    public RepositoryOptions ownerToken(@Nullable String token) {
        return new RepositoryOptions(
                folder, database, owner, token, anonymous, partBytes, checks, blobs, upstream);
    }

    public RepositoryOptions anonymous(boolean allowed) {
        return new RepositoryOptions(
                folder, database, owner, ownerToken, allowed, partBytes, checks, blobs, upstream);
    }

    public RepositoryOptions partBytes(long bytes) {
        return new RepositoryOptions(
                folder, database, owner, ownerToken, anonymous, bytes, checks, blobs, upstream);
    }

    public RepositoryOptions checks(List<UploadCheck> all) {
        return new RepositoryOptions(
                folder,
                database,
                owner,
                ownerToken,
                anonymous,
                partBytes,
                List.copyOf(all),
                blobs,
                upstream);
    }

    public RepositoryOptions blobs(@Nullable Blobs store) {
        return new RepositoryOptions(
                folder, database, owner, ownerToken, anonymous, partBytes, checks, store, upstream);
    }

    /// @param hub fetches from there what is not here; null for nothing
    public RepositoryOptions upstream(@Nullable HubSettings hub) {
        return new RepositoryOptions(
                folder, database, owner, ownerToken, anonymous, partBytes, checks, blobs, hub);
    }
}
