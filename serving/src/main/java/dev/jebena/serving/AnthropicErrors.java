package dev.jebena.serving;

import dev.jebena.base.HttpErrorBody;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Errors in Anthropic's shape: `{"type": "error", "error": {type, message}, "request_id"}`.
final class AnthropicErrors implements HttpErrorBody {
    @Override
    public Object of(HttpException problem) {
        return body(problem, null);
    }

    @Override
    public Object of(HttpException problem, HttpExchange exchange) {
        return body(problem, exchange.requestId());
    }

    static Map<String, @Nullable Object> body(HttpException problem, @Nullable String requestId) {
        return HttpJson.object(
                "type",
                "error",
                "error",
                HttpJson.object("type", type(problem.status()), "message", problem.message()),
                "request_id",
                requestId);
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503 -> "overloaded_error";
            case 504 -> "timeout_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    }
}
