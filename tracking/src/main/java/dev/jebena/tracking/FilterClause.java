package dev.jebena.tracking;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One comparison of a filter, checked against its grammar.
///
/// @param type what is compared: `attribute`, `metric`, `param`, `tag` and others
/// @param operator in upper case
/// @param value text, a [Long], a [Double] or a list of texts; null for IS NULL and IS NOT NULL
record FilterClause(String type, String key, String operator, @Nullable Object value) {
    static final String ATTRIBUTE = "attribute";
    static final String METRIC = "metric";
    static final String PARAM = "parameter";
    static final String TAG = "tag";

    boolean is(String type) {
        return this.type.equals(type);
    }

    boolean isNullTest() {
        return operator.startsWith("IS ");
    }

    String text() {
        return String.valueOf(value);
    }

    @SuppressWarnings("unchecked")
    List<String> texts() {
        return value instanceof List<?> list ? (List<String>) list : List.of(text());
    }
}
