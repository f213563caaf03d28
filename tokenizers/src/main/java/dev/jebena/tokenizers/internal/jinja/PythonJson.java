package dev.jebena.tokenizers.internal.jinja;

import dev.jebena.json.Json;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON as Python's `json.dumps` writes it, with its blanks and line breaks.
final class PythonJson {
    private static final int MAX_DEPTH = 200;

    private final StringBuilder out = new StringBuilder();
    private final @Nullable String indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean ascii;
    private final boolean sorted;

    /// @param indent what a level is indented with; null for all on one line
    PythonJson(
            @Nullable String indent,
            String itemSeparator,
            String keySeparator,
            boolean ascii,
            boolean sorted) {
        this.indent = indent;
        this.itemSeparator = itemSeparator;
        this.keySeparator = keySeparator;
        this.ascii = ascii;
        this.sorted = sorted;
    }

    String write(Object value) {
        write(value, 0);
        return out.toString();
    }

    private void write(Object value, int depth) {
        if (depth > MAX_DEPTH || out.length() > Budget.MAX_STRING) {
            throw new JinjaException("tojson: the value is too large or nested too deeply");
        }
        switch (value) {
            case None none -> out.append("null");
            case Boolean bool -> out.append(bool);
            case Double number -> out.append(real(number));
            case Number number -> out.append(number);
            case String text -> Json.quote(text, ascii, out);
            case List<?> list -> list(list, depth);
            case Map<?, ?> map -> map(Values.map(map), depth);
            default ->
                    throw new JinjaException(
                            "tojson: a value of type '"
                                    + Values.typeName(value)
                                    + "' cannot be written as JSON");
        }
    }

    private static String real(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "Infinity" : "-Infinity";
        }
        return Numbers.repr(number);
    }

    private void list(List<?> list, int depth) {
        out.append('[');
        boolean first = true;
        for (Object item : list) {
            begin(first, depth);
            write(item, depth + 1);
            first = false;
        }
        end(first, depth);
        out.append(']');
    }

    private void map(Map<Object, Object> map, int depth) {
        List<Map.Entry<Object, Object>> entries = new ArrayList<>(map.entrySet());
        if (sorted) {
            entries.sort((a, b) -> Operators.order(a.getKey(), b.getKey()));
        }
        out.append('{');
        Iterator<Map.Entry<Object, Object>> rest = entries.iterator();
        boolean first = true;
        while (rest.hasNext()) {
            Map.Entry<Object, Object> entry = rest.next();
            begin(first, depth);
            Json.quote(key(entry.getKey()), ascii, out);
            out.append(keySeparator);
            write(entry.getValue(), depth + 1);
            first = false;
        }
        end(first, depth);
        out.append('}');
    }

    private static String key(Object key) {
        return switch (key) {
            case String text -> text;
            case None none -> "null";
            case Boolean bool -> bool.toString();
            case Double number -> real(number);
            case Number number -> number.toString();
            default ->
                    throw new JinjaException(
                            "tojson: a key must not be of type '" + Values.typeName(key) + "'");
        };
    }

    private void begin(boolean first, int depth) {
        if (!first) {
            out.append(itemSeparator);
        }
        newLine(depth + 1);
    }

    private void end(boolean empty, int depth) {
        if (!empty) {
            newLine(depth);
        }
    }

    private void newLine(int depth) {
        if (indent != null) {
            out.append('\n').repeat(indent, depth);
        }
    }
}
