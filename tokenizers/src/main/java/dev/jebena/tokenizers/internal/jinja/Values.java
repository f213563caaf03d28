package dev.jebena.tokenizers.internal.jinja;

import dev.jebena.tokenizers.TokenizerException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Python's view of the interpreter's values. These are [None], [Boolean], [Long], [BigInteger],
/// [Double], [String], [List], [Tuple], [Map], [View], [Generated], [Namespace], [Undefined],
/// [Callable] and [Loop].
///
/// What every prompt needs asks with `instanceof`: for each `switch` over types the JDK makes a
/// class at run time, which is a millisecond of a program's start.
final class Values {
    private static final int MAX_DEPTH = 200;

    private Values() {}

    /// A value that a caller of the template gave.
    static Object of(@Nullable Object value) {
        return of(value, 0);
    }

    private static Object of(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new TokenizerException("chat template: a variable is nested too deeply");
        }
        if (value == null) {
            return None.NONE;
        }
        if (value instanceof Boolean) {
            return value;
        }
        if (value instanceof CharSequence text) {
            return text.toString();
        }
        if (value instanceof Number number) {
            return of(number);
        }
        if (value instanceof Collection<?> items) {
            List<Object> list = new ArrayList<>(items.size());
            for (Object item : items) {
                list.add(of(item, depth + 1));
            }
            return list;
        }
        if (value instanceof Map<?, ?> entries) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : entries.entrySet()) {
                map.put(of(entry.getKey(), depth + 1), of(entry.getValue(), depth + 1));
            }
            return map;
        }
        throw new TokenizerException(
                "chat template: a variable must consist of maps, lists, strings,"
                        + " numbers, booleans and null, not "
                        + value.getClass().getSimpleName());
    }

    private static Object of(Number value) {
        return switch (value) {
            case Double number -> number;
            case Float number -> Double.valueOf(number.toString());
            case BigInteger number -> Numbers.of(number);
            default -> value.longValue();
        };
    }

    static boolean truth(Object value) {
        if (value instanceof Boolean bool) {
            return bool;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof Number number) {
            return !Numbers.isZero(number);
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        if (value instanceof View view) {
            return !view.items().isEmpty();
        }
        return !(value instanceof None || value instanceof Undefined);
    }

    static String typeName(Object value) {
        return switch (value) {
            case None none -> "NoneType";
            case Boolean bool -> "bool";
            case Double number -> "float";
            case Number number -> "int";
            case String text -> "str";
            case Tuple tuple -> "tuple";
            case List<?> list -> "list";
            case Map<?, ?> map -> "dict";
            case View view -> view.kind().pythonName();
            case Generated generated -> "generator";
            case Namespace namespace -> "Namespace";
            case Undefined missing -> "Undefined";
            case Macro macro -> "Macro";
            case Callable function -> "function";
            default -> "object";
        };
    }

    /// The elements that walking over `value` gives; a generator is used up.
    static List<Object> elements(Object value, Budget budget) {
        List<Object> elements = elementsOrNull(value);
        if (elements == null) {
            throw new JinjaException("'" + typeName(value) + "' object is not iterable");
        }
        budget.steps(elements.size() / 4);
        budget.allocate(elements.size());
        return elements;
    }

    static boolean isIterable(Object value) {
        return value instanceof String
                || value instanceof List
                || value instanceof Map
                || value instanceof View
                || value instanceof Generated
                || value instanceof Undefined
                || value instanceof Loop;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable List<Object> elementsOrNull(Object value) {
        if (value instanceof List<?> list) {
            return (List<Object>) list;
        }
        return switch (value) {
            case Undefined missing -> List.of();
            case String text -> new ArrayList<>(CodePoints.characters(text));
            case Map<?, ?> map -> new ArrayList<>(map.keySet());
            case View view -> view.items();
            case Generated generated -> drained(generated.rest());
            default -> null;
        };
    }

    private static List<Object> drained(Iterator<Object> rest) {
        List<Object> items = new ArrayList<>();
        rest.forEachRemaining(items::add);
        return items;
    }

    /// Python's `len`.
    static long length(Object value) {
        return switch (value) {
            case Undefined missing -> 0;
            case String text -> text.codePointCount(0, text.length());
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case View view -> view.items().size();
            case Loop loop -> loop.length();
            default ->
                    throw new JinjaException(
                            "object of type '" + typeName(value) + "' has no length");
        };
    }

    /// A map's key: `1`, `1.0` and `true` are the same one.
    static Object key(Object value) {
        return switch (value) {
            case Boolean bool -> bool ? 1L : 0L;
            case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 ->
                    number.longValue();
            case Tuple tuple -> tuple;
            case List<?> list -> throw new JinjaException("unhashable type: 'list'");
            case Map<?, ?> map -> throw new JinjaException("unhashable type: 'dict'");
            default -> value;
        };
    }

    @SuppressWarnings("unchecked")
    static Map<Object, Object> map(Map<?, ?> map) {
        return (Map<Object, Object>) map;
    }
}
