package dev.jebena.data.internal;

import dev.jebena.data.DataFile;
import dev.jebena.data.DataLimits;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.Features;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Text files: a row for each line, in the column `text`.
public record TextReader(DataLimits limits) implements FormatReader {
    @Override
    public Features features(List<DataFile> files) {
        return Features.of("text", Value.STRING);
    }

    @Override
    public RecordCursor open(DataFile file, Features features) throws IOException {
        return lines(
                new LineReader(
                        Compression.open(file, limits), file.name(), limits.recordBytes(), 0, 0),
                Compression.of(file.name()) == Compression.NONE);
    }

    @Override
    public RecordCursor openAt(DataFile file, Features features, long offset, long row)
            throws IOException {
        return lines(
                new LineReader(file.open(offset), file.name(), limits.recordBytes(), offset, row),
                true);
    }

    @Override
    public @Nullable RowFinder finder(DataFile file, long offset) throws IOException {
        return Compression.of(file.name()) == Compression.NONE
                ? LineReader.finder(
                        new LineReader(
                                file.open(offset), file.name(), limits.recordBytes(), offset, 0),
                        true)
                : null;
    }

    private static RecordCursor lines(LineReader lines, boolean seekable) {
        return new RecordCursor() {
            @Override
            public @Nullable Object @Nullable [] next() throws IOException {
                String line = lines.next();
                return line == null ? null : new @Nullable Object[] {line};
            }

            @Override
            public long skip(long count) throws IOException {
                long skipped = 0;
                while (skipped < count && lines.advance()) {
                    skipped++;
                }
                return skipped;
            }

            @Override
            public long offset() {
                return seekable ? lines.offset() : -1;
            }

            @Override
            public void close() throws IOException {
                lines.close();
            }
        };
    }
}
