package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import dev.jebena.base.SqlRow;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Versions of registered models. Numbers count up and are never used again.
final class ModelVersions {
    private static final List<String> STAGES = List.of("None", "Staging", "Production", "Archived");
    private static final FilterGrammar GRAMMAR =
            new FilterGrammar()
                    .type(
                            FilterClause.ATTRIBUTE,
                            FilterGrammar.Type.of(FilterGrammar.LISTS),
                            "attributes")
                    .type(FilterClause.TAG, FilterGrammar.Type.of(FilterGrammar.TEXTS), "tags")
                    .text("name", "run_id", "source_path")
                    .number("version_number")
                    .lists("name", "run_id")
                    .orderOnly("creation_timestamp", "last_updated_timestamp", "timestamp");
    private static final Map<String, String> COLUMNS =
            Map.of(
                    "name", "v.name",
                    "run_id", "v.run_id",
                    "source_path", "v.source",
                    "version_number", "v.version",
                    "creation_timestamp", "v.created",
                    "timestamp", "v.updated",
                    "last_updated_timestamp", "v.updated");
    private static final String SELECT =
            "SELECT v.name, v.version, v.created, v.updated, v.stage, v.description, v.source,"
                    + " v.run_id, v.status, v.run_link, v.user_id, v.model_id, v.storage_location"
                    + " FROM model_version v";

    private final SqlDatabase data;
    private final Clock clock;

