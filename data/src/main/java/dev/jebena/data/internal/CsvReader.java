package dev.jebena.data.internal;

import dev.jebena.data.DataFile;
import dev.jebena.data.DataLimits;
import dev.jebena.data.Features;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// CSV and its kin. The first line names the columns; the first rows tell their types, as pandas
/// does: whole numbers, fractions, truths, else texts; nothing between two separators, `NA` and the
/// like are missing values.
///
/// @param separator between fields; 0: the one of `,`, `;`, tab and `|` that the first line has
///   most
/// @param header whether the first line names the columns; else they are `0`, `1`, ...
public record CsvReader(char separator, boolean header, DataLimits limits) implements FormatReader {
    @Override
    public Features features(List<DataFile> files) throws IOException {
        try (CsvLines lines = CsvLines.open(files.getFirst(), this)) {
            List<String> names = lines.names();
            CsvTypes types = new CsvTypes(names.size());
            for (int i = 0; i < limits.sampleRows() && lines.advance(); i++) {
                types.add(lines.fields());
            }
            return Features.of(names, types.types());
        }
    }

    @Override
    public RecordCursor open(DataFile file, Features features) throws IOException {
        CsvLines lines = CsvLines.open(file, this);
        try {
            List<String> names = lines.names();
            for (String name : names) {
                if (features.indexOf(name) < 0) {
                    throw Damage.at(
                            file.name(),
                            "line 1",
                            "a column '%s' that the data set does not have".formatted(name),
                            "columns: " + features.names());
                }
            }
            return new Rows(lines, names, features);
        } catch (RuntimeException e) {
            lines.close();
            throw e;
        }
    }

    @Override
    public RecordCursor openAt(DataFile file, Features features, long offset, long row)
            throws IOException {
        CsvLines lines = CsvLines.openAt(file, this, offset, row);
        return new Rows(lines, lines.names(), features);
    }

    @Override
    public @Nullable RowFinder finder(DataFile file, long offset) throws IOException {
        if (Compression.of(file.name()) != Compression.NONE) {
            return null;
        }
        try (CsvLines head = CsvLines.open(file, this)) {
            head.names();
            if (head.separator() > 127) {
                return null;
            }
            long from = Math.max(offset, head.begin());
            CsvFinder finder = new CsvFinder(file.open(from), head.separator(), from);
            if (from == head.begin() && header) {
                finder.skip(1);
            }
            return finder;
        }
    }

    /// The rows of one file, as values of the columns' types.
    private static final class Rows implements RecordCursor {
        private final CsvLines lines;
        private final Features features;
        private final int[] places;

        Rows(CsvLines lines, List<String> names, Features features) {
            this.lines = lines;
            this.features = features;
            this.places = names.stream().mapToInt(features::indexOf).toArray();
        }

        @Override
        public @Nullable Object @Nullable [] next() throws IOException {
            if (!lines.advance()) {
                return null;
            }
            List<String> fields = lines.fields();
            @Nullable Object[] values = new Object[features.size()];
            for (int i = 0; i < fields.size(); i++) {
                int at = places[i];
                try {
                    values[at] = CsvTypes.parse(fields.get(i), features.type(at));
                } catch (IllegalArgumentException e) {
                    throw Damage.because(
                            lines.file(),
                            lines.place() + ", column '" + features.name(at) + "'",
                            "%s is not %s, as the column's first values are"
                                    .formatted(Values.brief(fields.get(i)), features.type(at)),
                            "name the type: LoadOptions.type(\"%s\", ...), --type %s=string"
                                    .formatted(features.name(at), features.name(at)),
                            e);
                }
            }
            return values;
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
        public void close() throws IOException {
            lines.close();
        }
    }
}
