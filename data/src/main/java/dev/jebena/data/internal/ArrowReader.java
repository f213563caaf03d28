package dev.jebena.data.internal;

import dev.jebena.base.Problem;
import dev.jebena.data.DataFile;
import dev.jebena.data.DataLimits;
import dev.jebena.data.Features;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Arrow's IPC formats, file and stream (Arrow's columnar format, version 1.5). Files on this
/// machine are mapped and those of a hub's own store read in ranges, so that any row is had at
/// once; others are read batch by batch.
public record ArrowReader(DataLimits limits) implements FormatReader {
    @Override
    public Features features(List<DataFile> files) throws IOException {
        return features(files.getFirst());
    }

    private Features features(DataFile file) throws IOException {
        try (InputStream in = Compression.open(file, limits)) {
            return stream(in).features();
        } catch (RuntimeException e) {
            throw damaged(file.name(), "the schema", e);
        }
    }

    private ArrowStream stream(InputStream in) throws IOException {
        return new ArrowStream(ArrowMessage.of(in, limits.blockBytes()), limits);
    }

    /// What broken numbers in a file lead to, as a message.
    static Problem damaged(String file, String place, Exception e) {
        if (e instanceof Problem problem) {
            return problem;
        }
        String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return Damage.because(
                file, place, "not valid Arrow data: " + what, "is the file whole?", e);
    }

    private static boolean isIndexable(DataFile file) {
        return file.isNear() && Compression.of(file.name()) == Compression.NONE;
    }

    @Override
    public @Nullable RowIndex index(DataFile file, Features features) throws IOException {
        if (!isIndexable(file)) {
            return null;
        }
        ArrowTable table = ArrowTable.open(file, limits);
        check(file, table.features(), features);
        return table;
    }

    private static void check(DataFile file, Features own, Features all) {
        if (!own.names().equals(all.names())) {
            throw Damage.at(
                    file.name(),
                    "",
                    "its columns are " + own.names(),
                    "the first file's are " + all.names());
        }
    }

    @Override
    public RecordCursor open(DataFile file, Features features) throws IOException {
        InputStream in = Compression.open(file, limits);
        try {
            ArrowStream stream = stream(in);
            check(file, stream.features(), features);
            return new Rows(file.name(), in, stream);
        } catch (RuntimeException e) {
            in.close();
            throw damaged(file.name(), "the schema", e);
        }
    }

    /// Rows of a stream.
    private final class Rows implements RecordCursor {
        private final String file;
        private final InputStream in;
        private final ArrowStream stream;
        private final ArrowColumn.Budget budget = new ArrowColumn.Budget(limits.recordBytes());
        private List<ArrowColumn> columns = List.of();
        private long rows;
        private long at;
        private long row;

        Rows(String file, InputStream in, ArrowStream stream) {
            this.file = file;
            this.in = in;
            this.stream = stream;
        }

        private boolean fill() throws IOException {
            while (at >= rows) {
                ArrowMessage message = stream.next();
                if (message == null) {
                    return false;
                }
                rows = ArrowBatch.rows(message.header());
                at = 0;
                columns =
                        ArrowBatch.columns(
                                message.header(),
                                message.body().load(),
                                stream.fields(),
                                stream.dictionaries(),
                                limits.blockBytes());
            }
            return true;
        }

        @Override
        public @Nullable Object @Nullable [] next() throws IOException {
            try {
                if (!fill()) {
                    return null;
                }
                budget.reset();
                row++;
                return ArrowTable.row(columns, at++, budget);
            } catch (RuntimeException e) {
                throw damaged(file, "row " + row, e);
            }
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = 0;
            try {
                while (skipped < count && fill()) {
                    long here = Math.min(count - skipped, rows - at);
                    at += here;
                    row += here;
                    skipped += here;
                }
            } catch (RuntimeException e) {
                throw damaged(file, "row " + row, e);
            }
            return skipped;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
