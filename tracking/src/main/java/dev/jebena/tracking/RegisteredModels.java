package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import dev.jebena.base.SqlRow;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The registry's models: names with versions, tags and aliases. Prompts are registered models too.
final class RegisteredModels {
    private static final FilterGrammar GRAMMAR =
            new FilterGrammar()
                    .type(
                            FilterClause.ATTRIBUTE,
                            FilterGrammar.Type.of(FilterGrammar.TEXTS),
                            "attributes")
                    .type(FilterClause.TAG, FilterGrammar.Type.of(FilterGrammar.NULLS), "tags")
                    .text("name")
                    .orderOnly("timestamp", "last_updated_timestamp", "creation_timestamp");
    private static final Map<String, String> COLUMNS =
            Map.of(
                    "name", "m.name",
                    "timestamp", "m.updated",
                    "last_updated_timestamp", "m.updated",
                    "creation_timestamp", "m.created");
    private static final String SELECT =
            "SELECT m.name, m.created, m.updated, m.description FROM registered_model m";

    private final SqlDatabase data;
    private final Clock clock;

    RegisteredModels(SqlDatabase data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    Map<String, @Nullable Object> create(
            String name, @Nullable String description, Map<String, String> tags) {
        Checks.modelName(name);
        Checks.registryTags(tags);
        return data.write(sql -> {
            if (exists(sql, name)) {
                throw MlflowError.exists("Registered Model (name=" + name + ") already exists.");
            }
            long now = clock.millis();
            sql.update(
                    "INSERT INTO registered_model (name, created, updated, description,"
                            + " next_version) VALUES (?, ?, ?, ?, 1)",
                    name,
                    now,
                    now,
                    description);
            tags.forEach((key, value) -> putTag(sql, name, key, value));
            return model(sql, name);
        });
    }

    private static boolean exists(SqlConnection sql, String name) {
        return sql.number("SELECT count(*) FROM registered_model WHERE name = ?", name) > 0;
    }

    static RuntimeException missing(String name) {
        return MlflowError.missing("Registered Model with name=" + name + " not found");
    }

    static void check(SqlConnection sql, String name) {
        if (!exists(sql, name)) {
            throw missing(name);
        }
    }

    private static void putTag(SqlConnection sql, String name, String key, String value) {
        sql.update(
                "INSERT INTO registered_model_tag (name, key, value) VALUES (?, ?, ?)"
                        + " ON CONFLICT (name, key) DO UPDATE SET value = excluded.value",
                name,
                key,
                value);
    }

    Map<String, @Nullable Object> get(String name) {
        return data.read(sql -> model(sql, name));
    }

    private static Map<String, @Nullable Object> model(SqlConnection sql, String name) {
        return sql.first(SELECT + " WHERE m.name = ?", RegisteredModels::row, name)
                .map(m -> whole(sql, m))
                .orElseThrow(() -> missing(name));
    }

    private static Map<String, @Nullable Object> row(SqlRow row) {
        Map<String, @Nullable Object> model =
                HttpJson.object(
                        "name", row.text(1),
                        "creation_timestamp", row.number(2),
                        "last_updated_timestamp", row.number(3));
        Datasets.putIfThere(model, "description", row.textOrNull(4));
        return model;
    }

    private static Map<String, @Nullable Object> whole(
            SqlConnection sql, Map<String, @Nullable Object> model) {
        String name = String.valueOf(model.get("name"));
        List<Map<String, @Nullable Object>> latest = ModelVersions.latest(sql, name, List.of());
        if (!latest.isEmpty()) {
            model.put("latest_versions", latest);
        }
        List<Map<String, @Nullable Object>> tags =
                sql.list(
                        "SELECT key, value FROM registered_model_tag WHERE name = ?",
                        row -> Run.pair(row.text(1), row.text(2)),
                        name);
        if (!tags.isEmpty()) {
            model.put("tags", tags);
        }
        List<Map<String, @Nullable Object>> aliases =
                sql.list(
                        "SELECT alias, version FROM registered_model_alias WHERE name = ?",
                        row ->
                                HttpJson.object(
                                        "alias", row.text(1),
                                        "version", Long.toString(row.number(2))),
                        name);
        if (!aliases.isEmpty()) {
            model.put("aliases", aliases);
        }
        return model;
    }

    Map<String, @Nullable Object> rename(String name, String newName) {
        Checks.modelName(newName);
        return data.write(sql -> {
            check(sql, name);
            if (exists(sql, newName)) {
                throw MlflowError.exists("Registered Model (name=" + newName + ") already exists.");
            }
            for (String table :
                    List.of(
                            "registered_model_tag",
                            "registered_model_alias",
                            "model_version",
                            "model_version_tag",
                            "registered_model")) {
                sql.update("UPDATE " + table + " SET name = ? WHERE name = ?", newName, name);
            }
            // A name is no way around a gate.
            sql.update(
                    "UPDATE gate SET model = ? WHERE model = ?"
                            + " AND alias NOT IN (SELECT alias FROM gate WHERE model = ?)",
                    newName,
                    name,
                    newName);
            touch(sql, newName, clock.millis());
            return model(sql, newName);
        });
    }

    static void touch(SqlConnection sql, String name, long now) {
        sql.update("UPDATE registered_model SET updated = ? WHERE name = ?", now, name);
    }

    Map<String, @Nullable Object> describe(String name, @Nullable String description) {
        return data.write(sql -> {
            check(sql, name);
            sql.update(
                    "UPDATE registered_model SET description = ?, updated = ?" + " WHERE name = ?",
                    description,
                    clock.millis(),
                    name);
            return model(sql, name);
        });
    }

    void delete(String name) {
        data.write(sql -> {
            check(sql, name);
            for (String table :
                    List.of(
                            "registered_model_tag",
                            "registered_model_alias",
                            "model_version",
                            "model_version_tag",
                            "registered_model")) {
                sql.update("DELETE FROM " + table + " WHERE name = ?", name);
            }
            return true;
        });
    }

    void setTag(String name, String key, String value) {
        Checks.registryTags(Map.of(key, value));
        data.write(sql -> {
            check(sql, name);
            putTag(sql, name, key, value);
            return true;
        });
    }

    void deleteTag(String name, String key) {
        data.write(sql -> {
            check(sql, name);
            return sql.update(
                    "DELETE FROM registered_model_tag WHERE name = ? AND key = ?", name, key);
        });
    }

    void setAlias(String name, String alias, String version) {
        Checks.alias(alias);
        data.write(sql -> {
            long number = ModelVersions.number(version);
            ModelVersions.check(sql, name, number);
            return sql.update(
                    "INSERT INTO registered_model_alias (name, alias, version)"
                            + " VALUES (?, ?, ?) ON CONFLICT (name, alias)"
                            + " DO UPDATE SET version = excluded.version",
                    name,
                    alias,
                    number);
        });
    }

    void deleteAlias(String name, String alias) {
        data.write(sql -> {
            check(sql, name);
            return sql.update(
                    "DELETE FROM registered_model_alias WHERE name = ? AND alias = ?", name, alias);
        });
    }

    /// One page of models.
    Map<String, @Nullable Object> search(RequestFields f) {
        long most = f.number("max_results", 1, 1000, 100);
        PageToken page = PageToken.parse(f.text("page_token"));
        SqlText query = new SqlText(data.dialect()).add(SELECT + " WHERE 1 = 1");
        for (FilterClause clause : FilterParser.parse(GRAMMAR, f.textOrNull("filter"))) {
            query.add(" AND ");
            if (clause.is(FilterClause.ATTRIBUTE)) {
                query.compare("m.name", clause);
            } else {
                tag(query, clause);
            }
        }
        query.add(" ORDER BY ");
        boolean named = false;
        for (OrderClause order : OrderClause.parse(GRAMMAR, f.texts("order_by"))) {
            if (!order.key().is(FilterClause.ATTRIBUTE)) {
                throw MlflowError.invalid("Invalid order_by entity: " + order.key().type());
            }
            named |= order.key().key().equals("name");
            query.add(
                    Objects.requireNonNull(COLUMNS.get(order.key().key()))
                            + order.direction()
                            + ", ");
        }
        query.add(named ? "m.created" : "m.name").add(" LIMIT ? OFFSET ?", most + 1, page.offset());
        return data.read(sql ->
                page.json(
                        "registered_models",
                        new ArrayList<>(
                                sql.list(query.text(), RegisteredModels::row, query.values())),
                        most,
                        m -> whole(sql, m)));
    }

    /// Unlike other things, models without the tag are unequal to every value.
    private static void tag(SqlText query, FilterClause clause) {
        boolean not = clause.operator().equals("!=") || clause.operator().equals("IS NULL");
        query.add(
                (not ? "NOT " : "")
                        + "EXISTS (SELECT 1 FROM registered_model_tag t WHERE t.name = m.name"
                        + " AND t.key = ?",
                clause.key());
        if (clause.operator().equals("!=")) {
            query.add(" AND t.value = ?", clause.value());
        } else if (!clause.isNullTest()) {
            query.add(" AND ").compare("t.value", clause);
        }
        query.add(")");
    }
}
