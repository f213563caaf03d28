package dev.jebena.repositories;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/// The files of a repository at one commit, for a caller who may read them. Good as long as the
/// request, for its thread.
public interface RepoFiles extends AutoCloseable {
    RepoName name();

    /// The commit's id.
    String commit();

    /// All files by their paths, with the number of their bytes.
    Map<String, Long> sizes();

    /// The bytes of a file. Throws when there is none of this path.
    InputStream open(String path) throws IOException;

    /// The files of another repository of the same hub at its `main`; empty where there is none, or
    /// none that the same caller may read.
    Optional<RepoFiles> other(RepoKind kind, String id);

    @Override
    void close();
}
