package dev.jebena.serving;

import dev.jebena.base.HttpException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of a JSON body with checks. A field that is absent or null reads as null; one of
/// another type or range is refused with [HttpException] 400 that names it.
final class RequestFields {
    private final Map<String, @Nullable Object> values;
    private final String path;

    RequestFields(Map<String, @Nullable Object> values) {
        this(values, "");
    }

    private RequestFields(Map<String, @Nullable Object> values, String path) {
        this.values = values;
        this.path = path;
    }

    Map<String, @Nullable Object> values() {
        return values;
    }

    boolean has(String name) {
        return values.get(name) != null;
    }

    @Nullable Object value(String name) {
        return values.get(name);
    }

    /// The name with the path to it: `messages[2].role`.
    String where(String name) {
        return path + name;
    }

    HttpException invalid(String name, String problem) {
        return HttpException.invalid(where(name), "Invalid '" + where(name) + "': " + problem);
    }

    private HttpException wrongType(String name, String expected) {
        return invalid(name, "expected " + expected + ", found " + kind(values.get(name)));
    }

    static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> _ -> "an object";
            case List<?> _ -> "an array";
            case String text ->
                    "the string \""
                            + (text.length() > 40 ? text.substring(0, 40) + "..." : text)
                            + "\"";
            default -> value.toString();
        };
    }

    @Nullable String string(String name) {
        return switch (values.get(name)) {
            case null -> null;
            case String text -> text;
            default -> throw wrongType(name, "a string");
        };
    }

    String string(String name, String otherwise) {
        String value = string(name);
        return value == null ? otherwise : value;
    }

    String required(String name) {
        String value = string(name);
        if (value == null) {
            throw HttpException.invalid(
                    where(name), "Missing required parameter: '" + where(name) + "'");
        }
        return value;
    }

    boolean flag(String name, boolean otherwise) {
        return switch (values.get(name)) {
            case null -> otherwise;
            case Boolean flag -> flag;
            default -> throw wrongType(name, "true or false");
        };
    }

    @Nullable Double number(String name, double least, double most) {
        return switch (values.get(name)) {
            case null -> null;
            case Number number -> inRange(name, number.doubleValue(), least, most);
            default -> throw wrongType(name, "a number");
        };
    }

    private double inRange(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw invalid(
                    name,
                    "expected a number from "
                            + brief(least)
                            + " to "
                            + brief(most)
                            + ", found "
                            + brief(value));
        }
        return value;
    }

    private static String brief(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    @Nullable Long integer(String name, long least, long most) {
        Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Double number
                && number == Math.rint(number)
                && Math.abs(number) < 1e15) {
            value = number.longValue();
        }
        if (value instanceof BigInteger || (value instanceof Long n && (n < least || n > most))) {
            throw invalid(
                    name, "expected an integer from " + least + " to " + most + ", found " + value);
        }
        if (value instanceof Long n) {
            return n;
        }
        throw wrongType(name, "an integer");
    }

    int integer(String name, int least, int most, int otherwise) {
        Long value = integer(name, least, most);
        return value == null ? otherwise : value.intValue();
    }

    /// A string, or an array of strings.
    @Nullable List<String> strings(String name) {
        return switch (values.get(name)) {
            case null -> null;
            case String text -> List.of(text);
            case List<?> list -> {
                List<String> texts = new ArrayList<>();
                for (Object element : list) {
                    if (!(element instanceof String text)) {
                        throw wrongType(name, "a string or an array of strings");
                    }
                    texts.add(text);
                }
                yield texts;
            }
            default -> throw wrongType(name, "a string or an array of strings");
        };
    }

    /// The fields of an object; null when absent.
    @SuppressWarnings("unchecked")
    @Nullable RequestFields object(String name) {
        return switch (values.get(name)) {
            case null -> null;
            case Map<?, ?> map ->
                    new RequestFields((Map<String, @Nullable Object>) map, where(name) + ".");
            default -> throw wrongType(name, "an object");
        };
    }

    @SuppressWarnings("unchecked")
    @Nullable List<@Nullable Object> list(String name) {
        return switch (values.get(name)) {
            case null -> null;
            case List<?> list -> (List<@Nullable Object>) list;
            default -> throw wrongType(name, "an array");
        };
    }

    /// The objects of an array; empty when absent.
    @SuppressWarnings("unchecked")
    List<RequestFields> objects(String name) {
        List<@Nullable Object> list = list(name);
        List<RequestFields> objects = new ArrayList<>();
        for (int i = 0; list != null && i < list.size(); i++) {
            if (!(list.get(i) instanceof Map<?, ?> map)) {
                throw HttpException.invalid(
                        where(name) + "[" + i + "]",
                        "Invalid '"
                                + where(name)
                                + "["
                                + i
                                + "]': expected an object, found "
                                + kind(list.get(i)));
            }
            objects.add(
                    new RequestFields(
                            (Map<String, @Nullable Object>) map, where(name) + "[" + i + "]."));
        }
        return objects;
    }

    /// An array of token ids below `vocabulary`.
    int[] ids(String name, List<?> list, int vocabulary) {
        int[] ids = new int[list.size()];
        for (int i = 0; i < ids.length; i++) {
            if (!(list.get(i) instanceof Long id) || id < 0 || id >= vocabulary) {
                throw invalid(
                        name,
                        "expected token ids from 0 to "
                                + (vocabulary - 1)
                                + ", found "
                                + kind(list.get(i)));
            }
            ids[i] = id.intValue();
        }
        return ids;
    }
}
