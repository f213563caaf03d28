package dev.jebena.tracking;

import dev.jebena.base.SqlDialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A statement that is put together: its text, in which values are only ever `?`, and the values.
final class SqlText {
    private final StringBuilder text = new StringBuilder();
    private final List<@Nullable Object> values = new ArrayList<>();
    private final SqlDialect dialect;

    SqlText(SqlDialect dialect) {
        this.dialect = dialect;
    }

    /// Adds constant text of ours and the values of its question marks.
    SqlText add(String part, @Nullable Object... values) {
        text.append(part);
        for (Object value : values) {
            this.values.add(value);
        }
        return this;
    }

    SqlText add(SqlText other) {
        text.append(other.text);
        values.addAll(other.values);
        return this;
    }

    /// `column operator ?` for an operator that the grammar has let through.
    SqlText compare(String column, FilterClause clause) {
        switch (clause.operator()) {
            case "LIKE" -> add(dialect.like(column), clause.text());
            case "ILIKE" ->
                    add(dialect.likeAnyCase(column), clause.text().toLowerCase(Locale.ROOT));
            case "RLIKE" -> add(dialect.matches(column), clause.text());
            case "IN", "NOT IN" -> in(column, clause);
            case "=", "!=", ">", ">=", "<", "<=" ->
                    add(column + " " + clause.operator() + " ?", clause.value());
            default -> throw new IllegalArgumentException(clause.operator());
        }
        return this;
    }

    private void in(String column, FilterClause clause) {
        List<String> items = clause.texts();
        add(column + " " + clause.operator() + " (" + marks(items.size()) + ")", items.toArray());
    }

    /// `?, ?, ?`
    static String marks(int count) {
        return "?, ".repeat(Math.max(0, count - 1)) + (count == 0 ? "" : "?");
    }

    String text() {
        return text.toString();
    }

    @Nullable Object[] values() {
        return values.toArray();
    }

    SqlDialect dialect() {
        return dialect;
    }
}
