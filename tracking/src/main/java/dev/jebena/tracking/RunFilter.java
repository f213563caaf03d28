package dev.jebena.tracking;

import dev.jebena.base.SqlDialect;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Comparisons of runs as SQL conditions on `run r`.
final class RunFilter {
    static final String DATASET = "dataset";

    static final FilterGrammar GRAMMAR =
            new FilterGrammar()
                    .type(
                            FilterClause.METRIC,
                            FilterGrammar.Type.of(FilterGrammar.NUMBERS),
                            "metrics")
                    .type(
                            FilterClause.PARAM,
                            FilterGrammar.Type.of(FilterGrammar.NULLS),
                            "parameters",
                            "param",
                            "params")
                    .type(FilterClause.TAG, FilterGrammar.Type.of(FilterGrammar.NULLS), "tags")
                    .type(
                            FilterClause.ATTRIBUTE,
                            FilterGrammar.Type.of(FilterGrammar.LISTS),
                            "attr",
                            "attributes",
                            "run")
                    .type(
                            DATASET,
                            new FilterGrammar.Type(
                                    FilterGrammar.LISTS,
                                    false,
                                    Set.of("name", "digest", "context")),
                            "datasets")
                    .text("artifact_uri", "run_id", "run_name", "status", "user_id")
                    .number("start_time", "end_time")
                    .orderOnly("experiment_id", "lifecycle_stage")
                    .same("created", "start_time")
                    .same("Created", "start_time")
                    .same("run name", "run_name")
                    .same("Run name", "run_name")
                    .same("Run Name", "run_name")
                    .lists("run_id");

    private static final Map<String, String> COLUMNS =
            Map.of(
                    "artifact_uri", "r.artifact_uri",
                    "run_id", "r.uuid",
                    "run_name", "r.name",
                    "status", "r.status",
                    "user_id", "r.user_id",
                    "start_time", "r.start_time",
                    "end_time", "r.end_time",
                    "experiment_id", "r.experiment",
                    "lifecycle_stage", "r.lifecycle");

    private RunFilter() {}

    static String column(FilterClause key) {
        return Objects.requireNonNull(COLUMNS.get(key.key()));
    }

    /// ` AND condition` for each clause.
    static SqlText conditions(SqlDialect dialect, List<FilterClause> clauses) {
        SqlText all = new SqlText(dialect);
        for (FilterClause clause : clauses) {
            all.add(" AND ");
            condition(all, clause);
        }
        return all;
    }

    private static void condition(SqlText sql, FilterClause clause) {
        switch (clause.type()) {
            case FilterClause.ATTRIBUTE -> sql.compare(column(clause), clause);
            case FilterClause.METRIC ->
                    sql.add(
                                    "EXISTS (SELECT 1 FROM latest_metric m WHERE m.run = r.id AND"
                                            + " m.key = ? AND m.nan = 0 AND ",
                                    clause.key())
                            .compare("m.value", clause)
                            .add(")");
            case FilterClause.PARAM -> pair(sql, "param", clause);
            case FilterClause.TAG -> pair(sql, "run_tag", clause);
            case DATASET -> dataset(sql, clause);
            default -> throw new IllegalArgumentException(clause.type());
        }
    }

    private static void pair(SqlText sql, String table, FilterClause clause) {
        sql.add(clause.operator().equals("IS NULL") ? "NOT EXISTS" : "EXISTS");
        sql.add(" (SELECT 1 FROM " + table + " p WHERE p.run = r.id AND p.key = ?", clause.key());
        if (!clause.isNullTest()) {
            sql.add(" AND ").compare("p.value", clause);
        }
        sql.add(")");
    }

    private static void dataset(SqlText sql, FilterClause clause) {
        if (clause.key().equals("context")) {
            sql.add(
                            "EXISTS (SELECT 1 FROM dataset_input_tag t WHERE t.run = r.id AND"
                                    + " t.key = 'mlflow.data.context' AND ")
                    .compare("t.value", clause)
                    .add(")");
        } else {
            sql.add(
                            "EXISTS (SELECT 1 FROM dataset_input i JOIN dataset d"
                                    + " ON d.id = i.dataset WHERE i.run = r.id AND ")
                    .compare("d." + clause.key(), clause)
                    .add(")");
        }
    }

    /// Ids of the runs of one experiment that one comparison lets through, found by an index; null
    /// when no index helps.
    @org.jspecify.annotations.Nullable
    static SqlText indexed(SqlDialect dialect, long experiment, FilterClause clause) {
        boolean equal = clause.operator().equals("=");
        SqlText sql = new SqlText(dialect);
        return switch (clause.type()) {
            case FilterClause.METRIC ->
                    clause.operator().equals("!=")
                            ? null
                            : sql.add(
                                            "SELECT run FROM latest_metric WHERE experiment = ?"
                                                    + " AND key = ? AND nan = 0 AND ",
                                            experiment,
                                            clause.key())
                                    .compare("value", clause);
            case FilterClause.PARAM, FilterClause.TAG -> {
                String table = clause.is(FilterClause.PARAM) ? "param" : "run_tag";
                yield equal
                        ? sql.add(
                                "SELECT run FROM "
                                        + table
                                        + " WHERE experiment = ? AND key = ? AND"
                                        + " substr(value, 1, 100) = substr(?, 1, 100)"
                                        + " AND value = ?",
                                experiment,
                                clause.key(),
                                clause.text(),
                                clause.text())
                        : null;
            }
            case FilterClause.ATTRIBUTE -> attribute(sql, experiment, clause);
            default -> null;
        };
    }

    @org.jspecify.annotations.Nullable
    private static SqlText attribute(SqlText sql, long experiment, FilterClause clause) {
        boolean equal = clause.operator().equals("=");
        if (clause.key().equals("run_name") && (equal || isPrefix(clause))) {
            return sql.add("SELECT id AS run FROM run WHERE experiment = ? AND ", experiment)
                    .compare("name", clause);
        }
        if (clause.key().equals("run_id") && (equal || clause.operator().equals("IN"))) {
            return sql.add("SELECT id AS run FROM run WHERE ").compare("uuid", clause);
        }
        return null;
    }

    private static boolean isPrefix(FilterClause clause) {
        return clause.operator().equals("LIKE") && clause.text().matches("[^%_]+%");
    }
}
