package dev.jebena.repositories;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;

/// Looks at the files that a commit brings, by the API or by git, before the commit is made: for
/// pickles that run code, secrets, bombs, damaged weights. What it finds is shown in the API and
/// can keep the file from being downloaded; it does not refuse the commit.
///
/// Called on the request's thread, by many at once; so it should look at what decides, not read
/// every byte of a large file.
@FunctionalInterface
public interface UploadCheck {
    /// A file on its way into a repository.
    ///
    /// @param size number of bytes
    record Upload(RepoName repository, String path, long size, Content content) {}

    /// The bytes of a file.
    @FunctionalInterface
    interface Content {
        /// From the first byte on; the caller closes it.
        SeekableByteChannel open() throws IOException;
    }

    /// What was found, good or bad; empty when this check is not for such files.
    List<Finding> check(Upload file) throws IOException;
}
