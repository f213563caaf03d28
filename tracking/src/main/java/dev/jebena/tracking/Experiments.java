package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import dev.jebena.base.SqlRow;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Experiments: names under which runs are kept.
final class Experiments {
    static final FilterGrammar GRAMMAR =
            new FilterGrammar()
                    .type(
                            FilterClause.ATTRIBUTE,
                            FilterGrammar.Type.of(FilterGrammar.LISTS),
                            "attr",
                            "attributes")
                    .type(FilterClause.TAG, FilterGrammar.Type.of(FilterGrammar.NULLS), "tags")
                    .text("name", "experiment_id")
                    .number("creation_time", "last_update_time")
                    .lists("experiment_id");

    private static final Map<String, String> COLUMNS =
            Map.of(
                    "name", "e.name",
                    "experiment_id", "e.id",
                    "creation_time", "e.created",
                    "last_update_time", "e.updated");
    private static final String SELECT =
            "SELECT e.id, e.name, e.artifact_location, e.lifecycle, e.created, e.updated"
                    + " FROM experiment e";

    private final SqlDatabase data;
    private final Clock clock;

    Experiments(SqlDatabase data, Clock clock) {
        this.data = data;
        this.clock = clock;
        data.write(sql ->
                sql.update(
                        "INSERT INTO experiment (id, name, artifact_location, lifecycle,"
                                + " created, updated) VALUES (0, 'Default',"
                                + " 'mlflow-artifacts:/0', 'active', ?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        clock.millis(),
                        clock.millis()));
    }

    /// A new experiment's id.
    ///
    /// @param location where artifacts go; empty for this server's store
    long create(String name, String location, Map<String, String> tags) {
        checkName(name);
        tags.forEach(Experiments::checkTag);
        if (location.contains("#") || location.contains("..")) {
            throw MlflowError.invalid(
                    "'artifact_location' URL can't include fragments or '..', got " + location);
        }
        return data.write(sql -> {
            checkFree(sql, name);
            long now = clock.millis();
            long id =
                    sql.insert(
                            "INSERT INTO experiment (name, artifact_location, lifecycle,"
                                    + " created, updated) VALUES (?, ?, 'active', ?, ?)",
                            name,
                            location,
                            now,
                            now);
            if (location.isEmpty()) {
                sql.update(
                        "UPDATE experiment SET artifact_location = ? WHERE id = ?",
                        "mlflow-artifacts:/" + id,
                        id);
            }
            tags.forEach((key, value) -> putTag(sql, id, key, value));
            return id;
        });
    }

    private static void checkName(String name) {
        if (name.isEmpty()) {
            throw MlflowError.invalid("Invalid experiment name: ''");
        }
        Checks.length("name", name, 500);
    }

    private static void checkTag(String key, String value) {
        Checks.key("key", key);
        Checks.length("value", value, 20_000);
    }

    private static void checkFree(SqlConnection sql, String name) {
        sql.first("SELECT lifecycle FROM experiment WHERE name = ?", row -> row.text(1), name)
                .ifPresent(stage -> {
                    throw MlflowError.exists(
                            "Experiment(name="
                                    + name
                                    + ") already exists."
                                    + (stage.equals("deleted")
                                            ? " It is deleted; restore or permanently"
                                                    + " delete it to use the name again."
                                            : ""));
                });
    }

    private static void putTag(SqlConnection sql, long id, String key, String value) {
        sql.update(
                "INSERT INTO experiment_tag (experiment, key, value) VALUES (?, ?, ?)"
                        + " ON CONFLICT (experiment, key) DO UPDATE SET value = excluded.value",
                id,
                key,
                value);
    }

    Map<String, @Nullable Object> get(String id) {
        return data.read(sql ->
                sql.first(SELECT + " WHERE e.id = ?", row -> row(row), Checks.experimentId(id))
                        .map(e -> withTags(sql, e))
                        .orElseThrow(() -> missing(id)));
    }

    private static RuntimeException missing(String id) {
        return MlflowError.missing("No Experiment with id=" + id + " exists");
    }

    Map<String, @Nullable Object> byName(String name) {
        return data.read(sql ->
                sql.first(SELECT + " WHERE e.name = ?", row -> row(row), name)
                        .map(e -> withTags(sql, e))
                        .orElseThrow(() ->
                                MlflowError.missing(
                                        "Could not find experiment with name '" + name + "'")));
    }

    private static Map<String, @Nullable Object> row(SqlRow row) {
        return HttpJson.object(
                "experiment_id", Long.toString(row.number(1)),
                "name", row.text(2),
                "artifact_location", row.text(3),
                "lifecycle_stage", row.text(4),
                "last_update_time", row.number(6),
                "creation_time", row.number(5));
    }

    private static Map<String, @Nullable Object> withTags(
            SqlConnection sql, Map<String, @Nullable Object> experiment) {
        List<Map<String, @Nullable Object>> tags =
                sql.list(
                        "SELECT key, value FROM experiment_tag WHERE experiment = ?",
                        row -> Run.pair(row.text(1), row.text(2)),
                        Long.valueOf(String.valueOf(experiment.get("experiment_id"))));
        if (!tags.isEmpty()) {
            experiment.put("tags", tags);
        }
        return experiment;
    }

