package dev.jebena.base;

import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The fields and files of a form that was posted as `multipart/form-data`. Closing it removes what
/// was kept on disk.
public interface HttpForm extends AutoCloseable {
    /// One file.
    ///
    /// @param name as the client called it, without folders
    record File(String name, long size, InputStream content) {}

    /// The texts of all fields, by name; of those with one name the last.
    Map<String, @Nullable Object> fields();

    /// Names of the parts that are files.
    Set<String> files();

    /// The file of this name; null when there is none.
    @Nullable File file(String name);

    @Override
    void close();
}
