package dev.jebena.data.internal;

import dev.jebena.data.DataFile;
import dev.jebena.data.Features;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Reads the files of one format. Damage is told by a `Problem`; an [IOException] is trouble of the
/// disk or the network.
public interface FormatReader {
    /// The columns, as the files say or as their first rows look.
    Features features(List<DataFile> files) throws IOException;

    /// The rows from the beginning.
    RecordCursor open(DataFile file, Features features) throws IOException;

    /// The rows from the one at `offset`, which [RecordCursor#offset] told, where the format can do
    /// that.
    ///
    /// @param row the number of that row
    default RecordCursor openAt(DataFile file, Features features, long offset, long row)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Finds where rows begin, from one whose place is known on; null where rows cannot be begun in
    /// the middle.
    ///
    /// @param offset 0, or what [RecordCursor#offset] or [RowFinder#offset] told
    default @Nullable RowFinder finder(DataFile file, long offset) throws IOException {
        return null;
    }

    /// Any row at once, where the file's format and place allow it; null where not.
    default @Nullable RowIndex index(DataFile file, Features features) throws IOException {
        return null;
    }

    /// The number of rows, where the file tells it.
    default OptionalLong rows(DataFile file) throws IOException {
        return OptionalLong.empty();
    }
}
