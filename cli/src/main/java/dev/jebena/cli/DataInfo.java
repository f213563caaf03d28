package dev.jebena.cli;

import dev.jebena.data.DataFile;
import dev.jebena.data.Dataset;
import dev.jebena.data.DatasetFiles;
import dev.jebena.data.Features;
import dev.jebena.data.LoadOptions;
import dev.jebena.data.Loading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What a data set consists of: splits, files, columns.
record DataInfo(
        String source,
        String format,
        List<String> configs,
        Map<String, Split> splits,
        Features features) {
    /// @param rows null where they are not known without reading them
    record Split(int files, long bytes, @Nullable Long rows) {}

    static DataInfo of(String source, LoadOptions options) {
        DatasetFiles files = Loading.files(source, options);
        Map<String, Split> splits = new LinkedHashMap<>();
        Features features = Features.none();
        for (Map.Entry<String, List<DataFile>> split : files.splits().entrySet()) {
            Dataset data = Dataset.load(source, options.split(split.getKey()));
            features = features.size() == 0 ? data.features() : features;
            OptionalLong rows = data.size();
            splits.put(
                    split.getKey(),
                    new Split(
                            split.getValue().size(),
                            split.getValue().stream().mapToLong(f -> Math.max(0, f.size())).sum(),
                            rows.isPresent() ? (Long) rows.getAsLong() : null));
        }
        return new DataInfo(source, files.format().toString(), files.configs(), splits, features);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("source", source);
        json.put("format", format);
        json.put("configs", configs);
        Map<String, Object> parts = new LinkedHashMap<>();
        splits.forEach((name, split) -> {
            Map<String, @Nullable Object> part = new LinkedHashMap<>();
            part.put("files", split.files());
            part.put("bytes", split.bytes());
            part.put("rows", split.rows());
            parts.put(name, part);
        });
        json.put("splits", parts);
        json.put("features", features.json());
        return json;
    }

    String text() {
        List<List<String>> parts = new ArrayList<>();
        parts.add(List.of("SPLIT", "FILES", "SIZE", "ROWS"));
        splits.forEach((name, split) -> {
            Long rows = split.rows();
            parts.add(
                    List.of(
                            name,
                            "%,d".formatted(split.files()),
                            Tables.bytes(split.bytes()),
                            rows == null ? "not known" : "%,d".formatted(rows)));
        });
        List<List<String>> columns = new ArrayList<>();
        columns.add(List.of("COLUMN", "TYPE"));
        for (int i = 0; i < features.size(); i++) {
            columns.add(List.of(features.name(i), features.type(i).toString()));
        }
        return "%s: %s%n%n%s%n%s".formatted(source, format, Tables.of(parts), Tables.of(columns));
    }
}
