package dev.jebena.tracking;

import dev.jebena.tracking.FilterToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// MLflow's filter language: comparisons joined by AND.
///
/// ```
/// metrics.acc > 0.9 AND params.`my model` LIKE 'tree%' AND attributes.run_id IN ('a', 'b')
/// ```
final class FilterParser {
    private static final int MOST_CLAUSES = 200;

    private final FilterGrammar grammar;
    private final List<FilterToken> tokens;
    private int at;

    private FilterParser(FilterGrammar grammar, String filter) {
        this.grammar = grammar;
        tokens = FilterToken.of(filter);
    }

    /// Throws INVALID_PARAMETER_VALUE when the filter is none or compares what cannot be.
    static List<FilterClause> parse(FilterGrammar grammar, @Nullable String filter) {
        if (filter == null || filter.isBlank()) {
            return List.of();
        }
        FilterParser parser = new FilterParser(grammar, filter);
        List<FilterClause> clauses = new ArrayList<>();
        do {
            clauses.add(parser.clause());
            if (clauses.size() > MOST_CLAUSES) {
                throw MlflowError.invalid(
                        "The filter has more than " + MOST_CLAUSES + " comparisons");
            }
        } while (parser.and());
        return clauses;
    }

    /// Whether another comparison follows.
    private boolean and() {
        if (at == tokens.size()) {
            return false;
        }
        if (!tokens.get(at).is("AND")) {
            throw invalidClauses();
        }
        at++;
        return true;
    }

    private RuntimeException invalidClauses() {
        StringBuilder rest = new StringBuilder();
        tokens.subList(at, tokens.size()).forEach(t -> rest.append(' ').append(t.text()));
        return MlflowError.invalid(
                "Invalid clause(s) in filter string: '" + rest.toString().strip() + "'");
    }

    private FilterClause clause() {
        FilterToken name = next("Identifier");
        if (name.kind() != Kind.NAME) {
            throw expected("Identifier", name.text());
        }
        FilterClause key = key(grammar, name.text(), false);
        String operator = operator();
        FilterClause clause = new FilterClause(key.type(), key.key(), operator, null);
        if (operator.startsWith("IS ")) {
            checkOperator(clause);
            return clause;
        }
        Object value = value(clause);
        checkOperator(clause);
        return new FilterClause(key.type(), key.key(), operator, value);
    }

    private void checkOperator(FilterClause clause) {
        if (!grammar.operators(clause).contains(clause.operator())) {
            throw MlflowError.invalid(
                    clause.isNullTest()
                            ? "IS NULL / IS NOT NULL is only supported for tags and params, not for '%s' '%s'"
                                    .formatted(clause.type(), clause.key())
                            : "Invalid comparator '%s' not one of '{%s}'"
                                    .formatted(
                                            clause.operator(),
                                            FilterGrammar.quoted(grammar.operators(clause))));
        }
    }

    private static RuntimeException expected(String what, String found) {
        return MlflowError.invalid(
                "Invalid comparison clause. Expected '" + what + "' found '" + found + "'");
    }

    private FilterToken next(String what) {
        if (at == tokens.size()) {
            throw expected(what, "end of filter");
        }
        return tokens.get(at++);
    }

    /// What a name means; the clause has no operator and value yet.
    static FilterClause key(FilterGrammar grammar, String name, boolean forOrder) {
        int dot = dot(name);
        String type =
                dot < 0 ? FilterClause.ATTRIBUTE : grammar.typeOf(unquoted(name.substring(0, dot)));
        String key = unquoted(name.substring(dot + 1));
        if (type.equals(FilterClause.ATTRIBUTE)) {
            key = grammar.attribute(key, forOrder);
        } else {
            FilterGrammar.Type known = grammar.type(type);
            if (known.keys() != null && !known.keys().contains(key)) {
                throw MlflowError.invalid(
                        "Invalid %s key '%s' specified. Valid keys are '{%s}'"
                                .formatted(type, key, FilterGrammar.quoted(known.keys())));
            }
        }
        return new FilterClause(type, key, "", null);
    }

    /// The first dot outside quotes.
    private static int dot(String name) {
        boolean quoted = name.startsWith("`") || name.startsWith("\"");
        return name.indexOf('.', quoted ? name.indexOf(name.charAt(0), 1) : 0);
    }

    static String unquoted(String text) {
        boolean quoted =
                text.length() >= 2
                        && "`\"'".indexOf(text.charAt(0)) >= 0
                        && text.charAt(0) == text.charAt(text.length() - 1);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private String operator() {
        FilterToken token = next("comparison");
        if (token.is("IS")) {
            boolean not = at < tokens.size() && tokens.get(at).is("NOT");
            at += not ? 1 : 0;
            FilterToken end = next("NULL");
            if (!end.is("NULL")) {
                throw expected("NULL", end.text());
            }
            return not ? "IS NOT NULL" : "IS NULL";
        }
        if (token.is("NOT")) {
            FilterToken end = next("IN");
            if (!end.is("IN")) {
                throw expected("IN", end.text());
            }
            return "NOT IN";
        }
        if (token.kind() != Kind.OPERATOR && token.kind() != Kind.NAME) {
            throw expected("comparison", token.text());
        }
        return token.text().toUpperCase(Locale.ROOT);
    }

    private Object value(FilterClause clause) {
        FilterToken token = next("value");
        if (token.is("(")) {
            return list(clause);
        }
        if (grammar.isNumeric(clause)) {
            return number(clause, token);
        }
        if (grammar.type(clause.type()).operators() == FilterGrammar.ANY
                && token.kind() == Kind.NUMBER) {
            return number(clause, token);
        }
        boolean quoted = token.kind() == Kind.STRING || "`\"".indexOf(token.text().charAt(0)) >= 0;
        if (!quoted) {
            throw MlflowError.invalid(
                    clause.is(FilterClause.ATTRIBUTE)
                            ? "Expected a quoted string value for attributes. Got value "
                                    + token.text()
                            : "Expected a quoted string value for %s (e.g. 'my-value'). Got value %s"
                                    .formatted(clause.type(), token.text()));
        }
        if (clause.operator().endsWith("IN")) {
            throw expected("list", token.text());
        }
        return unquoted(token.text());
    }

    private static Object number(FilterClause clause, FilterToken token) {
        if (token.kind() != Kind.NUMBER) {
            throw MlflowError.invalid(
                    clause.is(FilterClause.ATTRIBUTE)
                            ? "Expected numeric value type for numeric attribute: %s. Found %s"
                                    .formatted(clause.key(), token.text())
                            : "Expected numeric value type for %s. Found %s"
                                    .formatted(clause.type(), token.text()));
        }
        try {
            if (!clause.is(FilterClause.METRIC) && token.text().matches("[-+]?\\d{1,18}")) {
                return Long.valueOf(token.text());
            }
            return Double.valueOf(token.text());
        } catch (NumberFormatException _) {
            throw expected("number", token.text());
        }
    }

    private List<String> list(FilterClause clause) {
        grammar.checkList(clause);
        List<String> values = new ArrayList<>();
        FilterToken separator;
        do {
            FilterToken item = next("value");
            if (item.kind() != Kind.STRING && !item.text().startsWith("\"")) {
                throw MlflowError.invalid(
                        "While parsing a list in the query, expected string value, punctuation, or"
                                + " whitespace, but got different type in list: "
                                + item.text());
            }
            values.add(unquoted(item.text()));
            separator = next(")");
        } while (separator.is(","));
        if (!separator.is(")")) {
            throw expected(")", separator.text());
        }
        return values;
    }
}
