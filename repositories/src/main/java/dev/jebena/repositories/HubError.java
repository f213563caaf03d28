package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A refused request as the hub's clients know it: a status, a code for the header `X-Error-Code`
/// from which they choose the exception to raise, and a message.
final class HubError extends Problem {
    private static final long serialVersionUID = 1;

    private final int status;
    private final @Nullable String code;
    private final transient Map<String, @Nullable Object> body;

    private HubError(
            int status, @Nullable String code, String message, Map<String, @Nullable Object> body) {
        super(nearest(status), message);
        this.status = status;
        this.code = code;
        this.body = body;
    }

    /// The code of other parts of the program that is like the status.
    private static Code nearest(int status) {
        return switch (status) {
            case 401 -> Code.UNAUTHORIZED;
            case 403 -> Code.FORBIDDEN;
            case 404 -> Code.NOT_FOUND;
            case 409, 412 -> Code.CONFLICT;
            case 413 -> Code.TOO_LARGE;
            default -> Code.BAD_REQUEST;
        };
    }

    private static HubError of(int status, @Nullable String code, String message) {
        return new HubError(status, code, message, HttpJson.object("error", message));
    }

    /// @param code for the header `X-Error-Code`
    static HubError coded(int status, String code, String message) {
        return of(status, code, message);
    }

    static HubError bad(String message) {
        return of(400, null, message);
    }

    static HubError missing(String message) {
        return of(404, null, message);
    }

    static HubError conflict(String message) {
        return of(409, null, message);
    }

    /// The branch has moved on since the client looked.
    static HubError stale(String message) {
        return of(412, null, message);
    }

    static HubError forbidden(String message) {
        return of(403, null, message);
    }

    static HubError mayNotWrite(String namespace) {
        return forbidden(
                "You don't have the rights to change repositories under the namespace \""
                        + namespace
                        + "\"");
    }

    static HubError tooLarge(String message) {
        return of(413, null, message);
    }

    static HubError unprocessable(String message) {
        return of(422, null, message);
    }

    static HubError wrongToken() {
        return of(401, null, "Invalid credentials in Authorization header");
    }

    static HubError needsToken() {
        return of(401, null, "Invalid username or password.");
    }

    /// For what is not there and for what the caller may not know of: both look the same.
    static HubError noRepository(boolean anonymous) {
        return anonymous
                ? of(401, "RepoNotFound", "Invalid username or password.")
                : of(404, "RepoNotFound", "Repository not found");
    }

    static HubError noRevision(String revision) {
        return of(404, "RevisionNotFound", "Invalid rev id: " + revision);
    }

    static HubError noEntry(String path) {
        return of(404, "EntryNotFound", "Entry not found: " + path);
    }

    static HubError gated(RepoName name, boolean anonymous) {
        String what = "Access to " + name.kind().word() + " " + name.id() + " is restricted";
        return anonymous
                ? of(
                        401,
                        "GatedRepo",
                        what
                                + ". You must have access to it and be authenticated to access it. Please log in.")
                : of(
                        403,
                        "GatedRepo",
                        what + " and you are not in the authorized list. Ask for access first.");
    }

    /// The same with one more field in the body.
    HubError with(String key, Object value) {
        Map<String, @Nullable Object> more = HttpJson.object();
        more.putAll(body);
        more.put(key, value);
        return new HubError(status, code, message(), more);
    }

    @Override
    public int status() {
        return status;
    }

    @Nullable String errorCode() {
        return code;
    }

    String message() {
        return String.valueOf(getMessage());
    }

    Map<String, @Nullable Object> body() {
        return body;
    }
}
