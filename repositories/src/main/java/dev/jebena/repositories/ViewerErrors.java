package dev.jebena.repositories;

import dev.jebena.base.Problem;

/// Refusals of the data set viewer, with the codes of Hugging Face's: its clients choose by the
/// header `X-Error-Code`.
final class ViewerErrors {
    private ViewerErrors() {}

    static HubError of(int status, String code, String message) {
        return HubError.coded(status, code, message);
    }

    static HubError required(String parameter) {
        return of(422, "MissingRequiredParameter", "Parameter '" + parameter + "' is required");
    }

    static HubError invalid(String message) {
        return of(422, "InvalidParameter", message);
    }

    /// What is not there, and what the caller may not know of or read: all look the same.
    static HubError noDataset(boolean anonymous) {
        return anonymous
                ? of(
                        401,
                        "ExternalUnauthenticatedError",
                        "There is no such dataset, or it is private or gated: then send a token"
                                + " that may read it")
                : of(
                        404,
                        "ExternalAuthenticatedError",
                        "There is no such dataset, or this token may not read it");
    }

    /// Files that cannot be read are their owner's mistake, not this server's.
    static HubError damaged(String code, Problem problem) {
        return of(422, code, String.valueOf(problem.getMessage()));
    }
}
