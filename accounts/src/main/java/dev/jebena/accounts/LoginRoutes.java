package dev.jebena.accounts;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Coming in and going out: the page `/login`, passwords, and another system's login.
final class LoginRoutes {
    private static final String ROOT = "/api/accounts/";
    private static final String CALLBACK = ROOT + "oidc/callback";

    private final Accounts accounts;
    private final AccountsGate gate;
    private final @Nullable OidcLogin oidc;

    private LoginRoutes(Accounts accounts, AccountsGate gate, @Nullable OidcLogin oidc) {
        this.accounts = accounts;
        this.gate = gate;
        this.oidc = oidc;
    }

    static void mount(
            Router router, Accounts accounts, AccountsGate gate, @Nullable OidcOptions options) {
        OidcLogin oidc = options == null ? null : new OidcLogin(accounts, options);
        LoginRoutes routes = new LoginRoutes(accounts, gate, oidc);
        LoginPage.mount(router);
        router.get(ROOT + "ways", x -> x.json(200, routes.ways(x)));
        router.post(ROOT + "login", routes::login);
        router.post(ROOT + "logout", routes::logout);
        if (oidc != null) {
            router.get(ROOT + "oidc/login", x -> routes.begin(x, oidc));
            router.get(CALLBACK, x -> routes.finish(x, oidc));
        }
    }

    /// How one may come in, and who is in already.
    private Map<String, @Nullable Object> ways(HttpExchange x) {
        return HttpJson.object(
                "password",
                true,
                "oidc",
                oidc == null ? null : oidc.json(),
                "user",
                gate.found(x)
                        .map(caller ->
                                HttpJson.object(
                                        "username",
                                        caller.user().username(),
                                        "is_admin",
                                        caller.admin()))
                        .orElse(null));
    }

    private void login(HttpExchange x) throws IOException {
        Map<String, @Nullable Object> body = x.json();
        String name = AccountsRoutes.text(body, "username");
        Optional<User> user = accounts.users().login(name, AccountsRoutes.text(body, "password"));
        accounts.audit().add(name, x.remoteAddress(), "login", name, user.isPresent(), "password");
        if (user.isEmpty()) {
            throw new HttpException(
                    401, "wrong_password", "There is no account with this name and password");
        }
        begin(x, user.get());
        x.json(200, user.get().json());
    }

    private void begin(HttpExchange x, User user) {
        String secret = accounts.sessions().begin(user, x.remoteAddress());
        set(x, secret, accounts.sessions().time().toSeconds());
    }

    private static void set(HttpExchange x, String secret, long seconds) {
        String secure = x.baseUrl().startsWith("https:") ? "; Secure" : "";
        x.set(
                "Set-Cookie",
                "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s"
                        .formatted(AccountsGate.COOKIE, secret, seconds, secure));
    }

    private void logout(HttpExchange x) throws IOException {
        Optional<Caller> caller = gate.found(x);
        if (caller.isPresent() && !caller.get().session().isEmpty()) {
            String name = caller.get().user().username();
            accounts.sessions().end(caller.get().session());
            accounts.audit().add(name, x.remoteAddress(), "logout", name, true, "");
        }
        set(x, "", 0);
        x.json(200, HttpJson.object());
    }

    private static URI callback(HttpExchange x) {
        return URI.create(x.baseUrl() + CALLBACK);
    }

    /// A page of this server, whatever was asked for.
    private static String page(@Nullable String next) {
        return next != null && next.matches("/(?![/\\\\])[!-~]{0,2000}") ? next : "/";
    }

    private void begin(HttpExchange x, OidcLogin login) throws IOException {
        redirect(x, login.begin(callback(x), page(x.query("next"))).toString());
    }

    private void finish(HttpExchange x, OidcLogin login) throws IOException {
        OidcLogin.Done done;
        try {
            done = login.finish(callback(x), x.query("state"), x.query("code"));
        } catch (dev.jebena.base.Problem e) {
            accounts.audit()
                    .add("", x.remoteAddress(), "login", "", false, String.valueOf(e.getMessage()));
            if (!x.accepts("text/html")) {
                throw e;
            }
            LoginPage.refuse(x, HttpException.of(e));
            return;
        }
        String name = done.user().username();
        accounts.audit().add(name, x.remoteAddress(), "login", name, true, "oidc");
        begin(x, done.user());
        redirect(x, done.target());
    }

    private static void redirect(HttpExchange x, String place) throws IOException {
        x.set("Location", place);
        x.set("Cache-Control", "no-store");
        x.empty(303);
    }
}
