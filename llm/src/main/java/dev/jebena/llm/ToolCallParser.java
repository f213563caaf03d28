package dev.jebena.llm;

import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what models write between the marks of a tool call: one JSON object, several, an array of
/// them, Mistral's `name[ARGS]{...}`, FunctionGemma's `call:name{...}`, or a call in Python.
final class ToolCallParser {
    private static final Pattern NAMED_ARGUMENTS =
            Pattern.compile("\\s*([A-Za-z0-9_.-]+)\\s*(?:\\[ARGS])?\\s*(\\{.*)", Pattern.DOTALL);

    private final Set<String> names;

    /// @param names functions that there are; other names are no calls
    ToolCallParser(Set<String> names) {
        this.names = Set.copyOf(names);
    }

    /// The calls in `text`; empty when it is something else.
    List<ToolCall> parse(String text) {
        String body = text.strip();
        if (body.isEmpty()) {
            return List.of();
        }
        List<ToolCall> calls = new ArrayList<>();
        boolean json = body.startsWith("{") || body.startsWith("[");
        if (json && ofJsonSequence(body, calls)) {
            return calls;
        }
        calls.clear();
        Matcher named = NAMED_ARGUMENTS.matcher(body);
        if (named.matches()
                && names.contains(named.group(1))
                && json(named.group(2)) instanceof Map<?, ?> arguments) {
            return List.of(new ToolCall(named.group(1), strings(arguments)));
        }
        ToolCall gemma = GemmaCalls.parse(body);
        if (gemma != null) {
            return names.contains(gemma.name()) ? List.of(gemma) : List.of();
        }
        List<ToolCall> python = PythonCalls.parse(body);
        boolean known = python.stream().allMatch(c -> names.contains(c.name()));
        return known ? python : List.of();
    }

    // Values one after another, with spaces, commas or semicolons between.
    private boolean ofJsonSequence(String body, List<ToolCall> calls) {
        int from = 0;
        while (from < body.length()) {
            int end = endOfValue(body, from);
            if (end < 0 || !ofJson(json(body.substring(from, end)), calls)) {
                return false;
            }
            from = end;
            while (from < body.length() && " \t\r\n,;".indexOf(body.charAt(from)) >= 0) {
                from++;
            }
        }
        return !calls.isEmpty();
    }

    private boolean ofJson(@Nullable Object value, List<ToolCall> calls) {
        if (value instanceof List<?> list) {
            return !list.isEmpty() && list.stream().allMatch(v -> ofJson(v, calls));
        }
        if (!(value instanceof Map<?, ?> map)) {
            return false;
        }
        if (map.get("function") instanceof Map<?, ?> inner) {
            return ofJson(inner, calls);
        }
        Object name = map.containsKey("name") ? map.get("name") : map.get("tool_name");
        Object given = map.containsKey("arguments") ? map.get("arguments") : map.get("parameters");
        Object arguments = given instanceof String text ? json(text) : given;
        if (!(name instanceof String called) || !names.contains(called)) {
            return false;
        }
        if (arguments != null && !(arguments instanceof Map<?, ?>)) {
            return false;
        }
        calls.add(
                new ToolCall(
                        called,
                        arguments instanceof Map<?, ?> values ? strings(values) : Map.of()));
        return true;
    }

    private static Map<String, @Nullable Object> strings(Map<?, ?> map) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        map.forEach((key, value) -> values.put(String.valueOf(key), value));
        return values;
    }

    private static @Nullable Object json(String text) {
        try {
            return Json.parse(text);
        } catch (JsonException _) {
            return null;
        }
    }

    /// Where the object or array that begins at `from` ends; -1 when it does not.
    static int endOfValue(String text, int from) {
        int depth = 0;
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return i + 1;
            }
            if (depth == 0) {
                return -1;
            }
        }
        return -1;
    }
}
