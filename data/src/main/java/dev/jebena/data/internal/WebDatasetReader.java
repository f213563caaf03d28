package dev.jebena.data.internal;

import dev.jebena.data.DataFile;
import dev.jebena.data.DataLimits;
import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.Features;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// WebDataset archives: members with one name up to the first dot are a row, the rest of the name
/// is the column. Beside them the columns `__key__` and `__url__`, as Hugging Face has them.
public record WebDatasetReader(DataLimits limits) implements FormatReader {
    private static final int SAMPLE = 5;
    private static final int MAX_MEMBERS = 1_000;
    private static final Set<String> TEXTS = Set.of("txt", "text", "transcript", "html", "md");
    private static final Set<String> NUMBERS =
            Set.of("cls", "cls2", "class", "count", "index", "inx", "id");
    private static final Set<String> IMAGES =
            Set.of("jpg", "jpeg", "png", "gif", "bmp", "webp", "tif", "tiff", "ppm", "pgm");
    private static final Set<String> SOUNDS = Set.of("wav", "mp3", "flac", "ogg", "opus", "m4a");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Override
    public Features features(List<DataFile> files) throws IOException {
        DataFile file = files.getFirst();
        Features features = Features.none();
        try (Members members = new Members(file)) {
            for (int i = 0; i < SAMPLE; i++) {
                Map<String, @Nullable Object> row = members.row();
                if (row == null) {
                    break;
                }
                for (Map.Entry<String, @Nullable Object> entry : row.entrySet()) {
                    FeatureType type = type(entry.getKey(), entry.getValue());
                    int at = features.indexOf(entry.getKey());
                    FeatureType both = at < 0 ? type : FeatureType.widest(features.type(at), type);
                    if (both == null) {
                        throw Damage.at(
                                file.name(),
                                "row " + i,
                                "'%s' is %s, before it was %s"
                                        .formatted(entry.getKey(), type, features.type(at)));
                    }
                    features = features.with(entry.getKey(), both);
                }
            }
        }
        return last(last(features, "__key__"), "__url__");
    }

    private static Features last(Features features, String name) {
        return features.indexOf(name) < 0
                ? features
                : features.select(features.names().stream().filter(n -> !n.equals(name)).toList())
                        .with(name, Value.STRING);
    }

    private static FeatureType type(String column, @Nullable Object value) {
        String ending = ending(column);
        return IMAGES.contains(ending)
                ? FeatureType.IMAGE
                : SOUNDS.contains(ending) ? FeatureType.AUDIO : FeatureType.of(value);
    }

