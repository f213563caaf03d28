package dev.jebena.base;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A request that gets an error status. The [HttpErrorBody] of the path's protocol turns it into
/// that protocol's error body; the message is meant for users.
public final class HttpException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final @Nullable String param;
    private final int retryAfterSeconds;

    /// @param status 400 to 599
    /// @param code short machine-readable reason, such as `model_not_found`
    /// @param message what is wrong and what to do
    public HttpException(int status, String code, String message) {
        this(status, code, message, null, 0, null);
    }

    private HttpException(
            int status,
            String code,
            String message,
            @Nullable String param,
            int retryAfterSeconds,
            @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.code = code;
        this.param = param;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /// The same problem as a reply: its code's status, and its code in lower case.
    public static HttpException of(Problem problem) {
        String message = problem.getMessage();
        return new HttpException(
                problem.status(),
                problem.code().name().toLowerCase(Locale.ROOT),
                message == null ? problem.summary() : message,
                null,
                0,
                problem);
    }

    /// 400: the field `param` of the body (`messages[2].role`) cannot be used.
    public static HttpException invalid(String param, String message) {
        return new HttpException(400, "invalid_value", message, param, 0, null);
    }

    /// 429: too much at once; try again after so many seconds.
    public static HttpException busy(String message, int retryAfterSeconds) {
        return new HttpException(429, "queue_full", message, null, retryAfterSeconds, null);
    }

    public HttpException causedBy(Throwable cause) {
        return new HttpException(status, code, message(), param, retryAfterSeconds, cause);
    }

    public HttpException param(String param) {
        return new HttpException(status, code, message(), param, retryAfterSeconds, getCause());
    }

    public HttpException retryAfter(int seconds) {
        return new HttpException(status, code, message(), param, seconds, getCause());
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public String message() {
        String message = getMessage();
        return message == null ? code : message;
    }

    /// The field that is wrong; null when the error is not about one field.
    public @Nullable String param() {
        return param;
    }

    /// Seconds for the `Retry-After` header; 0 for none.
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
