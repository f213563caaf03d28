package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlRow;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Data sets that runs have read, once in each experiment, and the links between both.
final class Datasets {
    private static final int MOST = 1000;

    private Datasets() {}

    /// The columns name, digest, source_type, source, schema and profile from `first` on.
    static Map<String, @Nullable Object> json(SqlRow row, int first) {
        Map<String, @Nullable Object> json =
                HttpJson.object(
                        "name", row.text(first),
                        "digest", row.text(first + 1),
                        "source_type", row.text(first + 2),
                        "source", row.text(first + 3));
        putIfThere(json, "schema", row.textOrNull(first + 4));
        putIfThere(json, "profile", row.textOrNull(first + 5));
        return json;
    }

    static void putIfThere(
            Map<String, @Nullable Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    static void check(List<RequestFields> inputs) {
        Checks.batch("datasets", MOST, inputs.size());
        for (RequestFields input : inputs) {
            RequestFields dataset = input.requiredObject("dataset");
            Checks.length("name", dataset.required("name"), 500);
            Checks.length("digest", dataset.required("digest"), 36);
            dataset.required("source_type");
            Checks.length("source", dataset.required("source"), 65_535);
            Checks.length("schema", dataset.textOrNull("schema"), 1_048_575);
            Checks.length("profile", dataset.textOrNull("profile"), 16_777_215);
            for (Map.Entry<String, String> tag : input.pairs("tags").entrySet()) {
                Checks.length("key", tag.getKey(), 255);
                Checks.length("value", tag.getValue(), 500);
            }
        }
    }

    static void log(SqlConnection sql, RunRow run, List<RequestFields> inputs) {
        long place = sql.number("SELECT count(*) FROM dataset_input WHERE run = ?", run.id());
        for (RequestFields input : inputs) {
            long dataset = stored(sql, run.experiment(), input.requiredObject("dataset"));
            sql.update(
                    "INSERT INTO dataset_input (run, dataset, place) VALUES (?, ?, ?)"
                            + " ON CONFLICT DO NOTHING",
                    run.id(),
                    dataset,
                    place++);
            input.pairs("tags")
                    .forEach((key, value) ->
                            sql.update(
                                    "INSERT INTO dataset_input_tag (run, dataset, key,"
                                            + " value) VALUES (?, ?, ?, ?) ON CONFLICT"
                                            + " (run, dataset, key) DO UPDATE SET"
                                            + " value = excluded.value",
                                    run.id(),
                                    dataset,
                                    key,
                                    value));
        }
    }

    private static long stored(SqlConnection sql, long experiment, RequestFields dataset) {
        sql.update(
                "INSERT INTO dataset (experiment, name, digest, source_type, source, schema,"
                        + " profile) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                experiment,
                dataset.required("name"),
                dataset.required("digest"),
                dataset.required("source_type"),
                dataset.required("source"),
                dataset.textOrNull("schema"),
                dataset.textOrNull("profile"));
        return sql.number(
                "SELECT id FROM dataset WHERE experiment = ? AND name = ? AND digest = ?",
                experiment,
                dataset.required("name"),
                dataset.required("digest"));
    }
}
