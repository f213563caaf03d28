package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a request says about thinking.
///
/// @param enabled whether the model is to think; null to leave it to the model
/// @param effort how much, in the words that its template knows; null where the request has none
/// @param budget tokens of thinking at most; -1 for any number
/// @param split whether thinking is told apart from the answer
record ThinkingWish(@Nullable Boolean enabled, @Nullable String effort, int budget, boolean split) {
    static final ThinkingWish NONE = new ThinkingWish(null, null, -1, true);

    private static final List<String> BUDGETS =
            List.of(
                    "reasoning_budget",
                    "thinking_budget",
                    "thinking_budget_tokens",
                    "thinking_token_budget");

    /// Fields of OpenAI, llama.cpp, vLLM and what others have added to their protocols.
    static ThinkingWish ofOpenAi(RequestFields request) {
        String format = request.string("reasoning_format", "auto");
        boolean split =
                switch (format) {
                    case "none" -> false;
                    case "auto", "deepseek" -> true;
                    case "deepseek-legacy" ->
                            throw request.invalid(
                                    "reasoning_format", "deepseek-legacy is not supported");
                    default ->
                            throw request.invalid(
                                    "reasoning_format",
                                    "expected none, auto or deepseek, found " + format);
                };
        int budget = -1;
        for (String name : BUDGETS) {
            budget = request.integer(name, -1, Integer.MAX_VALUE, budget);
        }
        RequestFields nested = request.object("reasoning");
        String effort = request.string("reasoning_effort");
        if (effort == null && nested != null) {
            effort = nested.string("effort");
        }
        boolean off = "none".equals(effort) || budget == 0;
        return new ThinkingWish(asked(request, off), effort, budget, split);
    }

    private static @Nullable Boolean asked(RequestFields request, boolean off) {
        RequestFields extra = request.object("chat_template_kwargs");
        if (extra != null && extra.has("enable_thinking")) {
            return extra.flag("enable_thinking", true);
        }
        return off ? Boolean.FALSE : null;
    }

    /// Variables for chat templates, which know one or another of them.
    Map<String, @Nullable Object> variables() {
        Map<String, @Nullable Object> variables = HttpJson.object();
        if (enabled != null) {
            variables.put("enable_thinking", enabled);
            variables.put("thinking", enabled);
        }
        if (effort != null && !effort.equals("none")) {
            variables.put("reasoning_effort", effort);
        }
        return variables;
    }
}
