package dev.jebena.tracking;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Filters and orders of logged models as SQL on `logged_model m`.
final class LoggedModelFilter {
    private static final FilterGrammar GRAMMAR =
            new FilterGrammar()
                    .type(
                            FilterClause.ATTRIBUTE,
                            FilterGrammar.Type.of(FilterGrammar.LISTS),
                            "attributes")
                    .type(
                            FilterClause.METRIC,
                            FilterGrammar.Type.of(FilterGrammar.NUMBERS),
                            "metrics")
                    .type(
                            FilterClause.PARAM,
                            FilterGrammar.Type.of(FilterGrammar.LISTS),
                            "param",
                            "params")
                    .type(FilterClause.TAG, FilterGrammar.Type.of(FilterGrammar.LISTS), "tags")
                    .text("name", "model_id", "model_type", "status", "source_run_id")
                    .number("creation_timestamp", "last_updated_timestamp")
                    .same("creation_time", "creation_timestamp")
                    .same("last_updated_time", "last_updated_timestamp")
                    .lists("name", "model_id", "model_type", "status", "source_run_id");

    private static final Map<String, String> COLUMNS =
            Map.of(
                    "name", "m.name",
                    "model_id", "m.id",
                    "model_type", "m.model_type",
                    "status", "m.status",
                    "source_run_id", "m.source_run_id",
                    "creation_timestamp", "m.created",
                    "last_updated_timestamp", "m.updated");
    private static final Set<String> SHORT_STATUS = Set.of("PENDING", "READY", "UPLOAD_FAILED");

    private LoggedModelFilter() {}

    static void where(SqlText query, RequestFields f) {
        List<RequestFields> datasets = f.objects("datasets");
        for (FilterClause clause : FilterParser.parse(GRAMMAR, f.textOrNull("filter"))) {
            query.add(" AND ");
            if (clause.is(FilterClause.ATTRIBUTE)) {
                query.compare(Objects.requireNonNull(COLUMNS.get(clause.key())), status(clause));
            } else if (clause.is(FilterClause.METRIC)) {
                query.add(
                                "EXISTS (SELECT 1 FROM logged_model_metric x WHERE x.model_id = m.id"
                                        + " AND x.key = ? AND ",
                                clause.key())
                        .compare("x.value", clause);
                onDatasets(query, datasets);
                query.add(")");
            } else {
                String table = clause.is(FilterClause.PARAM) ? "param" : "tag";
                query.add(
                                "EXISTS (SELECT 1 FROM logged_model_"
                                        + table
                                        + " x WHERE x.model_id = m.id AND x.key = ? AND ",
                                clause.key())
                        .compare("x.value", clause)
                        .add(")");
            }
        }
    }

    private static void onDatasets(SqlText query, List<RequestFields> datasets) {
        if (datasets.isEmpty()) {
            return;
        }
        query.add(" AND (");
        for (int i = 0; i < datasets.size(); i++) {
            query.add(i == 0 ? "" : " OR ");
            query.add("(x.dataset_name = ?", datasets.get(i).required("dataset_name"));
            if (datasets.get(i).has("dataset_digest")) {
                query.add(" AND x.dataset_digest = ?", datasets.get(i).text("dataset_digest"));
            }
            query.add(")");
        }
        query.add(")");
    }

    private static FilterClause status(FilterClause clause) {
        boolean isShort = clause.key().equals("status") && SHORT_STATUS.contains(clause.text());
        return isShort
                ? new FilterClause(
                        clause.type(),
                        clause.key(),
                        clause.operator(),
                        "LOGGED_MODEL_" + clause.text())
                : clause;
    }

    /// ` ORDER BY … , `, to be ended by the caller.
    static SqlText order(SqlText query, List<RequestFields> clauses) {
        SqlText order = new SqlText(query.dialect()).add(" ORDER BY ");
        Set<String> seen = new HashSet<>();
        for (RequestFields clause : clauses) {
            String field = clause.required("field_name");
            String direction =
                    clause.has("ascending") && !clause.flag("ascending") ? " DESC" : " ASC";
            FilterClause key = FilterParser.key(GRAMMAR, field, true);
            if (!seen.add(field)) {
                continue;
            }
            if (key.is(FilterClause.ATTRIBUTE)) {
                order.add(Objects.requireNonNull(COLUMNS.get(key.key())) + direction + ", ");
            } else if (key.is(FilterClause.METRIC)) {
                @Nullable String dataset = clause.textOrNull("dataset_name");
                SqlText value =
                        latest(query, key.key(), dataset, clause.textOrNull("dataset_digest"));
                order.add("CASE WHEN ").add(value).add(" IS NULL THEN 1 ELSE 0 END, ");
                order.add(value).add(direction + ", ");
            } else {
                throw MlflowError.invalid("Invalid order_by field: " + field);
            }
        }
        return order;
    }

    private static SqlText latest(
            SqlText query, String key, @Nullable String dataset, @Nullable String digest) {
        SqlText value =
                new SqlText(query.dialect())
                        .add(
                                "(SELECT y.value FROM logged_model_metric y"
                                        + " WHERE y.model_id = m.id AND y.key = ?",
                                key);
        if (dataset != null) {
            value.add(" AND y.dataset_name = ?", dataset);
        }
        if (digest != null) {
            value.add(" AND y.dataset_digest = ?", digest);
        }
        return value.add(" ORDER BY y.step DESC, y.timestamp DESC LIMIT 1)");
    }
}
