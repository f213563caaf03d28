package dev.jebena.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One `name [ASC|DESC]` of an order.
record OrderClause(FilterClause key, boolean ascending) {
    private static final Pattern DIRECTION =
            Pattern.compile(
                    "^(.*?)(?:\\s+(asc|desc))?$", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final int MOST = 50;

    static List<OrderClause> parse(FilterGrammar grammar, List<String> order) {
        if (order.size() > MOST) {
            throw MlflowError.invalid("More than " + MOST + " order_by clauses");
        }
        List<OrderClause> clauses = new ArrayList<>();
        for (String text : order) {
            OrderClause clause = parse(grammar, text.strip());
            if (clauses.stream().noneMatch(c -> c.key().equals(clause.key()))) {
                clauses.add(clause);
            }
        }
        return clauses;
    }

    private static OrderClause parse(FilterGrammar grammar, String text) {
        Matcher matcher = DIRECTION.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw wrong(text);
        }
        String name = matcher.group(1).strip();
        String direction = matcher.group(2);
        FilterClause key = FilterParser.key(grammar, name, true);
        boolean plain = key.is(FilterClause.ATTRIBUTE) || FilterToken.of(name).size() == 1;
        if (!plain) {
            throw wrong(text);
        }
        return new OrderClause(
                key, direction == null || direction.toLowerCase(Locale.ROOT).equals("asc"));
    }

    private static RuntimeException wrong(String text) {
        return MlflowError.invalid("Invalid order_by clause '" + text + "'. Could not be parsed.");
    }

    String direction() {
        return ascending ? " ASC" : " DESC";
    }
}
