package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;

/// Errors in OpenAI's shape: `{"error": {message, type, param, code}}`.
final class OpenAiErrors {
    private OpenAiErrors() {}

    static Object body(HttpException problem) {
        return HttpJson.object(
                "error",
                HttpJson.object(
                        "message", problem.message(),
                        "type", type(problem.status()),
                        "param", problem.param(),
                        "code", problem.code()));
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 429 -> "rate_limit_error";
            case 501 -> "not_implemented_error";
            case 503 -> "service_unavailable_error";
            default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    }
}
