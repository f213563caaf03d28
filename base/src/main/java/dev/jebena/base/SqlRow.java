package dev.jebena.base;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// One row of an answer; columns count from 1.
public final class SqlRow {
    private final ResultSet rows;

    SqlRow(ResultSet rows) {
        this.rows = rows;
    }

    /// Throws when the column is null.
    public String text(int column) {
        String value = textOrNull(column);
        if (value == null) {
            throw new IllegalStateException("column " + column + " is null");
        }
        return value;
    }

    public @Nullable String textOrNull(int column) {
        try {
            return rows.getString(column);
        } catch (SQLException e) {
            throw SqlConnection.failed("cannot read a row", e);
        }
    }

    /// 0 for null. A column as the database has it: text, number, bytes; null where it is null.
    public @Nullable Object value(int column) {
        try {
            return rows.getObject(column);
        } catch (SQLException e) {
            throw SqlConnection.failed("cannot read a row", e);
        }
    }

    public long number(int column) {
        try {
            return rows.getLong(column);
        } catch (SQLException e) {
            throw SqlConnection.failed("cannot read a row", e);
        }
    }

    public @Nullable Long numberOrNull(int column) {
        try {
            long value = rows.getLong(column);
            return rows.wasNull() ? null : value;
        } catch (SQLException e) {
            throw SqlConnection.failed("cannot read a row", e);
        }
    }

    /// 0 for null.
    public double real(int column) {
        try {
            return rows.getDouble(column);
        } catch (SQLException e) {
            throw SqlConnection.failed("cannot read a row", e);
        }
    }

    public boolean flag(int column) {
        return number(column) != 0;
    }

    /// Empty for null.
    public byte[] bytes(int column) {
        try {
            byte[] value = rows.getBytes(column);
            return value == null ? new byte[0] : value;
        } catch (SQLException e) {
            throw SqlConnection.failed("cannot read a row", e);
        }
    }
}
