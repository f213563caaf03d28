package dev.jebena.mcp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Arguments of a tool that a call repeats in headers `Mcp-Param-NAME`, as `x-mcp-header` in its
/// schema says (revision 2026-07-28, streamable HTTP).
///
/// @param paths from header names to the argument's place
record ParameterHeaders(Map<String, List<String>> paths) {
    static final ParameterHeaders NONE = new ParameterHeaders(Map.of());

    private static final String MARK = "x-mcp-header";
    private static final Set<String> TYPES = Set.of("integer", "string", "boolean");

    /// Keywords whose values are data, not schemas.
    private static final Set<String> DATA = Set.of("default", "enum", "const", "examples");

    /// Throws [IllegalArgumentException] that tells what is wrong with a mark.
    static ParameterHeaders of(Map<String, ?> schema) {
        ParameterHeaders headers = new ParameterHeaders(new LinkedHashMap<>());
        headers.read(schema, List.of(), true);
        return headers;
    }

    private void read(Map<?, ?> schema, List<String> path, boolean reachable) {
        if (schema.get(MARK) != null) {
            add(schema, path, reachable);
        }
        schema.forEach((keyword, value) -> {
            if (keyword.equals("properties") && value instanceof Map<?, ?> properties) {
                properties.forEach((name, inner) -> {
                    List<String> place = new ArrayList<>(path);
                    place.add(name.toString());
                    within(inner, place, reachable);
                });
            } else if (!DATA.contains(keyword.toString())) {
                within(value, path, false);
            }
        });
    }

    private void within(@Nullable Object value, List<String> path, boolean reachable) {
        if (value instanceof Map<?, ?> map) {
            read(map, path, reachable);
        } else if (value instanceof List<?> list) {
            list.forEach(item -> within(item, path, false));
        }
    }

    private void add(Map<?, ?> schema, List<String> path, boolean reachable) {
        String place = String.join(".", path);
        if (!reachable || path.isEmpty()) {
            throw new IllegalArgumentException(
                    MARK + " at a place that is not below properties alone: " + place);
        }
        if (!(schema.get(MARK) instanceof String name)
                || !name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
            throw new IllegalArgumentException(
                    MARK + " of " + place + " is no name of a header: " + schema.get(MARK));
        }
        if (!(schema.get("type") instanceof String type) || !TYPES.contains(type)) {
            throw new IllegalArgumentException(
                    MARK + " of " + place + " needs the type integer, string or boolean");
        }
        boolean taken =
                paths.keySet().stream()
                        .anyMatch(other ->
                                other.toLowerCase(Locale.ROOT)
                                        .equals(name.toLowerCase(Locale.ROOT)));
        if (taken) {
            throw new IllegalArgumentException("two arguments have the " + MARK + " " + name);
        }
        paths.put(name, path);
    }

    /// The headers of a call, not yet encoded; arguments that are absent have none.
    Map<String, String> values(Map<String, ?> arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        paths.forEach((name, path) -> {
            Object value = arguments;
            for (String step : path) {
                value = value instanceof Map<?, ?> map ? map.get(step) : null;
            }
            if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                values.put("Mcp-Param-" + name, value.toString());
            }
        });
        return values;
    }
}