    ModelVersions(SqlDatabase data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    static long number(String version) {
        if (!version.matches("[1-9]\\d{0,17}")) {
            throw MlflowError.invalid(
                    "Parameter 'version' must be an integer, got '" + version + "'.");
        }
        return Long.parseLong(version);
    }

    static void check(SqlConnection sql, String name, long version) {
        long there =
                sql.number(
                        "SELECT count(*) FROM model_version WHERE name = ? AND version = ?",
                        name,
                        version);
        if (there == 0) {
            throw missing(name, version);
        }
    }

    private static RuntimeException missing(String name, long version) {
        return MlflowError.missing(
                "Model Version (name=" + name + ", version=" + version + ") not found");
    }

    Map<String, @Nullable Object> create(RequestFields f) {
        String name = f.required("name");
        String source = f.required("source");
        Checks.modelName(name);
        Map<String, String> tags = f.pairs("tags");
        Checks.registryTags(tags);
        return data.write(sql -> {
            RegisteredModels.check(sql, name);
            long version =
                    sql.number("SELECT next_version FROM registered_model WHERE name = ?", name);
            long now = clock.millis();
            sql.update(
                    "UPDATE registered_model SET next_version = ?, updated = ?" + " WHERE name = ?",
                    version + 1,
                    now,
                    name);
            sql.update(
                    "INSERT INTO model_version (name, version, created, updated,"
                            + " description, stage, source, storage_location, run_id,"
                            + " run_link, model_id, status) VALUES (?, ?, ?, ?, ?, 'None', ?,"
                            + " ?, ?, ?, ?, 'READY')",
                    name,
                    version,
                    now,
                    now,
                    f.textOrNull("description"),
                    source,
                    storage(sql, source),
                    f.textOrNull("run_id"),
                    f.text("run_link"),
                    f.textOrNull("model_id"));
            tags.forEach((key, value) -> putTag(sql, name, version, key, value));
            return get(sql, name, version);
        });
    }

    /// Where the files of a `models:/NAME/VERSION` or `models:/m-…` source lie.
    private static String storage(SqlConnection sql, String source) {
        if (!source.startsWith("models:/")) {
            return source;
        }
        String[] parts = source.substring("models:/".length()).split("/");
        Optional<String> found =
                parts.length == 1
                        ? sql.first(
                                "SELECT artifact_uri FROM logged_model WHERE id = ?",
                                row -> row.text(1),
                                parts[0])
                        : sql.first(
                                "SELECT coalesce(storage_location, source) FROM model_version"
                                        + " WHERE name = ? AND version = ?",
                                row -> row.text(1),
                                parts[0],
                                parts[1].matches("\\d{1,18}") ? Long.parseLong(parts[1]) : -1L);
        return found.orElse(source);
    }

    private static void putTag(
            SqlConnection sql, String name, long version, String key, String value) {
        sql.update(
                "INSERT INTO model_version_tag (name, version, key, value) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (name, version, key) DO UPDATE SET value = excluded.value",
                name,
                version,
                key,
                value);
    }

    Map<String, @Nullable Object> get(String name, String version) {
        long number = number(version);
        return data.read(sql -> get(sql, name, number));
    }

    private static Map<String, @Nullable Object> get(SqlConnection sql, String name, long version) {
        return sql.first(
                        SELECT + " WHERE v.name = ? AND v.version = ?",
                        ModelVersions::row,
                        name,
                        version)
                .map(v -> whole(sql, v))
                .orElseThrow(() -> missing(name, version));
    }

    private static Map<String, @Nullable Object> row(SqlRow row) {
        String description = row.textOrNull(6);
        Map<String, @Nullable Object> version =
                HttpJson.object(
                        "name", row.text(1),
                        "version", Long.toString(row.number(2)),
                        "creation_timestamp", row.number(3),
                        "last_updated_timestamp", row.number(4),
                        "current_stage", row.text(5),
                        "description", description == null ? "" : description);
        Datasets.putIfThere(version, "source", row.textOrNull(7));
        Datasets.putIfThere(version, "run_id", row.textOrNull(8));
        version.put("status", row.text(9));
        Datasets.putIfThere(version, "run_link", row.textOrNull(10));
        Datasets.putIfThere(version, "user_id", row.textOrNull(11));
        Datasets.putIfThere(version, "model_id", row.textOrNull(12));
        return version;
    }

    private static Map<String, @Nullable Object> whole(
            SqlConnection sql, Map<String, @Nullable Object> version) {
        Object name = Objects.requireNonNull(version.get("name"));
        long number = Long.parseLong(String.valueOf(version.get("version")));
        List<Map<String, @Nullable Object>> tags =
                sql.list(
                        "SELECT key, value FROM model_version_tag WHERE name = ? AND version = ?",
                        row -> Run.pair(row.text(1), row.text(2)),
                        name,
                        number);
        if (!tags.isEmpty()) {
            version.put("tags", tags);
        }
        List<String> aliases =
                sql.list(
                        "SELECT alias FROM registered_model_alias WHERE name = ? AND version = ?",
                        row -> row.text(1),
                        name,
                        number);
        if (!aliases.isEmpty()) {
            version.put("aliases", aliases);
        }
        return version;
    }

    Map<String, @Nullable Object> byAlias(String name, String alias) {
        return data.read(sql -> {
            RegisteredModels.check(sql, name);
            if (alias.toLowerCase(Locale.ROOT).equals("latest")) {
                return sql.first(
                                SELECT + " WHERE v.name = ? ORDER BY v.version DESC LIMIT 1",
                                ModelVersions::row,
                                name)
                        .map(v -> whole(sql, v))
                        .orElseThrow(() -> noAlias(alias));
            }
            long version =
                    sql.first(
                                    "SELECT version FROM registered_model_alias"
                                            + " WHERE name = ? AND alias = ?",
                                    row -> row.number(1),
                                    name,
                                    alias)
                            .orElseThrow(() -> noAlias(alias));
            return get(sql, name, version);
        });
    }

    private static RuntimeException noAlias(String alias) {
        return MlflowError.invalid("Registered model alias " + alias + " not found.");
    }

    /// The newest version of each stage.
    ///
    /// @param stages empty for all
    static List<Map<String, @Nullable Object>> latest(
            SqlConnection sql, String name, List<String> stages) {
        List<String> wanted = stages.stream().map(ModelVersions::stage).toList();
        List<Map<String, @Nullable Object>> found =
                sql.list(
                        SELECT
                                + " WHERE v.name = ? AND v.version = (SELECT max(w.version)"
                                + " FROM model_version w WHERE w.name = v.name AND w.stage = v.stage)"
                                + " ORDER BY v.version",
                        ModelVersions::row,
                        name);
        return found.stream()
                .filter(v -> wanted.isEmpty() || wanted.contains(v.get("current_stage")))
                .map(v -> whole(sql, v))
                .toList();
    }

    List<Map<String, @Nullable Object>> latest(String name, List<String> stages) {
        return data.read(sql -> {
            RegisteredModels.check(sql, name);
            return latest(sql, name, stages);
        });
    }

    /// The stage as MLflow writes it; throws INVALID_PARAMETER_VALUE when there is none such.
    static String stage(String stage) {
        return STAGES.stream()
                .filter(s -> s.equalsIgnoreCase(stage))
                .findFirst()
                .orElseThrow(() ->
                        MlflowError.invalid(
                                "Invalid Model Version stage: "
                                        + stage
                                        + ". Value must be one of "
                                        + String.join(", ", STAGES)
                                        + "."));
    }

    Map<String, @Nullable Object> describe(String name, String version, String description) {
        long number = number(version);
        return data.write(sql -> {
            check(sql, name, number);
            sql.update(
                    "UPDATE model_version SET description = ?, updated = ?"
                            + " WHERE name = ? AND version = ?",
                    description,
                    clock.millis(),
                    name,
                    number);
            return get(sql, name, number);
        });
    }

    /// @param archive whether other versions of the stage become Archived
    Map<String, @Nullable Object> move(String name, String version, String stage, boolean archive) {
        long number = number(version);
        String to = stage(stage);
        if (archive && !to.equals("Staging") && !to.equals("Production")) {
            throw MlflowError.invalid(
                    "Model version transition cannot archive existing model versions because '"
                            + stage
                            + "' is not an Active stage. Valid stages are Staging, Production");
        }
        return data.write(sql -> {
            check(sql, name, number);
            long now = clock.millis();
            if (archive) {
                sql.update(
                        "UPDATE model_version SET stage = 'Archived', updated = ?"
                                + " WHERE name = ? AND version <> ? AND stage = ?",
                        now,
                        name,
                        number,
                        to);
            }
            sql.update(
                    "UPDATE model_version SET stage = ?, updated = ?"
                            + " WHERE name = ? AND version = ?",
                    to,
                    now,
                    name,
                    number);
            RegisteredModels.touch(sql, name, now);
            return get(sql, name, number);
        });
    }

    void delete(String name, String version) {
        long number = number(version);
        data.write(sql -> {
            check(sql, name, number);
            for (String table :
                    List.of("model_version_tag", "registered_model_alias", "model_version")) {
                sql.update(
                        "DELETE FROM " + table + " WHERE name = ? AND version = ?", name, number);
            }
            RegisteredModels.touch(sql, name, clock.millis());
            return true;
        });
    }

    void setTag(String name, String version, String key, String value) {
        Checks.registryTags(Map.of(key, value));
        long number = number(version);
        data.write(sql -> {
            check(sql, name, number);
            putTag(sql, name, number, key, value);
            return true;
        });
    }

    void deleteTag(String name, String version, String key) {
        long number = number(version);
        data.write(sql -> {
            check(sql, name, number);
            return sql.update(
                    "DELETE FROM model_version_tag" + " WHERE name = ? AND version = ? AND key = ?",
                    name,
                    number,
                    key);
        });
    }

    String downloadUri(String name, String version) {
        long number = number(version);
        return data.read(sql ->
                sql.first(
                                "SELECT coalesce(storage_location, source)"
                                        + " FROM model_version WHERE name = ? AND version = ?",
                                row -> row.text(1),
                                name,
                                number)
                        .orElseThrow(() -> missing(name, number)));
    }

    /// One page of versions.
    Map<String, @Nullable Object> search(RequestFields f) {
        long most = f.number("max_results", 1, 200_000, 10_000);
        PageToken page = PageToken.parse(f.text("page_token"));
        SqlText query = new SqlText(data.dialect()).add(SELECT + " WHERE 1 = 1");
        for (FilterClause clause : FilterParser.parse(GRAMMAR, f.textOrNull("filter"))) {
            query.add(" AND ");
            if (clause.is(FilterClause.ATTRIBUTE)) {
                query.compare(Objects.requireNonNull(COLUMNS.get(clause.key())), clause);
            } else {
                query.add(
                                "EXISTS (SELECT 1 FROM model_version_tag t WHERE t.name = v.name"
                                        + " AND t.version = v.version AND t.key = ? AND ",
                                clause.key())
                        .compare("t.value", clause)
                        .add(")");
            }
        }
        query.add(" ORDER BY ");
        for (OrderClause order : OrderClause.parse(GRAMMAR, f.texts("order_by"))) {
            if (!order.key().is(FilterClause.ATTRIBUTE)) {
                throw MlflowError.invalid("Invalid order_by entity: " + order.key().type());
            }
            query.add(
                    Objects.requireNonNull(COLUMNS.get(order.key().key()))
                            + order.direction()
                            + ", ");
        }
        query.add(
                "v.updated DESC, v.name, v.version DESC LIMIT ? OFFSET ?", most + 1, page.offset());
        return data.read(sql ->
                page.json(
                        "model_versions",
                        new ArrayList<>(sql.list(query.text(), ModelVersions::row, query.values())),
                        most,
                        v -> whole(sql, v)));
    }
}
