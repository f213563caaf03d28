package dev.jebena.repositories;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Tells something of the files of a repository, such as under which licences they come. It is
/// asked for at `/api/models/{namespace}/{repo}/NAME?revision=…`, and the same of the other kinds,
/// by those who may read the files.
@FunctionalInterface
public interface RepoReport {
    /// The reply's JSON. Called on the request's thread, by many at once.
    @Nullable Object of(RepoFiles files) throws IOException;
}
