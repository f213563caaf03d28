package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.llm.Usage;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `response` object of OpenAI's Responses API, from queued to its end.
final class ResponseObject {
    private final String id = "resp_" + OpenAiChatReply.newId();
    private final Map<String, @Nullable Object> values;

    ResponseObject(ResponseRequest request) {
        RequestFields fields = request.fields();
        String conversation = request.conversation();
        values =
                HttpJson.object(
                        "id", id,
                        "object", "response",
                        "created_at", Instant.now().getEpochSecond(),
                        "status", "in_progress",
                        "background", request.background(),
                        "completed_at", null,
                        "error", null,
                        "incomplete_details", null,
                        "instructions", fields.value("instructions"),
                        "max_output_tokens", fields.value("max_output_tokens"),
                        "max_tool_calls", fields.value("max_tool_calls"),
                        "model", request.model(),
                        "output", List.of(),
                        "parallel_tool_calls", !request.oneCall(),
                        "previous_response_id", request.previous(),
                        "reasoning", or(fields, "reasoning", nothingOf("effort", "summary")),
                        "service_tier", "default",
                        "store", request.store(),
                        "temperature", or(fields, "temperature", 1.0),
                        "text", or(fields, "text", plainText()),
                        "tool_choice", or(fields, "tool_choice", "auto"),
                        "tools", or(fields, "tools", List.of()),
                        "top_logprobs", Math.max(0, request.logprobs()),
                        "top_p", or(fields, "top_p", 1.0),
                        "truncation", request.truncate() ? "auto" : "disabled",
                        "usage", null,
                        "user", fields.value("user"),
                        "metadata", request.metadata());
        if (conversation != null) {
            values.put("conversation", HttpJson.object("id", conversation));
        }
    }

    private static Object or(RequestFields fields, String name, Object otherwise) {
        Object value = fields.value(name);
        return value == null ? otherwise : value;
    }

    private static Map<String, @Nullable Object> nothingOf(String first, String second) {
        return HttpJson.object(first, null, second, null);
    }

    private static Map<String, @Nullable Object> plainText() {
        return HttpJson.object("format", HttpJson.object("type", "text"));
    }

    String id() {
        return id;
    }

    void status(String status) {
        values.put("status", status);
    }

    String status() {
        return String.valueOf(values.get("status"));
    }

    void output(List<Map<String, @Nullable Object>> items) {
        values.put("output", items);
    }

    /// The end of an answer.
    ///
    /// @param whole whether it was not cut by its limit on tokens
    /// @param thought tokens of thinking
    void ended(boolean whole, Usage usage, int thought) {
        status(whole ? "completed" : "incomplete");
        if (whole) {
            values.put("completed_at", Instant.now().getEpochSecond());
        } else {
            values.put("incomplete_details", HttpJson.object("reason", "max_output_tokens"));
        }
        values.put("usage", usage(usage, thought));
    }

    private static Map<String, @Nullable Object> usage(Usage usage, int thought) {
        return HttpJson.object(
                "input_tokens", usage.promptTokens(),
                "input_tokens_details",
                        HttpJson.object(
                                "cached_tokens", usage.cachedTokens(), "cache_write_tokens", 0),
                "output_tokens", usage.answerTokens(),
                "output_tokens_details", HttpJson.object("reasoning_tokens", thought),
                "total_tokens", usage.promptTokens() + usage.answerTokens());
    }

    void failed(HttpException problem) {
        status("failed");
        values.put("error", error(problem));
    }

    static Map<String, @Nullable Object> error(HttpException problem) {
        String code =
                switch (problem.status()) {
                    case 429 -> "rate_limit_exceeded";
                    case 400 -> "invalid_prompt";
                    default -> "server_error";
                };
        return HttpJson.object("code", code, "message", problem.message());
    }

    /// A copy as it is now.
    Map<String, @Nullable Object> json() {
        return new LinkedHashMap<>(values);
    }
}
