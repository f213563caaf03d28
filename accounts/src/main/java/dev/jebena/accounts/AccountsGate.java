package dev.jebena.accounts;

import dev.jebena.base.HttpAccess;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lets only those in who have an account: by a session's cookie, an API token (`Authorization:
/// Bearer`, `X-API-Key`, or as the password of Basic), or name and password (Basic).
public final class AccountsGate implements HttpAccess {
    static final String COOKIE = "jebena_session";
    static final String LOGIN = "/login";

    private final Accounts accounts;

    public AccountsGate(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public void check(HttpExchange exchange) {
        Caller caller = caller(exchange);
        boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        if (!caller.most().covers(reads ? Level.READ : Level.USE)) {
            throw new HttpException(
                    403,
                    "permission_denied",
                    "This token may not be used for " + exchange.method());
        }
    }

    /// Who calls. Throws 401 without a valid way in; a browser is shown the login page.
    public Caller caller(HttpExchange exchange) {
        return found(exchange).orElseThrow(() -> refused(exchange));
    }

    private static HttpException refused(HttpExchange exchange) {
        String accept = exchange.header("Accept");
        if (exchange.method().equals("GET") && accept != null && accept.startsWith("text/html")) {
            exchange.set(
                    "Refresh",
                    "0; url="
                            + LOGIN
                            + "?next="
                            + java.net.URLEncoder.encode(exchange.path(), StandardCharsets.UTF_8));
        } else if (!exchange.isFromPage()) {
            exchange.set("WWW-Authenticate", "Basic realm=\"jebena\", Bearer");
        }
        return new HttpException(
                401,
                "unauthorized",
                "You are not authenticated: log in at /login, or send an API token or the name and"
                        + " password of an account");
    }

    /// Who calls; empty where nobody says so.
    public Optional<Caller> found(HttpExchange exchange) {
        String authorization = exchange.header("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return accounts.tokens().caller(authorization.substring(7).strip());
        }
        if (authorization != null && authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return basic(authorization.substring(6).strip(), exchange);
        }
        String key = exchange.header("X-API-Key");
        if (key != null) {
            return accounts.tokens().caller(key.strip());
        }
        String session = cookie(exchange.header("Cookie"));
        return session == null ? Optional.empty() : accounts.sessions().caller(session);
    }

    private Optional<Caller> basic(String encoded, HttpExchange exchange) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String name = pair.substring(0, colon);
        String password = pair.substring(colon + 1);
        Optional<Caller> token = accounts.tokens().caller(password);
        if (token.isPresent()) {
            return token.filter(caller -> caller.user().username().equals(name));
        }
        Optional<User> user = accounts.users().login(name, password);
        if (user.isEmpty()) {
            accounts.audit().add(name, exchange.remoteAddress(), "login", name, false, "basic");
        }
        return user.map(found -> new Caller(found, Level.MANAGE, ""));
    }

    private static @Nullable String cookie(@Nullable String header) {
        for (String pair : header == null ? new String[0] : header.split(";\\s*")) {
            if (pair.startsWith(COOKIE + "=")) {
                return pair.substring(COOKIE.length() + 1);
            }
        }
        return null;
    }
}
