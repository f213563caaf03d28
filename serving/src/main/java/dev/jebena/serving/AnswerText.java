package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import dev.jebena.llm.ToolCall;
import dev.jebena.llm.ToolCallReader;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One answer of a chat while it is being made: text, and tool calls with their JSON arguments.
final class AnswerText {
    /// A call ready to be sent.
    record Call(String name, String arguments) {}

    private static final Pattern CUT_CALL =
            Pattern.compile(
                    "\\s*\\{\\s*\"name\"\\s*:\\s*\"([^\"]+)\"\\s*,\\s*\"arguments\"\\s*:\\s*(.*)",
                    Pattern.DOTALL);

    private final ToolChoice choice;
    private final @Nullable ToolCallReader reader;
    private final StringBuilder forced = new StringBuilder();
    private final StringBuilder content = new StringBuilder();
    private List<Call> calls = List.of();

    AnswerText(ToolChoice choice) {
        this.choice = choice;
        reader = choice.kind() == ToolChoice.Kind.AUTO ? new ToolCallReader(choice.names()) : null;
    }

    /// Takes the next piece; returns the text to show now.
    String add(String piece) {
        if (choice.kind() == ToolChoice.Kind.FORCED) {
            forced.append(piece);
            return "";
        }
        return shown(reader == null ? piece : reader.add(piece));
    }

    /// Ends the answer; returns the text that remains to be shown.
    String end() {
        if (choice.kind() == ToolChoice.Kind.FORCED) {
            calls = List.of(forcedCall(forced.toString()));
            return "";
        }
        if (reader == null) {
            return "";
        }
        String rest = shown(reader.end());
        calls = calls(reader.calls());
        return rest;
    }

    private String shown(String text) {
        content.append(text);
        return text;
    }

    /// The calls that are complete; all of them after `end`.
    List<Call> calls() {
        return reader != null && calls.isEmpty() ? calls(reader.calls()) : calls;
    }

    private static List<Call> calls(List<ToolCall> calls) {
        return calls.stream().map(c -> new Call(c.name(), HttpJson.text(c.arguments()))).toList();
    }

    String content() {
        return content.toString();
    }

    // A call that the token limit cut short is passed on as far as it goes: the arguments are no
    // JSON then, and the finish reason says why.
    private Call forcedCall(String text) {
        List<ToolCall> parsed = ToolCallReader.callsIn(text, choice.names());
        if (!parsed.isEmpty()) {
            return calls(parsed).getFirst();
        }
        Matcher cut = CUT_CALL.matcher(text);
        return cut.matches()
                ? new Call(cut.group(1), cut.group(2))
                : new Call(choice.tools().getFirst().name(), "");
    }
}
