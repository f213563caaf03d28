package dev.jebena.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Splits an answer into text and tool calls while it is being made. Text that may be the beginning
/// of a mark is held back; what turns out to be no call comes out as text.
public final class ToolCallReader {
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

    /// Whether text or a mark has come.
    private boolean begun;

    /// At the beginning and after a call: space here is held back, as it is no text if a call
    /// follows.
    private boolean fresh = true;

    /// @param names functions that there are; calls of others are text
    public ToolCallReader(Set<String> names) {
        parser = new ToolCallParser(names);
    }

    /// The calls that a whole text is, without marks: what a forced call looks like.
    public static List<ToolCall> callsIn(String text, Set<String> names) {
        return new ToolCallParser(names).parse(text);
    }

    /// All calls so far.
    public List<ToolCall> calls() {
        return calls;
    }

    /// Takes the next piece of the answer; returns the text that is surely no part of a call.
    public String add(String piece) {
        held.append(piece);
        StringBuilder out = new StringBuilder();
        boolean more = true;
        while (more) {
            more = inside == null ? outside(out) : within(out, inside);
        }
        return out.toString();
    }

    /// Ends the answer; returns the text that was held back and is no call.
    public String end() {
        String rest = held.toString();
        held.setLength(0);
        Mark mark = inside;
        if (mark == null) {
            return fresh && !calls.isEmpty() && rest.isBlank() ? "" : rest;
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
        String text = held.toString();
        if (fresh && text.isBlank()) {
            return false;
        }
        int start = Integer.MAX_VALUE;
        Mark next = null;
        for (Mark mark : MARKS) {
            int at = find(text, mark);
            if (at >= 0 && at < start) {
                start = at;
                next = mark;
            }
        }
        int unsure = text.length() - possibleStart(text);
        if (next != null && next.onlyFirst() && unsure <= start) {
            return false;
        }
        String safe = text.substring(0, next != null ? start : unsure);
        if (fresh && safe.isBlank()) {
            if (next == null) {
                return false;
            }
        } else {
            out.append(safe);
            fresh = false;
            begun = true;
        }
        held.delete(0, safe.length());
        inside = next;
        begun |= next != null;
        return next != null;
    }

    private int find(String text, Mark mark) {
        if (!mark.onlyFirst()) {
            return text.indexOf(mark.start());
        }
        int first = text.length() - text.stripLeading().length();
        return !begun && text.startsWith(mark.start(), first) ? first : -1;
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
        fresh = !found.isEmpty();
        if (found.isEmpty()) {
            out.append(whole);
        } else {
            calls.addAll(found);
        }
        return true;
    }
}
