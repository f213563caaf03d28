package dev.jebena.llm;

import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Watches calls with JSON arguments while they are being written, and tells the arguments as far
/// as they go: `{"name": ..., "arguments": {...}}` alone, one after the other or in an array, and a
/// name followed by its arguments, with the marks between them that Mistral, DeepSeek and
/// Functionary write. Calls of another form are not seen here.
final class CallProgress {
    /// A call whose name is known and whose arguments have begun.
    static final class Begun {
        final String name;
        final StringBuilder arguments = new StringBuilder();
        boolean complete;

        Begun(String name) {
            this.name = name;
        }
    }

    /// What stands around names and arguments.
    private static final Pattern MARKS =
            Pattern.compile(
                    "<｜[^｜]{0,30}｜>|\\[(?:ARGS|TOOL_CALLS|CALL_ID)]|```(?:json)?|[>,;\\s\\[\\]]");

    private static final int MOST_LEAD = 200;

    private final Set<String> names;
    private final List<Begun> begun = new ArrayList<>();
    private final StringBuilder token = new StringBuilder();
    private final StringBuilder early = new StringBuilder();
    private final StringBuilder lead = new StringBuilder();
    private @Nullable String key;
    private @Nullable String name;
    private @Nullable Begun current;
    private int depth;
    private int callDepth = -1;
    private int objects;
    private boolean quoted;
    private boolean escaped;
    private boolean recording;
    private boolean named;

    CallProgress(Set<String> names) {
        this.names = names;
    }

    /// The calls from the first on, without a gap; the last may go on.
    List<Begun> begun() {
        return begun;
    }

    /// The calls, if they all are complete and nothing but calls has come.
    List<ToolCall> complete() {
        List<ToolCall> calls = new ArrayList<>();
        for (Begun each : begun) {
            Map<String, @Nullable Object> arguments = object(each.arguments.toString());
            if (!each.complete || arguments == null) {
                return List.of();
            }
            calls.add(new ToolCall(each.name, arguments));
        }
        return begun.size() == objects && quiet(lead) ? calls : List.of();
    }

    private static boolean quiet(CharSequence text) {
        return MARKS.matcher(text).replaceAll(" ").isBlank();
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Map<String, @Nullable Object> object(String json) {
        try {
            return Json.parse(json) instanceof Map<?, ?> map
                    ? (Map<String, @Nullable Object>) map
                    : null;
        } catch (JsonException _) {
            return null;
        }
    }

    void add(char c) {
        if (callDepth < 0 && c != '{') {
            lead.append(c);
            lead.delete(0, Math.max(0, lead.length() - MOST_LEAD));
        }
        if (recording) {
            record(c);
        }
        if (quoted) {
            quote(c);
        } else if (c == '"') {
            quoted = true;
            token.setLength(0);
        } else if (c == '{' || c == '[') {
            open(c);
        } else if (c == '}' || c == ']') {
            close();
        } else if (depth == callDepth && c == ',') {
            key = null;
        } else if (depth == callDepth && c == ':') {
            key = unquoted();
        }
    }

    private void quote(char c) {
        if (escaped || c == '\\') {
            escaped = !escaped;
            token.append(c);
        } else if (c == '"') {
            quoted = false;
            if (depth == callDepth && ("name".equals(key) || "tool_name".equals(key))) {
                name = unquoted();
                flush();
            }
        } else {
            token.append(c);
        }
    }

    private @Nullable String unquoted() {
        try {
            return Json.parse('"' + token.toString() + '"') instanceof String text ? text : null;
        } catch (JsonException _) {
            return null;
        }
    }

    private void open(char c) {
        if (callDepth < 0 && c == '{') {
            String before = leading();
            objects++;
            current = null;
            early.setLength(0);
            key = null;
            lead.setLength(0);
            name = before;
            recording = before != null;
            callDepth = recording ? depth : depth + 1;
            if (recording) {
                record(c);
            }
        } else if (depth == callDepth && c == '{' && isArguments() && early.isEmpty()) {
            recording = true;
            record(c);
        }
        depth++;
    }

    /// The known name right before an object that is its arguments.
    private @Nullable String leading() {
        String text = MARKS.matcher(lead).replaceAll(" ").strip();
        String word = text.substring(text.lastIndexOf(' ') + 1);
        named = names.contains(word);
        return named ? word : null;
    }

    private boolean isArguments() {
        return "arguments".equals(key) || "parameters".equals(key);
    }

    private void close() {
        depth--;
        if (depth == callDepth) {
            if (recording && current != null) {
                current.complete = true;
            }
            recording = false;
            callDepth = name != null && named ? -1 : callDepth;
        } else if (depth < callDepth) {
            callDepth = -1;
        }
    }

    private void record(char c) {
        early.append(c);
        if (current != null) {
            current.arguments.append(c);
        } else {
            flush();
        }
    }

    /// Begins the call once its name and the beginning of its arguments are there.
    private void flush() {
        // A gap would let a later call overtake an earlier one of another form.
        boolean next = begun.size() == objects - 1;
        if (current == null && name != null && !early.isEmpty() && names.contains(name) && next) {
            current = new Begun(name);
            current.arguments.append(early);
            begun.add(current);
        }
    }
}
