package dev.jebena.llm;

import dev.jebena.tokenizers.ChatTemplate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a family of models writes around its thinking.
public record ReasoningMarks(String start, String end) {
    // DeepSeek R1, Qwen 3 and most others; Magistral; Seed; Command A; Kimi; Apertus.
    private static final List<ReasoningMarks> KNOWN =
            List.of(
                    new ReasoningMarks("<think>", "</think>"),
                    new ReasoningMarks("[THINK]", "[/THINK]"),
                    new ReasoningMarks("<seed:think>", "</seed:think>"),
                    new ReasoningMarks("<|START_THINKING|>", "<|END_THINKING|>"),
                    new ReasoningMarks("◁think▷", "◁/think▷"),
                    new ReasoningMarks("<|inner_prefix|>", "<|inner_suffix|>"));

    /// gpt-oss, whose thinking is a message of its own.
    private static final ReasoningMarks HARMONY = new ReasoningMarks(Harmony.THINKING, Harmony.END);

    /// The marks of a model: those that its chat template writes or looks for, else those that are
    /// tokens of its vocabulary. Null for a model that does not think.
    public static @Nullable ReasoningMarks of(Llm llm, @Nullable ChatTemplate template) {
        String source = template == null ? "" : template.source();
        if (source.contains(HARMONY.start)) {
            return HARMONY;
        }
        for (ReasoningMarks marks : KNOWN) {
            if (source.contains(marks.end) || source.contains(marks.start)) {
                return marks;
            }
        }
        for (ReasoningMarks marks : KNOWN) {
            boolean begins = llm.tokenizer().id(marks.start).isPresent();
            if (begins && llm.tokenizer().id(marks.end).isPresent()) {
                return marks;
            }
        }
        return null;
    }

    /// Whether the answer consists of messages, as gpt-oss's do.
    boolean messages() {
        return equals(HARMONY);
    }

    /// The special tokens that are to be shown to [ReasoningText].
    public Set<String> tokens() {
        return messages() ? Harmony.TOKENS : Set.of(start, end);
    }

    /// The options with the engine's part of the thinking: its budget, and a constraint that waits
    /// for the answer.
    ///
    /// @param open whether the prompt has begun the thinking already
    /// @param budget tokens of it at most; -1 for any number
    public Generation over(Generation options, boolean open, int budget) {
        Constraint constraint = options.constraint();
        if (messages()) {
            return constraint == null
                    ? options
                    : options.constraint(Harmony.answer(constraint, open));
        }
        return budget < 0 && constraint == null
                ? options
                : options.reasoning(new Reasoning(start, end, open, budget));
    }

    /// Whether a prompt ends inside thinking, which the answer goes on with.
    public boolean openIn(String prompt) {
        return prompt.stripTrailing().endsWith(start);
    }
}
