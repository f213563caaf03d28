package dev.jebena.data.internal;

import dev.jebena.data.DataFile;
import dev.jebena.data.DataLimits;
import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.Features;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON lines, and JSON files that are one list of objects (or have one in a field). The first rows
/// tell the columns and their types.
///
/// @param field where the list is in a JSON file; empty: the file is the list, or JSON lines
public record JsonReader(String field, DataLimits limits) implements FormatReader {
    @Override
    public Features features(List<DataFile> files) throws IOException {
        FeatureType all = new FeatureType.Struct(Features.none());
        DataFile file = files.getFirst();
        try (JsonObjects objects = JsonObjects.open(file, field, limits)) {
            for (int i = 0; i < limits.sampleRows(); i++) {
                Map<String, @Nullable Object> object = objects.next();
                if (object == null) {
                    break;
                }
                all = widest(all, object, file.name(), objects.place());
            }
        }
        return ((FeatureType.Struct) all).fields();
    }

    private static FeatureType widest(
            FeatureType all, Map<String, @Nullable Object> object, String file, String place) {
        for (Map.Entry<String, @Nullable Object> entry : object.entrySet()) {
            Features known = ((FeatureType.Struct) all).fields();
            int at = known.indexOf(entry.getKey());
            FeatureType type;
            try {
                type = FeatureType.of(entry.getValue());
            } catch (IllegalArgumentException e) {
                throw Damage.because(file, place, e.getMessage() + "", null, e);
            }
            FeatureType both = at < 0 ? type : FeatureType.widest(known.type(at), type);
            if (both == null) {
                throw Damage.at(
                        file,
                        place,
                        "'%s' is %s here and %s before"
                                .formatted(entry.getKey(), type, known.type(at)),
                        "make it one type in all rows");
            }
            if (at < 0 || !both.equals(known.type(at))) {
                all = new FeatureType.Struct(known.with(entry.getKey(), both));
            }
        }
        return all;
    }

    @Override
    public RecordCursor open(DataFile file, Features features) throws IOException {
        return new Rows(JsonObjects.open(file, field, limits), file.name(), features);
    }

    @Override
    public RecordCursor openAt(DataFile file, Features features, long offset, long row)
            throws IOException {
        if (JsonObjects.listBegin(file, field, limits) >= 0) {
            return new Rows(JsonObjects.listAt(file, limits, offset, row), file.name(), features);
        }
        LineReader lines =
                new LineReader(file.open(offset), file.name(), limits.recordBytes(), offset, row);
        return new Rows(JsonObjects.lines(lines, limits, true), file.name(), features);
    }

    @Override
    public @Nullable RowFinder finder(DataFile file, long offset) throws IOException {
        if (Compression.of(file.name()) != Compression.NONE) {
            return null;
        }
        long begin = JsonObjects.listBegin(file, field, limits);
        if (begin >= 0) {
            long from = Math.max(begin, offset);
            return new JsonListFinder(file.open(from), from);
        }
        return begin == JsonObjects.LINES
                ? LineReader.finder(
                        new LineReader(
                                file.open(offset), file.name(), limits.recordBytes(), offset, 0),
                        false)
                : null;
    }

    /// The rows of one file.
    private static final class Rows implements RecordCursor {
        private final JsonObjects objects;
        private final String file;
        private final Features features;

        Rows(JsonObjects objects, String file, Features features) {
            this.objects = objects;
            this.file = file;
            this.features = features;
        }

        @Override
        public @Nullable Object @Nullable [] next() throws IOException {
            Map<String, @Nullable Object> object = objects.next();
            if (object == null) {
                return null;
            }
            @Nullable Object[] values = new Object[features.size()];
            for (Map.Entry<String, @Nullable Object> entry : object.entrySet()) {
                int at = features.indexOf(entry.getKey());
                if (at < 0) {
                    throw unknown(entry.getKey());
                }
                try {
                    values[at] = Values.as(entry.getValue(), features.type(at));
                } catch (IllegalArgumentException e) {
                    throw Damage.because(
                            file,
                            objects.place() + ", '" + entry.getKey() + "'",
                            String.valueOf(e.getMessage()),
                            "name the type: LoadOptions.type, --type NAME=TYPE",
                            e);
                }
            }
            return values;
        }

        private RuntimeException unknown(String name) {
            return Damage.at(
                    file,
                    objects.place(),
                    "a column '%s' that the first rows do not have".formatted(name),
                    "name its type: LoadOptions.type(\"%s\", ...), --type %s=string"
                            .formatted(name, name));
        }

        @Override
        public long skip(long count) throws IOException {
            return objects.skip(count);
        }

        @Override
        public long offset() {
            return objects.offset();
        }

        @Override
        public void close() throws IOException {
            objects.close();
        }
    }

    /// Types that no value told are texts, as a column of nulls has to be something.
    static Features named(Features features) {
        List<FeatureType> types = new ArrayList<>(features.types());
        types.replaceAll(type -> type.equals(Value.NULL) ? Value.STRING : type);
        return Features.of(features.names(), types);
    }
}
