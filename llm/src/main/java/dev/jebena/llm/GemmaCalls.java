package dev.jebena.llm;

import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads FunctionGemma's calls: `call:get_weather{city:<escape>Paris<escape>,days:3}`.
final class GemmaCalls {
    private static final Pattern HEAD = Pattern.compile("\\s*call:([A-Za-z0-9_.-]+)\\s*\\{");
    private static final int MAX_DEPTH = 50;

    /// Stands for what is no value.
    private static final Object BAD = new Object();

    private final String text;
    private int at;

    private GemmaCalls(String text, int at) {
        this.text = text;
        this.at = at;
    }

    /// The call that `text` is; null when it is something else.
    static @Nullable ToolCall parse(String text) {
        Matcher head = HEAD.matcher(text);
        if (!head.lookingAt()) {
            return null;
        }
        GemmaCalls calls = new GemmaCalls(text, head.end());
        Map<String, @Nullable Object> arguments = calls.members(0);
        boolean whole = arguments != null && text.substring(calls.at).isBlank();
        return arguments != null && whole ? new ToolCall(head.group(1), arguments) : null;
    }

    /// What follows an open brace; null when it is not well formed.
    private @Nullable Map<String, @Nullable Object> members(int depth) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (skip('}')) {
            return members;
        }
        do {
            int colon = text.indexOf(':', at);
            if (colon < 0) {
                return null;
            }
            String key = text.substring(at, colon).strip();
            at = colon + 1;
            Object value = value(depth + 1);
            if (value == BAD) {
                return null;
            }
            members.put(key, value);
        } while (skip(','));
        return skip('}') ? members : null;
    }

    private @Nullable Object value(int depth) {
        if (depth > MAX_DEPTH) {
            return BAD;
        }
        if (skip('{')) {
            Map<String, @Nullable Object> members = members(depth);
            return members == null ? BAD : members;
        }
        if (skip('[')) {
            return items(depth);
        }
        if (text.startsWith(GemmaArguments.ESCAPE, at)) {
            int begin = at + GemmaArguments.ESCAPE.length();
            int end = text.indexOf(GemmaArguments.ESCAPE, begin);
            if (end < 0) {
                return BAD;
            }
            at = end + GemmaArguments.ESCAPE.length();
            return text.substring(begin, end);
        }
        return plain();
    }

    private Object items(int depth) {
        List<@Nullable Object> items = new ArrayList<>();
        if (skip(']')) {
            return items;
        }
        do {
            Object item = value(depth + 1);
            if (item == BAD) {
                return BAD;
            }
            items.add(item);
        } while (skip(','));
        return skip(']') ? items : BAD;
    }

    /// A number, word or text in quotes, as in JSON; anything else is text.
    private @Nullable Object plain() {
        int end = at;
        boolean quoted = false;
        while (end < text.length() && (quoted || ",}]".indexOf(text.charAt(end)) < 0)) {
            char c = text.charAt(end);
            end += quoted && c == '\\' && end + 1 < text.length() ? 2 : 1;
            quoted ^= c == '"';
        }
        String word = text.substring(at, end).strip();
        at = end;
        try {
            return Json.parse(word);
        } catch (JsonException _) {
            return word.isEmpty() ? BAD : word;
        }
    }

    private boolean skip(char c) {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }
}
