package dev.jebena.tracking;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of a request, from its JSON body or its query, as protobuf's JSON form allows them:
/// numbers may be strings, absent fields have the default of their type.
final class RequestFields {
    private final Map<String, @Nullable Object> json;
    private final @Nullable HttpExchange query;
    private final String path;

    private RequestFields(
            Map<String, @Nullable Object> json, @Nullable HttpExchange query, String path) {
        this.json = json;
        this.query = query;
        this.path = path;
    }

    static RequestFields of(HttpExchange exchange) {
        boolean bodiless = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        Map<String, @Nullable Object> json = bodiless ? Map.of() : exchange.json();
        return new RequestFields(json, json.isEmpty() ? exchange : null, "");
    }

    static RequestFields of(Map<String, @Nullable Object> json) {
        return new RequestFields(json, null, "");
    }

    Map<String, @Nullable Object> json() {
        return json;
    }

    private @Nullable Object value(String name) {
        Object value = json.get(name);
        return value == null && query != null ? query.query(name) : value;
    }

    boolean has(String name) {
        return value(name) != null;
    }

    /// The text; null when it is absent.
    @Nullable String textOrNull(String name) {
        Object value = value(name);
        return switch (value) {
            case null -> null;
            case String text -> text;
            default -> throw MlflowError.wrongValue(path + name, value);
        };
    }

    String text(String name) {
        String value = textOrNull(name);
        return value == null ? "" : value;
    }

    /// Throws when it is absent or empty.
    String required(String name) {
        String value = textOrNull(name);
        if (value == null || value.isEmpty()) {
            throw MlflowError.required(path + name);
        }
        return value;
    }

    @Nullable Long numberOrNull(String name) {
        Object value = value(name);
        try {
            return switch (value) {
                case null -> null;
                case Long number -> number;
                case Double number when number == Math.rint(number) -> number.longValue();
                case String text -> Long.valueOf(text);
                default -> throw MlflowError.wrongValue(path + name, value);
            };
        } catch (NumberFormatException _) {
            throw MlflowError.wrongValue(path + name, String.valueOf(value));
        }
    }

    long number(String name, long absent) {
        Long value = numberOrNull(name);
        return value == null ? absent : value;
    }

    long number(String name, long least, long most, long absent) {
        long value = number(name, absent);
        if (value < least || value > most) {
            throw MlflowError.invalid(
                    "Invalid value for request parameter %s. It must be at least %d and at most %d, but got value %d"
                            .formatted(path + name, least, most, value));
        }
        return value;
    }

    /// A double; `NaN` and the infinities are sent as strings. Throws when it is absent.
    double real(String name) {
        Object value = value(name);
        return switch (value) {
            case null -> throw MlflowError.required(path + name);
            case Long number -> number;
            case Double number -> number;
            case java.math.BigInteger number -> number.doubleValue();
            case String text -> real(name, text);
            default -> throw MlflowError.wrongValue(path + name, value);
        };
    }

    private double real(String name, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            throw MlflowError.wrongValue(path + name, text);
        }
    }

    boolean flag(String name) {
        Object value = value(name);
        return switch (value) {
            case null -> false;
            case Boolean flag -> flag;
            case String text -> text.equalsIgnoreCase("true");
            default -> throw MlflowError.wrongValue(path + name, value);
        };
    }

    List<String> texts(String name) {
        Object value = json.get(name);
        if (value == null) {
            return query == null ? List.of() : query.queryAll(name);
        }
        List<String> texts = new ArrayList<>();
        for (Object item : list(name, value)) {
            if (item instanceof String text) {
                texts.add(text);
            } else if (item instanceof Long number) {
                texts.add(number.toString());
            } else {
                throw MlflowError.wrongValue(path + name, value);
            }
        }
        return texts;
    }

    private List<?> list(String name, Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw MlflowError.wrongValue(path + name, value);
    }

    /// The objects of a list, each with its place for messages.
    List<RequestFields> objects(String name) {
        Object value = json.get(name);
        List<RequestFields> found = new ArrayList<>();
        if (value != null) {
            for (Object item : list(name, value)) {
                found.add(object(name + "[" + found.size() + "]", item));
            }
        }
        return found;
    }

    /// An object; null when it is absent.
    @Nullable RequestFields objectOrNull(String name) {
        Object value = json.get(name);
        return value == null ? null : object(name, value);
    }

    RequestFields requiredObject(String name) {
        RequestFields value = objectOrNull(name);
        if (value == null) {
            throw MlflowError.required(path + name);
        }
        return value;
    }

    @SuppressWarnings("unchecked")
    private RequestFields object(String name, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return new RequestFields((Map<String, @Nullable Object>) map, null, path + name + ".");
        }
        throw MlflowError.wrongValue(path + name, String.valueOf(value));
    }

    /// A list of `{"key", "value"}`; the last of equal keys counts.
    Map<String, String> pairs(String name) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (RequestFields pair : objects(name)) {
            pairs.put(pair.text("key"), pair.text("value"));
        }
        return pairs;
    }

    /// An object whose values are strings.
    Map<String, String> strings(String name) {
        Map<String, String> strings = new LinkedHashMap<>();
        RequestFields object = objectOrNull(name);
        if (object != null) {
            object.json.forEach((key, value) ->
                    strings.put(key, value instanceof String text ? text : HttpJson.text(value)));
        }
        return strings;
    }
}
