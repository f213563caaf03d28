package dev.jebena.llm;

import dev.jebena.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Splits an answer into text and tool calls while it is being made. Text that may be the beginning
/// of a mark is held back; what turns out to be no call comes out as text. Arguments are told as
/// far as they go, once a call is sure to be one. The result does not depend on how the answer is
/// cut into pieces.
public final class ToolCallReader {
    /// A call as the model wrote it.
    ///
    /// @param arguments JSON as far as it goes
    public record Written(String name, String arguments) {}

    /// Marks of calls that vocabularies have as special tokens.
    public static final Set<String> SPECIAL = CallMark.SPECIAL;

    private final ToolCallParser parser;
    private final Set<String> names;
    private final XmlCalls xml;
    private final List<ToolCall> calls = new ArrayList<>();
    private final List<Written> written = new ArrayList<>();
    private final StringBuilder held = new StringBuilder();
    private @Nullable CallMark inside;
    private CallProgress progress;
    private int watched;
    private XmlCalls.@Nullable Partial tags;

    /// Whether text or a mark has come.
    private boolean begun;

    /// At the beginning and after a call: space here is held back, as it is no text if a call
    /// follows.
    private boolean fresh = true;

    /// @param tools that there are; calls of others are text
    public ToolCallReader(List<Tool> tools) {
        names = tools.stream().map(Tool::name).collect(Collectors.toUnmodifiableSet());
        parser = new ToolCallParser(names);
        xml = new XmlCalls(tools);
        progress = new CallProgress(names);
    }

    /// @param names functions whose schemas are not known
    public ToolCallReader(Set<String> names) {
        this(names.stream().map(name -> new Tool(name, Map.of(), Tool.NO_PARAMETERS)).toList());
    }

    /// All calls that are complete.
    public List<ToolCall> calls() {
        return calls;
    }

    /// The calls as they were written; of those under way what is known of their arguments.
    public List<Written> written() {
        List<Written> all = new ArrayList<>(written);
        for (CallProgress.Begun call : streamed()) {
            all.add(new Written(call.name, call.arguments.toString()));
        }
        if (tags != null && streamed().isEmpty()) {
            String json = Json.write(tags.arguments());
            boolean any = !tags.arguments().isEmpty();
            all.add(new Written(tags.name(), any ? json.substring(0, json.length() - 1) : ""));
        }
        return all;
    }

    /// How many of them are under way.
    public int open() {
        return streamed().isEmpty() ? (tags == null ? 0 : 1) : streamed().size();
    }

    /// The calls in JSON under way; none where arguments between tags have come first.
    private List<CallProgress.Begun> streamed() {
        return tags == null || tags.arguments().isEmpty() ? progress.begun() : List.of();
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
        CallMark mark = inside;
        if (mark == null) {
            held.setLength(0);
            return fresh && !calls.isEmpty() && rest.isBlank() ? "" : rest;
        }
        watch(mark, held.length());
        held.setLength(0);
        return close(rest.substring(mark.length()), rest);
    }

    private boolean outside(StringBuilder out) {
        String text = held.toString();
        if (fresh && text.isBlank()) {
            return false;
        }
        int start = Integer.MAX_VALUE;
        CallMark next = null;
        for (CallMark mark : CallMark.ALL) {
            int at = find(text, mark);
            if (at >= 0 && at < start) {
                start = at;
                next = mark;
            }
        }
        int unsure = text.length() - CallMark.possibleStart(text);
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
        watched = next == null ? 0 : next.length();
        begun |= next != null;
        return next != null;
    }

    private int find(String text, CallMark mark) {
        if (!mark.onlyFirst()) {
            return text.indexOf(mark.start());
        }
        int first = text.length() - text.stripLeading().length();
        return !begun && text.startsWith(mark.start(), first) ? first : -1;
    }

    private boolean within(StringBuilder out, CallMark mark) {
        String end = mark.end();
        int from = mark.length();
        int at = end == null ? -1 : held.indexOf(end, from);
        if (at < 0 || end == null) {
            watch(mark, held.length() - (end == null ? 0 : CallMark.overlap(held, end)));
            return false;
        }
        String body = held.substring(from, at);
        String whole = held.substring(0, at + end.length());
        watch(mark, at);
        held.delete(0, whole.length());
        out.append(close(body, whole));
        return true;
    }

    /// Follows what has come of a call.
    private void watch(CallMark mark, int limit) {
        while (watched < limit) {
            char c = held.charAt(watched++);
            progress.add(c);
            if (c == '>' && streamed().isEmpty()) {
                XmlCalls.Partial partial = xml.parse(held.substring(mark.length(), watched));
                tags = partial == null ? tags : partial;
            }
        }
    }

    /// Ends a call; returns it as text where it is none.
    private String close(String body, String whole) {
        List<ToolCall> found = parser.parse(body);
        List<CallProgress.Begun> streamed = streamed();
        if (found.isEmpty()) {
            XmlCalls.Partial partial = streamed.isEmpty() ? xml.parse(body) : null;
            found =
                    partial != null && partial.complete()
                            ? List.of(new ToolCall(partial.name(), partial.arguments()))
                            : streamed.isEmpty() ? List.of() : progress.complete();
        }
        boolean cut = found.isEmpty() && (!streamed.isEmpty() || tags != null);
        if (cut) {
            // Its beginning has been told already.
            List<Written> told = written();
            written.clear();
            written.addAll(told);
        }
        for (int i = 0; i < found.size(); i++) {
            ToolCall call = found.get(i);
            String arguments =
                    i < streamed.size()
                            ? streamed.get(i).arguments.toString()
                            : Json.write(call.arguments());
            written.add(new Written(call.name(), arguments));
        }
        calls.addAll(found);
        progress = new CallProgress(names);
        tags = null;
        inside = null;
        fresh = !found.isEmpty() || cut;
        return fresh ? "" : whole;
    }
}
