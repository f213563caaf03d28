package dev.jebena.llm;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where tool calls begin and end in an answer.
///
/// @param end null for the end of the answer
/// @param onlyFirst whether it is a mark only at the beginning of the answer, and itself a part of
///   the call
record CallMark(String start, @Nullable String end, boolean onlyFirst) {
    // Hermes, Qwen, GLM; Functionary; Mistral; Llama 3; Phi 4 mini, Granite; DeepSeek; Command A;
    // FunctionGemma; Gemma; calls as bare JSON or Python when the whole answer is one.
    static final List<CallMark> ALL =
            List.of(
                    of("<tool_call>", "</tool_call>"),
                    of("<function_call>", "</function_call>"),
                    of("<function=", "</function>"),
                    of("[TOOL_CALLS]", null),
                    of("<|python_tag|>", null),
                    of("<|tool_call|>", "<|/tool_call|>"),
                    of("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>"),
                    of("<|START_ACTION|>", "<|END_ACTION|>"),
                    of("<start_function_call>", "<end_function_call>"),
                    of("```tool_code", "```"),
                    of("```tool_call", "```"),
                    of("```json", "```"),
                    new CallMark("{", null, true),
                    new CallMark("[", null, true));

    /// Marks, and what stands between them, that vocabularies have as special tokens.
    static final Set<String> SPECIAL =
            Stream.concat(
                            ALL.stream()
                                    .flatMap(mark ->
                                            Stream.of(mark.start, String.valueOf(mark.end))),
                            Stream.of(
                                    "[ARGS]",
                                    GemmaArguments.ESCAPE,
                                    "<｜tool▁call▁begin｜>",
                                    "<｜tool▁sep｜>",
                                    "<｜tool▁call▁end｜>"))
                    .collect(Collectors.toUnmodifiableSet());

    private static CallMark of(String start, @Nullable String end) {
        return new CallMark(start, end, false);
    }

    /// Characters before the call itself.
    int length() {
        return onlyFirst ? 0 : start.length();
    }

    /// Length of the longest end of `text` that may be the beginning of a mark.
    static int possibleStart(String text) {
        int longest = 0;
        for (CallMark mark : ALL) {
            longest = Math.max(longest, overlap(text, mark.start));
        }
        return longest;
    }

    /// Length of the longest end of `text` that is the beginning of `mark`, but not all of it.
    static int overlap(CharSequence text, String mark) {
        int length = text.length();
        for (int n = Math.min(mark.length() - 1, length); n > 0; n--) {
            if (mark.contentEquals(text.subSequence(length - n, length) + mark.substring(n))) {
                return n;
            }
        }
        return 0;
    }
}
