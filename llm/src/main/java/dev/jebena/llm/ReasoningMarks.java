package dev.jebena.llm;

import dev.jebena.tokenizers.ChatTemplate;
import java.util.List;
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

    /// The marks of a model: those that its chat template writes or looks for, else those that are
    /// tokens of its vocabulary. Null for a model that does not think.
    public static @Nullable ReasoningMarks of(Llm llm, @Nullable ChatTemplate template) {
        String source = template == null ? "" : template.source();
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

    /// Whether a prompt ends inside thinking, which the answer goes on with.
    public boolean openIn(String prompt) {
        return prompt.stripTrailing().endsWith(start);
    }
}
