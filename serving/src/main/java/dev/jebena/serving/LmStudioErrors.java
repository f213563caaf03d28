package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Errors in LM Studio's shape: `{"error": {type, message, code, param}}`.
final class LmStudioErrors {
    private LmStudioErrors() {}

    static Map<String, @Nullable Object> body(HttpException problem) {
        return HttpJson.object("error", inner(problem));
    }

    static Map<String, @Nullable Object> inner(HttpException problem) {
        return HttpJson.object(
                "type", type(problem),
                "message", problem.message(),
                "code", problem.code(),
                "param", problem.param());
    }

    private static String type(HttpException problem) {
        if (problem.code().equals("model_not_found")) {
            return "model_not_found";
        }
        return problem.status() == 501
                ? "not_implemented"
                : problem.status() >= 500 ? "internal_error" : "invalid_request";
    }
}
