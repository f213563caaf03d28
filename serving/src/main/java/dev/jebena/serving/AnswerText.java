package dev.jebena.serving;

import dev.jebena.llm.ReasoningText;
import dev.jebena.llm.ToolCallReader;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One answer of a chat while it is being made: thinking, text, and tool calls with their JSON
/// arguments.
final class AnswerText {
    /// A call ready to be sent.
    record Call(String name, String arguments) {}

    private static final Pattern CUT_CALL =
            Pattern.compile(
                    "\\{\\s*\"name\"\\s*:\\s*\"([^\"]+)\"\\s*,\\s*\"arguments\"\\s*:\\s*(.*)",
                    Pattern.DOTALL);

    private final ToolChoice choice;
    private final @Nullable ToolCallReader reader;
    private final @Nullable ReasoningText reasoning;
    private final StringBuilder forced = new StringBuilder();
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder thought = new StringBuilder();
    private int told;
    private int thinkingTokens;
    private List<Call> calls = List.of();

    /// Of a model that does not think.
    AnswerText(ToolChoice choice) {
        this(choice, Thinking.NONE);
    }

    AnswerText(ToolChoice choice, Thinking thinking) {
        this.choice = choice;
        reasoning = thinking.text();
        boolean calls = choice.kind() != ToolChoice.Kind.NONE;
        reader = calls ? new ToolCallReader(choice.tools()) : null;
    }

    /// Takes the text of the next token; returns the text to show now.
    String add(String piece) {
        if (reasoning == null) {
            return answer(piece);
        }
        boolean before = reasoning.thinking();
        String rest = reasoning.add(piece);
        thought.append(reasoning.takeThought());
        thinkingTokens += before || reasoning.thinking() ? 1 : 0;
        return rest.isEmpty() ? "" : answer(rest);
    }

    private String answer(String piece) {
        String text = reader == null ? piece : reader.add(piece);
        if (choice.kind() == ToolChoice.Kind.FORCED) {
            forced.append(piece);
            return "";
        }
        return shown(text);
    }

    /// Ends the answer; returns the text that remains to be shown.
    String end() {
        String rest = reasoning == null ? "" : answer(reasoning.end());
        if (reasoning != null) {
            thought.append(reasoning.takeThought());
        }
        String last = reader == null ? "" : reader.end();
        if (choice.kind() == ToolChoice.Kind.FORCED) {
            if (begun().isEmpty()) {
                calls = List.of(cutCall(forced.toString()));
            }
            return "";
        }
        return rest + shown(last);
    }

    private String shown(String text) {
        content.append(text);
        return text;
    }

    /// The calls that are complete; all of them after `end`.
    List<Call> calls() {
        List<Call> all = begun();
        return reader == null ? all : all.subList(0, all.size() - reader.open());
    }

    /// The calls so far, those under way with what is known of their arguments. Later calls of this
    /// only add to them.
    List<Call> begun() {
        if (reader == null || !calls.isEmpty()) {
            return calls;
        }
        return reader.written().stream()
                .map(call -> new Call(call.name(), call.arguments()))
                .toList();
    }

    String content() {
        return content.toString();
    }

    /// All thinking so far.
    String thought() {
        return thought.toString();
    }

    /// The thinking that has come since this was asked last.
    String takeThought() {
        String fresh = thought.substring(told);
        told = thought.length();
        return fresh;
    }

    /// Tokens of the thinking, its marks included.
    int thinkingTokens() {
        return thinkingTokens;
    }

    // A call that the token limit cut short before its arguments is passed on as far as it goes:
    // they are no JSON then, and the finish reason says why.
    private Call cutCall(String text) {
        Matcher cut = CUT_CALL.matcher(text);
        return cut.find()
                ? new Call(cut.group(1), cut.group(2))
                : new Call(choice.tools().getFirst().name(), "");
    }
}
