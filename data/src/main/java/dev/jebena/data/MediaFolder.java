package dev.jebena.data;

import dev.jebena.base.Problem;
import dev.jebena.data.FeatureType.ClassLabel;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.internal.Damage;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Pictures or sounds of a folder, one a row. A table `metadata.csv`, `.jsonl` or `.parquet` beside
/// them, with the column `file_name`, gives further columns; without one, folders' names are the
/// labels, as Hugging Face's `imagefolder` and `audiofolder` have it.
record MediaFolder(
        Features features, List<DataFile> files, List<@Nullable Object[]> values, DataLimits limits)
        implements Dataset {
    private static final Set<String> METADATA =
            Set.of("metadata.csv", "metadata.jsonl", "metadata.parquet");

    static boolean isMetadata(String name) {
        return METADATA.contains(name.substring(name.lastIndexOf('/') + 1));
    }

    static List<DataFile> metadata(List<DataFile> files) {
        return files.stream().filter(f -> isMetadata(f.name())).toList();
    }

    static Dataset open(
            Format format, List<DataFile> files, List<DataFile> metadata, DataLimits limits) {
        String column = format == Format.IMAGES ? "image" : "audio";
        FeatureType media = format == Format.IMAGES ? FeatureType.IMAGE : FeatureType.AUDIO;
        Features features = Features.of(column, media);
        return metadata.isEmpty()
                ? labelled(features, files, limits)
                : described(features, files, metadata, limits);
    }

    /// Labels only where they tell something: more than one folder.
    private static Dataset labelled(Features features, List<DataFile> files, DataLimits limits) {
        TreeSet<String> names = new TreeSet<>();
        files.forEach(file -> names.add(folder(file)));
        if (names.size() < 2 || names.contains("")) {
            List<@Nullable Object[]> none =
                    files.stream().map(_ -> new @Nullable Object[0]).toList();
            return new MediaFolder(features, files, none, limits);
        }
        List<String> labels = List.copyOf(names);
        List<@Nullable Object[]> values = new ArrayList<>();
        for (DataFile file : files) {
            values.add(new @Nullable Object[] {(long) labels.indexOf(folder(file))});
        }
        return new MediaFolder(
                features.with("label", new ClassLabel(labels)), files, values, limits);
    }

    /// The name of the folder that a file is in.
    private static String folder(DataFile file) {
        String[] parts = file.name().split("/");
        return parts.length < 2 ? "" : parts[parts.length - 2];
    }

    private static Dataset described(
            Features media, List<DataFile> files, List<DataFile> metadata, DataLimits limits) {
        Map<String, DataFile> byName = new LinkedHashMap<>();
        files.forEach(file -> byName.put(file.name(), file));
        Features features = media;
        List<DataFile> chosen = new ArrayList<>();
        List<@Nullable Object[]> values = new ArrayList<>();
        for (DataFile table : metadata) {
            Dataset rows = table(table, limits);
            List<String> columns = new ArrayList<>(rows.features().names());
            String key = columns.contains("file_name") ? "file_name" : "file_path";
            if (!columns.remove(key)) {
                throw Damage.at(
                        table.name(), "", "it has no column file_name", "columns: " + columns);
            }
            Features own = media;
            for (String column : columns) {
                own = own.with(column, rows.features().type(column));
            }
            if (features.size() > 1 && !own.equals(features)) {
                throw Damage.at(
                        table.name(),
                        "",
                        "its columns differ from those of another one: " + columns);
            }
            features = own;
            String base = table.name().substring(0, table.name().lastIndexOf('/') + 1);
            for (Row row : rows) {
                DataFile file = byName.get(base + row.text(key));
                if (file != null) {
                    chosen.add(file);
                    values.add(columns.stream().map(row::get).toArray());
                }
            }
        }
        if (chosen.isEmpty()) {
            throw Damage.at(
                    metadata.getFirst().name(),
                    "",
                    "none of the files that it names is there",
                    "file_name is relative to the table's own folder");
        }
        return new MediaFolder(features, chosen, values, limits);
    }

    private static Dataset table(DataFile table, DataLimits limits) {
        LoadOptions options = LoadOptions.defaults().limits(limits).type("file_name", Value.STRING);
        Format format = Format.of(table.name());
        var reader = (format == null ? Format.CSV : format).reader(options);
        try {
            return new FileDataset(List.of(table), reader, reader.features(List.of(table)));
        } catch (IOException e) {
            throw Problem.storage("cannot read " + table.name(), e);
        }
    }

    @Override
    public RowCursor open(@Nullable DatasetState state) {
        return new IndexedCursor(this, state);
    }

    @Override
    public OptionalLong size() {
        return OptionalLong.of(files.size());
    }

    @Override
    public boolean isIndexed() {
        return true;
    }

    @Override
    public Row row(long number) {
        int at = Math.toIntExact(number);
        DataFile file = files.get(at);
        @Nullable Object[] row = new Object[features.size()];
        Map<String, @Nullable Object> media = new LinkedHashMap<>();
        media.put("bytes", bytes(file));
        media.put("path", file.name());
        row[0] = media;
        System.arraycopy(values.get(at), 0, row, 1, row.length - 1);
        return Row.of(features, row);
    }

    private byte[] bytes(DataFile file) {
        if (file.size() > limits.recordBytes()) {
            throw Damage.tooLarge(
                    file.name(), "", "%,d bytes".formatted(file.size()), limits.recordBytes());
        }
        try (InputStream in = file.open(0)) {
            return in.readNBytes(limits.recordBytes());
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file.name(), e);
        }
    }
}
