package dev.jebena.cli;

import dev.jebena.json.Json;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Usage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an answer cost, as a line or as JSON.
final class Statistics {
    private Statistics() {}

    static String line(Answer answer) {
        Usage usage = answer.usage();
        return String.format(
                Locale.ROOT,
                "prompt %d tokens in %.2f s (%.1f tokens/s), answer %d tokens in %.2f s (%.1f tokens/s), seed %d",
                usage.promptTokens(),
                seconds(usage.promptTime()),
                rate(usage.promptTokens(), usage.promptTime()),
                usage.answerTokens(),
                seconds(usage.answerTime()),
                rate(usage.answerTokens() - 1, usage.answerTime()),
                answer.seed());
    }

    static String json(Answer answer, String text) {
        return Json.write(fields(answer, text));
    }

    static Map<String, @Nullable Object> fields(Answer answer, String text) {
        Usage usage = answer.usage();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("answer", text);
        fields.put("finish_reason", String.valueOf(answer.finishReason()).toLowerCase(Locale.ROOT));
        fields.put("prompt_tokens", usage.promptTokens());
        fields.put("answer_tokens", usage.answerTokens());
        fields.put("prompt_seconds", seconds(usage.promptTime()));
        fields.put("answer_seconds", seconds(usage.answerTime()));
        fields.put("seed", answer.seed());
        return fields;
    }

    private static double rate(int tokens, Duration time) {
        return time.isZero() || tokens <= 0 ? 0 : tokens / seconds(time);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
