package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.util.List;

/// A refused request of the registry's, with the codes of the OCI distribution specification.
final class OciError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    private OciError(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    static OciError of(int status, String code, String message) {
        return new OciError(status, code, message);
    }

    /// The same problem as the hub's other paths tell it.
    static OciError of(HubError error) {
        String code =
                switch (error.status()) {
                    case 401 -> "UNAUTHORIZED";
                    case 403 -> "DENIED";
                    case 404 -> "NAME_UNKNOWN";
                    default -> "UNSUPPORTED";
                };
        return new OciError(error.status(), code, error.message());
    }

    void send(HttpExchange exchange) throws IOException {
        if (status == 401) {
            exchange.set("WWW-Authenticate", "Basic realm=\"registry\"");
        }
        exchange.json(
                status,
                HttpJson.object(
                        "errors",
                        List.of(
                                HttpJson.object(
                                        "code", code, "message", String.valueOf(getMessage())))));
    }
}