    private static String ending(String column) {
        return column.substring(column.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    @Override
    public RecordCursor open(DataFile file, Features features) throws IOException {
        Members members = new Members(file);
        return new RecordCursor() {
            private long row;

            @Override
            public @Nullable Object @Nullable [] next() throws IOException {
                Map<String, @Nullable Object> found = members.row();
                if (found == null) {
                    return null;
                }
                row++;
                @Nullable Object[] values = new Object[features.size()];
                for (Map.Entry<String, @Nullable Object> entry : found.entrySet()) {
                    int at = features.indexOf(entry.getKey());
                    if (at < 0) {
                        throw Damage.at(
                                file.name(),
                                "row %d (%s)".formatted(row, found.get("__key__")),
                                "a member '.%s' that the first rows do not have"
                                        .formatted(entry.getKey()),
                                "columns: " + features.names());
                    }
                    values[at] = value(entry, features.type(at), found);
                }
                return values;
            }

            private @Nullable Object value(
                    Map.Entry<String, @Nullable Object> entry,
                    FeatureType type,
                    Map<String, @Nullable Object> found) {
                try {
                    return Values.as(entry.getValue(), type);
                } catch (IllegalArgumentException e) {
                    throw Damage.because(
                            file.name(),
                            "row %d (%s.%s)".formatted(row, found.get("__key__"), entry.getKey()),
                            String.valueOf(e.getMessage()),
                            "name the type: LoadOptions.type, --type NAME=TYPE",
                            e);
                }
            }

            @Override
            public void close() throws IOException {
                members.close();
            }
        };
    }

    /// The members of one archive, grouped into rows. Their names are only names: nothing is
    /// written anywhere.
    private final class Members implements AutoCloseable {
        private final DataFile file;
        private final TarArchiveInputStream tar;
        private Map<String, @Nullable Object> pending = new LinkedHashMap<>();
        private String key = "";
        private boolean ended;

        Members(DataFile file) throws IOException {
            this.file = file;
            boolean tgz = file.name().toLowerCase(Locale.ROOT).endsWith(".tgz");
            InputStream in = Compression.open(file, limits);
            InputStream plain =
                    tgz
                            ? Compression.limited(
                                    new GZIPInputStream(new BufferedInputStream(in), 1 << 16),
                                    file.name(),
                                    limits)
                            : in;
            this.tar = new TarArchiveInputStream(plain, "UTF-8");
        }

        /// The next row; null behind the last.
        @Nullable Map<String, @Nullable Object> row() throws IOException {
            while (!ended) {
                TarArchiveEntry entry = nextEntry();
                if (entry == null) {
                    ended = true;
                    break;
                }
                String name = entry.getName();
                int slash = name.lastIndexOf('/');
                int dot = name.indexOf('.', slash + 1);
                if (!entry.isFile() || dot <= slash + 1) {
                    continue;
                }
                Map<String, @Nullable Object> done = null;
                String group = name.substring(0, dot);
                if (!pending.isEmpty() && !group.equals(key)) {
                    done = finish();
                }
                key = group;
                add(name, name.substring(dot + 1).toLowerCase(Locale.ROOT), entry);
                if (done != null) {
                    return done;
                }
            }
            return pending.isEmpty() ? null : finish();
        }

        private Map<String, @Nullable Object> finish() {
            Map<String, @Nullable Object> done = pending;
            done.put("__key__", key);
            done.put("__url__", file.name());
            pending = new LinkedHashMap<>();
            return done;
        }

        private @Nullable TarArchiveEntry nextEntry() throws IOException {
            try {
                return tar.getNextEntry();
            } catch (IOException | RuntimeException e) {
                throw Damage.because(
                        file.name(),
                        key.isEmpty() ? "" : "behind " + key,
                        "not a valid tar archive: " + e.getMessage(),
                        "is it whole? tar -tf FILE shows how far it can be read",
                        e);
            }
        }

        private void add(String name, String column, TarArchiveEntry entry) throws IOException {
            if (pending.containsKey(column) || pending.size() > MAX_MEMBERS) {
                throw Damage.at(
                        file.name(),
                        name,
                        pending.size() > MAX_MEMBERS
                                ? "more than %,d members in one row".formatted(MAX_MEMBERS)
                                : "the row has this member already",
                        "members of a row must stand together");
            }
            if (entry.getSize() > limits.recordBytes() || entry.isSparse()) {
                throw Damage.tooLarge(
                        file.name(),
                        name,
                        "a member of %,d bytes".formatted(entry.getSize()),
                        limits.recordBytes());
            }
            byte[] bytes = tar.readNBytes((int) entry.getSize());
            if (bytes.length < entry.getSize()) {
                throw Damage.at(
                        file.name(),
                        name,
                        "the archive ends %,d bytes into %,d"
                                .formatted(bytes.length, entry.getSize()),
                        "is it whole? fetch it anew");
            }
            pending.put(column, decode(name, ending(column), bytes));
        }

        private @Nullable Object decode(String name, String ending, byte[] bytes) {
            if (TEXTS.contains(ending)) {
                return new String(bytes, StandardCharsets.UTF_8);
            }
            if (NUMBERS.contains(ending)) {
                String digits = new String(bytes, StandardCharsets.UTF_8).strip();
                try {
                    return Long.parseLong(digits);
                } catch (NumberFormatException e) {
                    throw Damage.because(
                            file.name(), name, Values.brief(digits) + " is no number", null, e);
                }
            }
            if (ending.equals("json")) {
                try {
                    return Values.plain(JSON.readValue(bytes, Object.class));
                } catch (JacksonException e) {
                    throw Damage.because(
                            file.name(),
                            name,
                            "not valid JSON: " + e.getOriginalMessage(),
                            null,
                            e);
                }
            }
            return bytes;
        }

        @Override
        public void close() throws IOException {
            tar.close();
        }
    }
}