    /// The experiment's state and where its artifacts go. Throws when there is none.
    record Place(long id, String lifecycle, String artifactLocation) {
        static Place of(SqlConnection sql, String id) {
            return sql.first(
                            "SELECT id, lifecycle, artifact_location FROM experiment WHERE id = ?",
                            row -> new Place(row.number(1), row.text(2), row.text(3)),
                            Checks.experimentId(id))
                    .orElseThrow(() -> missing(id));
        }

        /// As [#of], for an experiment that may be written to.
        static Place active(SqlConnection sql, String id) {
            Place place = of(sql, id);
            if (!place.lifecycle.equals("active")) {
                throw MlflowError.invalid(
                        "The experiment %s must be in the 'active' state. Current state is %s."
                                .formatted(id, place.lifecycle));
            }
            return place;
        }
    }

    void rename(String id, String name) {
        checkName(name);
        data.write(sql -> {
            Place place = Place.active(sql, id);
            long same =
                    sql.number(
                            "SELECT count(*) FROM experiment WHERE id = ? AND name = ?",
                            place.id(),
                            name);
            if (same == 0) {
                checkFree(sql, name);
            }
            return sql.update(
                    "UPDATE experiment SET name = ?, updated = ? WHERE id = ?",
                    name,
                    clock.millis(),
                    place.id());
        });
    }

    /// Moves the experiment and its runs to another state.
    void move(String id, String lifecycle) {
        data.write(sql -> {
            Place place = Place.of(sql, id);
            boolean deleted = lifecycle.equals("deleted");
            if (place.lifecycle().equals(lifecycle)) {
                throw MlflowError.missing(
                        "No Experiment with id="
                                + id
                                + " is there to "
                                + (deleted ? "delete" : "restore"));
            }
            long now = clock.millis();
            sql.update(
                    "UPDATE run SET lifecycle = ?, deleted_time = ?"
                            + " WHERE experiment = ? AND lifecycle <> ?",
                    lifecycle,
                    deleted ? now : null,
                    place.id(),
                    lifecycle);
            return sql.update(
                    "UPDATE experiment SET lifecycle = ?, updated = ? WHERE id = ?",
                    lifecycle,
                    now,
                    place.id());
        });
    }

    void setTag(String id, String key, String value) {
        checkTag(key, value);
        data.write(sql -> {
            putTag(sql, Place.active(sql, id).id(), key, value);
            return true;
        });
    }

    void deleteTag(String id, String key) {
        data.write(sql -> {
            int deleted =
                    sql.update(
                            "DELETE FROM experiment_tag WHERE experiment = ? AND key = ?",
                            Place.active(sql, id).id(),
                            key);
            if (deleted == 0) {
                throw MlflowError.missing(
                        "No tag with name: " + key + " in experiment with id " + id);
            }
            return deleted;
        });
    }

    /// One page of experiments and the token of the next.
    Map<String, @Nullable Object> search(RequestFields fields) {
        long most = fields.number("max_results", 1, 50_000, 1000);
        PageToken page = PageToken.parse(fields.text("page_token"));
        SqlText query = new SqlText(data.dialect()).add(SELECT + " WHERE ");
        query.add(ViewType.of(fields.text("view_type")).condition("e.lifecycle"));
        for (FilterClause clause : FilterParser.parse(GRAMMAR, fields.textOrNull("filter"))) {
            query.add(" AND ");
            where(query, clause);
        }
        query.add(" ORDER BY ");
        for (OrderClause order : OrderClause.parse(GRAMMAR, fields.texts("order_by"))) {
            query.add(column(order.key()) + order.direction() + ", ");
        }
        query.add("e.updated DESC, e.id DESC LIMIT ? OFFSET ?", most + 1, page.offset());
        return data.read(sql -> {
            List<Map<String, @Nullable Object>> found =
                    new ArrayList<>(sql.list(query.text(), row -> row(row), query.values()));
            return page.json("experiments", found, most, e -> withTags(sql, e));
        });
    }

    private static String column(FilterClause key) {
        if (!key.is(FilterClause.ATTRIBUTE)) {
            throw MlflowError.invalid("Invalid order_by entity: " + key.type());
        }
        return java.util.Objects.requireNonNull(COLUMNS.get(key.key()));
    }

    private static void where(SqlText query, FilterClause clause) {
        if (clause.is(FilterClause.ATTRIBUTE)) {
            String column = column(clause);
            query.compare(
                    clause.key().equals("experiment_id") ? "cast(e.id AS TEXT)" : column, clause);
            return;
        }
        query.add(clause.operator().equals("IS NULL") ? "NOT EXISTS" : "EXISTS");
        query.add(
                " (SELECT 1 FROM experiment_tag t WHERE t.experiment = e.id AND t.key = ?",
                clause.key());
        if (!clause.isNullTest()) {
            query.add(" AND ").compare("t.value", clause);
        }
        query.add(")");
    }
}
