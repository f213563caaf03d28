package dev.jebena.cli;

import dev.jebena.llm.ReasoningText;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells an answer's thinking apart while it is being printed.
final class ThinkingOutput {
    private final @Nullable ReasoningText reasoning;
    private final Consumer<String> out;
    private final StringBuilder thought = new StringBuilder();

    /// @param reasoning null for a model that does not think
    /// @param out gets the thinking as it comes
    ThinkingOutput(@Nullable ReasoningText reasoning, Consumer<String> out) {
        this.reasoning = reasoning;
        this.out = out;
    }

    /// Takes a piece; returns what of it is answer.
    String add(String piece) {
        if (reasoning == null) {
            return piece;
        }
        String answer = reasoning.add(piece);
        takeThought(reasoning);
        return answer;
    }

    /// Ends it; returns the rest of the answer.
    String end() {
        if (reasoning == null) {
            return "";
        }
        String answer = reasoning.end();
        takeThought(reasoning);
        return answer;
    }

    private void takeThought(ReasoningText source) {
        String fresh = source.takeThought();
        if (!fresh.isEmpty()) {
            thought.append(fresh);
            out.accept(fresh);
        }
    }

    /// All thinking so far.
    String thought() {
        return thought.toString();
    }
}
