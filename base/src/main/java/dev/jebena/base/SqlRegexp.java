package dev.jebena.base;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;

/// SQLite's `text REGEXP pattern`, which it leaves to the program.
final class SqlRegexp extends Function {
    private static final int LONGEST = 1000;

    private @Nullable Pattern last;

    private SqlRegexp() {}

    static void addTo(Connection connection) throws SQLException {
        Function.create(connection, "REGEXP", new SqlRegexp());
    }

    @Override
    protected void xFunc() throws SQLException {
        String expression = value_text(0);
        String text = value_text(1);
        if (expression == null || text == null) {
            result(0);
            return;
        }
        Pattern pattern = last;
        if (pattern == null || !pattern.pattern().equals(expression)) {
            pattern = compiled(expression);
            last = pattern;
        }
        result(pattern.matcher(text).find() ? 1 : 0);
    }

    private static Pattern compiled(String expression) throws SQLException {
        if (expression.length() > LONGEST) {
            throw new SQLException("regular expression longer than " + LONGEST + " characters");
        }
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new SQLException("not a regular expression: " + expression, e);
        }
    }
}
