package dev.jebena.tracking;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import java.util.Map;

/// MLflow's errors: a code that its clients know, the status that goes with it, and the body.
final class MlflowError {
    static final String INVALID = "INVALID_PARAMETER_VALUE";

    /// Codes of the HTTP layer as MLflow's.
    private static final Map<Integer, String> BY_STATUS =
            Map.of(
                    400, "BAD_REQUEST",
                    401, "UNAUTHENTICATED",
                    403, "PERMISSION_DENIED",
                    404, "ENDPOINT_NOT_FOUND",
                    405, "BAD_REQUEST",
                    409, "RESOURCE_CONFLICT",
                    413, "BAD_REQUEST",
                    429, "REQUEST_LIMIT_EXCEEDED",
                    501, "NOT_IMPLEMENTED",
                    503, "TEMPORARILY_UNAVAILABLE");

    private MlflowError() {}

    static HttpException invalid(String message) {
        return new HttpException(400, INVALID, message);
    }

    static HttpException missing(String message) {
        return new HttpException(404, "RESOURCE_DOES_NOT_EXIST", message);
    }

    static HttpException exists(String message) {
        return new HttpException(400, "RESOURCE_ALREADY_EXISTS", message);
    }

    /// A problem of a part that does not know MLflow, with the code that its clients expect.
    static RuntimeException of(Problem problem) {
        String message = String.valueOf(problem.getMessage());
        return switch (problem.code()) {
            case BAD_REQUEST -> invalid(message);
            case NOT_FOUND -> missing(message);
            case CONFLICT -> exists(message);
            default -> problem;
        };
    }

    static HttpException denied() {
        return new HttpException(403, "PERMISSION_DENIED", "Permission denied");
    }

    static HttpException unsupported(String message) {
        return new HttpException(501, "NOT_IMPLEMENTED", message);
    }

    static HttpException badState(String message) {
        return new HttpException(500, "INVALID_STATE", message);
    }

    static HttpException required(String field) {
        return invalid(
                "Missing value for required parameter '"
                        + field
                        + "'. See the API docs for more information about request parameters.");
    }

    static HttpException wrongValue(String field, Object value) {
        return invalid(
                "Invalid value "
                        + HttpJson.text(value)
                        + " for parameter '"
                        + field
                        + "' supplied. See the API docs for more information about request"
                        + " parameters.");
    }

    /// `{"error_code", "message"}`.
    static Object body(HttpException problem) {
        String code = problem.code();
        boolean known = code.equals(code.toUpperCase(java.util.Locale.ROOT));
        return HttpJson.object(
                "error_code",
                known ? code : BY_STATUS.getOrDefault(problem.status(), "INTERNAL_ERROR"),
                "message",
                problem.message());
    }
}
