package dev.jebena.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Splits an answer into text and tool calls while it is being made. Text that may be the beginning
/// of a mark is held back; what turns out to be no call comes out as text.
final class ToolCallReader {
    /// Where calls begin and end. An end of null is the end of the answer.
    private record Mark(String start, @Nullable String end, boolean onlyFirst) {}

    // Hermes, Qwen; Mistral; Llama 3; Gemma; calls as bare JSON when the whole answer is one.
    private static final List<Mark> MARKS =
            List.of(
                    new Mark("<tool_call>", "</tool_call>", false),
                    new Mark("<function_call>", "</function_call>", false),
                    new Mark("[TOOL_CALLS]", null, false),
                    new Mark("<|python_tag|>", null, false),
                    new Mark("```tool_code", "```", false),
                    new Mark("```tool_call", "```", false),
                    new Mark("```json", "```", false),
                    new Mark("{", null, true),
                    new Mark("[", null, true));

    private final ToolCallParser parser;
    private final List<ToolCall> calls = new ArrayList<>();
    private final StringBuilder held = new StringBuilder();
    private @Nullable Mark inside;
    private boolean begun;

    ToolCallReader(Set<String> names) {
        parser = new ToolCallParser(names);
    }

    /// All calls so far.
    List<ToolCall> calls() {
        return calls;
    }

    /// Takes the next piece of the answer; returns the text that is surely no part of a call.
    String add(String piece) {
        held.append(piece);
        StringBuilder out = new StringBuilder();
        boolean more = true;
        while (more) {
            more = inside == null ? outside(out) : within(out, inside);
        }
        return out.toString();
    }

    /// Ends the answer; returns the text that was held back and is no call.
    String end() {
        String rest = held.toString();
        held.setLength(0);
        Mark mark = inside;
        if (mark == null) {
            return calls.isEmpty() ? rest : rest.stripTrailing();
        }
        inside = null;
        String body = rest.substring(mark.onlyFirst() ? 0 : mark.start().length());
        List<ToolCall> found = parser.parse(body);
        if (found.isEmpty()) {
            return rest;
        }
        calls.addAll(found);
        return "";
    }

    private boolean outside(StringBuilder out) {
        if (!begun) {
            int first = 0;
            while (first < held.length() && Character.isWhitespace(held.charAt(first))) {
                first++;
            }
            if (first == held.length()) {
                return false;
            }
        }
        int start = Integer.MAX_VALUE;
        Mark next = null;
        String text = held.toString();
        for (Mark mark : MARKS) {
            int at = find(text, mark);
            if (at >= 0 && at < start) {
                start = at;
                next = mark;
            }
        }
        if (next != null && !text.substring(0, start).isBlank()) {
            begun = true;
        }
        int safe = next != null ? start : text.length() - possibleStart(text);
        emit(out, text.substring(0, safe));
        held.delete(0, safe);
        inside = next;
        begun |= safe > 0 && !text.substring(0, safe).isBlank();
        return next != null;
    }

    // Space between calls is no text.
    private void emit(StringBuilder out, String text) {
        if (!calls.isEmpty() && text.isBlank()) {
            return;
        }
        if (!text.isBlank() || begun) {
            out.append(text);
        }
    }

    private int find(String text, Mark mark) {
        if (!mark.onlyFirst()) {
            return text.indexOf(mark.start());
        }
        int first = text.length() - text.stripLeading().length();
        return !begun && calls.isEmpty() && text.startsWith(mark.start(), first) ? first : -1;
    }

    /// Length of the longest end of `text` that may be the beginning of a mark.
    private static int possibleStart(String text) {
        int longest = 0;
        for (Mark mark : MARKS) {
            for (int n = Math.min(mark.start().length() - 1, text.length()); n > longest; n--) {
                if (text.endsWith(mark.start().substring(0, n))) {
                    longest = n;
                }
            }
        }
        return longest;
    }

    private boolean within(StringBuilder out, Mark mark) {
        String end = mark.end();
        int from = mark.start().length();
        int close = end == null ? -1 : held.indexOf(end, from);
        if (close < 0 || end == null) {
            return false;
        }
        List<ToolCall> found = parser.parse(held.substring(from, close));
        String whole = held.substring(0, close + end.length());
        held.delete(0, whole.length());
        inside = null;
        begun = true;
        if (found.isEmpty()) {
            out.append(whole);
        } else {
            calls.addAll(found);
        }
        return true;
    }
}
