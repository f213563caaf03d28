package dev.jebena.tokenizers.internal.jinja;

import java.util.List;
import java.util.Map;

/// Python's `str` and `repr`.
final class Texts {
    private static final int MAX_DEPTH = 200;

    private Texts() {}

    static String str(Object value) {
        return switch (value) {
            case String text -> text;
            case Undefined missing -> "";
            default -> repr(value);
        };
    }

    static String repr(Object value) {
        StringBuilder out = new StringBuilder();
        repr(value, out, 0);
        return out.toString();
    }

    private static void repr(Object value, StringBuilder out, int depth) {
        if (depth > MAX_DEPTH) {
            throw new JinjaException("a value is nested deeper than " + MAX_DEPTH + " levels");
        }
        if (out.length() > Budget.MAX_STRING) {
            throw new JinjaException("a value is too long to print");
        }
        switch (value) {
            case None none -> out.append("None");
            case Boolean bool -> out.append(bool ? "True" : "False");
            case Double number -> out.append(Numbers.repr(number));
            case Number number -> out.append(number);
            case String text -> quote(text, out);
            case Undefined missing -> out.append("Undefined");
            case Tuple tuple -> {
                items(tuple, out, '(', tuple.size() == 1 ? ",)" : ")", depth);
            }
            case List<?> list -> items(list, out, '[', "]", depth);
            case Map<?, ?> map -> entries(Values.map(map), out, depth);
            case View view -> view(view, out, depth);
            case Namespace namespace -> {
                out.append("<Namespace ");
                entries(namespace.attributes, out, depth);
                out.append('>');
            }
            case Macro macro -> out.append("<Macro ").append(quoted(macro.name())).append('>');
            default -> out.append('<').append(Values.typeName(value)).append('>');
        }
    }

    private static void view(View view, StringBuilder out, int depth) {
        if (view.kind() != View.Kind.RANGE) {
            out.append(view.kind().pythonName()).append('(');
            items(view.items(), out, '[', "])", depth);
            return;
        }
        long first = view.items().isEmpty() ? 0 : (Long) view.items().getFirst();
        long step = view.items().size() < 2 ? 1 : (Long) view.items().get(1) - first;
        long end = first + step * view.items().size();
        out.append("range(").append(first).append(", ").append(end);
        out.append(step == 1 ? "" : ", " + step).append(')');
    }

    private static void items(
            List<?> items, StringBuilder out, char open, String close, int depth) {
        String separator = "";
        out.append(open);
        for (Object item : items) {
            out.append(separator);
            repr(item, out, depth + 1);
            separator = ", ";
        }
        out.append(close);
    }

    private static void entries(Map<Object, Object> map, StringBuilder out, int depth) {
        String separator = "";
        out.append('{');
        for (Map.Entry<Object, Object> entry : map.entrySet()) {
            out.append(separator);
            repr(entry.getKey(), out, depth + 1);
            out.append(": ");
            repr(entry.getValue(), out, depth + 1);
            separator = ", ";
        }
        out.append('}');
    }

    static String quoted(String text) {
        StringBuilder out = new StringBuilder();
        quote(text, out);
        return out.toString();
    }

    private static void quote(String text, StringBuilder out) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints()
                .forEach(c -> {
                    if (c == quote || c == '\\') {
                        out.append('\\').append((char) c);
                    } else if (c == '\n') {
                        out.append("\\n");
                    } else if (c == '\r') {
                        out.append("\\r");
                    } else if (c == '\t') {
                        out.append("\\t");
                    } else if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(escaped(c));
                    }
                });
        out.append(quote);
    }

    private static String escaped(int c) {
        String format = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
        return String.format(format, c);
    }

    private static boolean isPrintable(int c) {
        return c == ' '
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR ->
                            false;
                    default -> true;
                };
    }
}
