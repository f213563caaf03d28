package dev.jebena.base;

/// How a protocol writes an error: the JSON value of the reply's body.
public interface HttpErrorBody {
    Object of(HttpException problem);

    /// The same for protocols that name the request in the body, or go by its headers.
    default Object of(HttpException problem, HttpExchange exchange) {
        return of(problem);
    }

    /// `{"error": message, "code": code}`, for paths that no protocol owns.
    static Object plain(HttpException problem) {
        return HttpJson.object("error", problem.message(), "code", problem.code());
    }
}
