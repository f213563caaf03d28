package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import dev.jebena.llm.Answer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What vLLM's fields add to a reply.
///
/// @param stopInText whether the stop string that ended an answer is part of its text
/// @param tokenIds whether the ids of prompt and answer are told
/// @param idsAsNames whether log-probabilities name tokens by their ids
/// @param promptLogprobs likeliest tokens to tell for each token of the prompt; -1 for none
record ReplyFields(boolean stopInText, boolean tokenIds, boolean idsAsNames, int promptLogprobs) {
    private static final int MOST_LOGPROBS = 20;

    /// Throws [dev.jebena.base.HttpException] 400 for what does not go together.
    static ReplyFields of(RequestFields request) {
        int prompt = request.integer("prompt_logprobs", 0, MOST_LOGPROBS, -1);
        if (prompt >= 0 && request.flag("stream", false)) {
            throw request.invalid("prompt_logprobs", "is not possible with a stream");
        }
        return new ReplyFields(
                request.flag("include_stop_str_in_output", false),
                request.flag("return_token_ids", false),
                request.flag("return_tokens_as_token_ids", false),
                prompt);
    }

    /// What still belongs to the text of an answer that has ended.
    String ending(Answer answer) {
        String stop = answer.stopString();
        return stopInText && stop != null ? stop : "";
    }

    /// The ids of a prompt, where they are wanted.
    Map<String, @Nullable Object> ofPrompt(int[] ids) {
        return tokenIds ? HttpJson.object("prompt_token_ids", ids) : HttpJson.object();
    }

    /// The ids of (a part of) an answer, where they are wanted.
    void addIds(Map<String, @Nullable Object> choice, List<Integer> ids) {
        if (tokenIds) {
            choice.put("token_ids", ids);
        }
    }
}
