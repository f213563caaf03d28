package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Filters and orders of traces as SQL on `trace t`.
final class TraceFilter {
    private static final String METADATA = "request_metadata";
    private static final String SPAN = "span";
    private static final String FEEDBACK = "feedback";
    private static final String EXPECTATION = "expectation";

    static final FilterGrammar GRAMMAR =
            new FilterGrammar()
                    .type(
                            FilterClause.TAG,
                            FilterGrammar.Type.of(FilterGrammar.TRACE_PAIRS),
                            "tags")
                    .type(METADATA, FilterGrammar.Type.of(FilterGrammar.TRACE_PAIRS), "metadata")
                    .type(
                            FilterClause.ATTRIBUTE,
                            FilterGrammar.Type.of(FilterGrammar.LISTS),
                            "attributes",
                            "attr",
                            "trace")
                    .type(SPAN, FilterGrammar.Type.of(FilterGrammar.TRACE_TEXTS))
                    .type(FEEDBACK, FilterGrammar.Type.of(FilterGrammar.ANY))
                    .type(EXPECTATION, FilterGrammar.Type.of(FilterGrammar.ANY))
                    .text(
                            "request_id",
                            "status",
                            "client_request_id",
                            "name",
                            "run_id",
                            "prompt",
                            "text")
                    .number("timestamp_ms", "execution_time_ms", "end_time_ms")
                    .same("timestamp", "timestamp_ms")
                    .same("execution_time", "execution_time_ms")
                    .same("end_time", "end_time_ms")
                    .same("trace_id", "request_id")
                    .same("state", "status")
                    .lists("name", "status", "request_id", "run_id", "client_request_id")
                    .attributeOperators(FilterGrammar.TRACE_TEXTS)
                    .orderOnly("experiment_id");

    private static final Map<String, String> COLUMNS =
            Map.of(
                    "request_id", "t.id",
                    "status", "t.state",
                    "client_request_id", "t.client_request_id",
                    "timestamp_ms", "t.request_time",
                    "execution_time_ms", "t.duration",
                    "end_time_ms", "(t.request_time + t.duration)",
                    "experiment_id", "t.experiment");
    private static final Map<String, String> TAGS =
            Map.of("name", Traces.NAME_TAG, "prompt", "mlflow.linkedPrompts");
    private static final Set<String> SPAN_COLUMNS = Set.of("name", "type", "status");

    private TraceFilter() {}

    static void condition(SqlText sql, FilterClause clause) {
        switch (clause.type()) {
            case FilterClause.TAG -> pair(sql, "trace_tag", clause.key(), clause);
            case METADATA -> pair(sql, "trace_metadata", clause.key(), clause);
            case SPAN -> span(sql, clause);
            case FEEDBACK, EXPECTATION -> assessment(sql, clause);
            default -> attribute(sql, clause);
        }
    }

    private static void attribute(SqlText sql, FilterClause clause) {
        String tag = TAGS.get(clause.key());
        if (tag != null) {
            pair(sql, "trace_tag", tag, clause);
        } else if (clause.key().equals("run_id")) {
            pair(sql, "trace_metadata", Traces.RUN_METADATA, clause);
        } else if (clause.key().equals("text")) {
            sql.add("EXISTS (SELECT 1 FROM span s WHERE s.trace = t.id AND ")
                    .compare("s.content", clause)
                    .add(")");
        } else {
            sql.compare(Objects.requireNonNull(COLUMNS.get(clause.key())), clause);
        }
    }

    private static void pair(SqlText sql, String table, String key, FilterClause clause) {
        sql.add(clause.operator().equals("IS NULL") ? "NOT EXISTS" : "EXISTS");
        sql.add(" (SELECT 1 FROM " + table + " p WHERE p.trace = t.id AND p.key = ?", key);
        if (!clause.isNullTest()) {
            sql.add(" AND ").compare("p.value", clause);
        }
        sql.add(")");
    }

    private static void span(SqlText sql, FilterClause clause) {
        sql.add("EXISTS (SELECT 1 FROM span s WHERE s.trace = t.id AND ");
        if (SPAN_COLUMNS.contains(clause.key())) {
            sql.compare("s." + clause.key(), clause);
        } else if (clause.key().equals("content")) {
            sql.compare("s.content", clause);
        } else if (clause.key().startsWith("attributes.")) {
            spanAttribute(sql, clause);
        } else {
            throw MlflowError.invalid(
                    "Invalid span attribute '"
                            + clause.key()
                            + "'. Supported attributes: name, status, type, content,"
                            + " attributes.<attribute_name>.");
        }
        sql.add(")");
    }

    /// Attributes lie in the span's JSON, each as `{"key":…,"value":{"string_value":…}}`.
    private static void spanAttribute(SqlText sql, FilterClause clause) {
        String key = clause.key().substring("attributes.".length());
        String begin = "%\"key\":" + HttpJson.text(key) + ",\"value\":{\"%_value\":";
        String operator =
                switch (clause.operator()) {
                    case "=", "LIKE" -> "LIKE";
                    case "ILIKE" -> "ILIKE";
                    default ->
                            throw MlflowError.invalid(
                                    "span.attributes comparator '"
                                            + clause.operator()
                                            + "' not one of '{'=', 'LIKE', 'ILIKE'}'");
                };
        String pattern = clause.text();
        // A text value stands in quotes, a number without.
        sql.add("(").compare("s.content", like(clause, operator, begin + "\"" + pattern + "\"}%"));
        sql.add(" OR ")
                .compare("s.content", like(clause, operator, begin + pattern + "}%"))
                .add(")");
    }

    private static FilterClause like(FilterClause clause, String operator, String pattern) {
        return new FilterClause(clause.type(), clause.key(), operator, pattern);
    }

    private static void assessment(SqlText sql, FilterClause clause) {
        sql.add(clause.operator().equals("IS NULL") ? "NOT EXISTS" : "EXISTS");
        sql.add(
                " (SELECT 1 FROM assessment a WHERE a.trace = t.id AND a.valid = 1 AND a.kind = ?"
                        + " AND a.name = ?",
                clause.type().toLowerCase(Locale.ROOT),
                clause.key());
        if (!clause.isNullTest()) {
            boolean number = clause.value() instanceof Number;
            sql.add(" AND ").compare(number ? "a.number" : "a.value", clause);
        }
        sql.add(")");
    }

    static String column(FilterClause key) {
        String column = key.is(FilterClause.ATTRIBUTE) ? COLUMNS.get(key.key()) : null;
        if (column == null) {
            String tag = TAGS.get(key.key());
            if (tag == null) {
                throw MlflowError.invalid(
                        "Invalid order_by entity `"
                                + key.type()
                                + "` with key `"
                                + key.key()
                                + "`");
            }
            return "(SELECT o.value FROM trace_tag o WHERE o.trace = t.id AND o.key = '"
                    + tag
                    + "')";
        }
        return column;
    }
}
