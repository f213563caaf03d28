package dev.jebena.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Bytes of a data set, on this machine or on another. What implements it may be used by several
/// threads.
public interface DataFile {
    /// The path within its folder or repository, with `/`: decides the format, and stands in
    /// messages.
    String name();

    /// The number of bytes; -1 when it is not known.
    long size();

    /// The file on this machine; null when it lies elsewhere.
    @Nullable Path path();

    /// Whether ranges cost no journey over a network.
    default boolean isNear() {
        return path() != null;
    }

    /// All bytes from `offset` on.
    InputStream open(long offset) throws IOException;

    /// The bytes from `offset` on, exactly `length`.
    ///
    /// @throws java.io.EOFException when the file ends before
    ByteBuffer range(long offset, int length) throws IOException;

    /// A file on this machine.
    ///
    /// @param name as [#name]
    static DataFile of(Path path, String name) {
        return new LocalDataFile(path, name);
    }

    static DataFile of(Path path) {
        return of(path, path.toString());
    }
}
