package dev.jebena.accounts;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpHandler;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Accounts over HTTP: `/api/accounts/…` and the page `/login`. Administrators manage users, teams
/// and roles; everybody the own password, tokens and sessions.
public final class AccountsRoutes {
    private static final String ROOT = "/api/accounts/";
    private static final int MOST_ENTRIES = 1000;

    private final Accounts accounts;
    private final AccountsGate gate;
    private final Audit audit;

    private AccountsRoutes(Accounts accounts, AccountsGate gate) {
        this.accounts = accounts;
        this.gate = gate;
        audit =
                (caller, x, action, subject, detail) ->
                        accounts.audit()
                                .add(
                                        caller.user().username(),
                                        x.remoteAddress(),
                                        action,
                                        subject,
                                        true,
                                        detail);
    }

    @FunctionalInterface
    private interface Audit {
        void add(Caller caller, HttpExchange x, String action, String subject, String detail);
    }

    /// What an administrator does; the reply is `{}`.
    @FunctionalInterface
    private interface Change {
        void make(Caller caller, HttpExchange exchange) throws IOException;
    }

    /// Closes a router to everybody without an account, but for what is open or checks callers
    /// itself, and mounts the paths.
    ///
    /// @param oidc another system that people log in with; null for none
    public static void mount(Router router, Accounts accounts, @Nullable OidcOptions oidc) {
        AccountsGate gate = new AccountsGate(accounts);
        router.access(gate);
        mountOnly(router, accounts, oidc);
    }

    /// The paths alone: others ask for accounts themselves.
    public static void mountOnly(Router router, Accounts accounts, @Nullable OidcOptions oidc) {
        AccountsGate gate = new AccountsGate(accounts);
        AccountsRoutes routes = new AccountsRoutes(accounts, gate);
        router.guarded(ROOT);
        router.open(AccountsGate.LOGIN);
        router.describedBy(AccountsRoutes.class.getResource("openapi.txt"));
        LoginRoutes.mount(router, accounts, gate, oidc);
        routes.own(router);
        routes.users(router);
        routes.teams(router);
        routes.roles(router);
        router.get(ROOT + "audit", routes::entries);
    }

    private void own(Router router) {
        router.get(ROOT + "me", x -> x.json(200, me(gate.caller(x))));
        router.post(ROOT + "password", this::changeOwnPassword);
        router.get(
                ROOT + "tokens",
                x ->
                        x.json(
                                200,
                                HttpJson.object(
                                        "tokens",
                                        accounts.tokens().list(gate.caller(x).user().id()))));
        router.post(ROOT + "tokens", this::createToken);
        router.delete(
                ROOT + "tokens/{id}",
                change(
                        Level.MANAGE,
                        (caller, x) -> {
                            String id = x.parameter("id");
                            accounts.tokens()
                                    .delete(
                                            caller.user().id(),
                                            id.matches("\\d{1,18}") ? Long.parseLong(id) : -1);
                            audit.add(caller, x, "token.delete", id, "");
                        }));
        router.get(
                ROOT + "sessions",
                x -> {
                    Caller caller = gate.caller(x);
                    x.json(
                            200,
                            HttpJson.object(
                                    "sessions",
                                    accounts.sessions()
                                            .list(caller.user().id(), caller.session())));
                });
        router.delete(
                ROOT + "sessions/{id}",
                change(
                        Level.MANAGE,
                        (caller, x) -> {
                            accounts.sessions().end(caller.user().id(), x.parameter("id"));
                            audit.add(caller, x, "session.end", x.parameter("id"), "");
                        }));
        router.delete(
                ROOT + "sessions",
                change(
                        Level.MANAGE,
                        (caller, x) -> {
                            accounts.sessions().endAll(caller.user().id());
                            audit.add(caller, x, "session.end-all", caller.user().username(), "");
                        }));
    }

    private Map<String, @Nullable Object> me(Caller caller) {
        Map<String, @Nullable Object> me = caller.user().json();
        me.put("level", caller.most().name());
        me.put("is_admin", caller.admin());
        me.put("password", accounts.users().hasPassword(caller.user().id()));
        me.put("teams", accounts.teams().of(caller.user().id()));
        me.put("permissions", accounts.permissions().list(caller.user().username()));
        return me;
    }

    private void changeOwnPassword(HttpExchange x) throws IOException {
        Caller caller = manager(gate.caller(x));
        String name = caller.user().username();
        Map<String, @Nullable Object> body = x.json();
        if (accounts.users().login(name, text(body, "current_password")).isEmpty()) {
            throw new HttpException(403, "wrong_password", "The current password is another one");
        }
        accounts.users().changePassword(name, text(body, "password"));
        audit.add(caller, x, "user.password", name, "own");
        x.json(200, HttpJson.object());
    }

    private void createToken(HttpExchange x) throws IOException {
        Caller caller = manager(gate.caller(x));
        Map<String, @Nullable Object> body = x.json();
        Object days = body.get("days");
        if (days != null && !(days instanceof Long count && count >= 1 && count <= 36_500)) {
            throw HttpException.invalid("days", "days is " + days + "; expected 1 to 36500");
        }
        Level level = body.get("level") == null ? Level.MANAGE : Level.of(text(body, "level"));
        String name = text(body, "name");
        String secret =
                accounts.tokens()
                        .create(
                                caller.user().username(),
                                name,
                                level,
                                days == null ? null : Duration.ofDays((Long) days));
        audit.add(caller, x, "token.create", name, level.name());
        x.json(200, HttpJson.object("token", secret));
    }

    /// A token for less must not make one for more.
    private static Caller manager(Caller caller) {
        if (caller.most() != Level.MANAGE) {
            throw denied();
        }
        return caller;
    }

    private static HttpException denied() {
        return new HttpException(403, "permission_denied", "Permission denied");
    }

    private HttpHandler change(Level need, Change change) {
        return x -> {
            Caller caller = gate.caller(x);
            if (!caller.most().covers(need)) {
                throw denied();
            }
            change.make(caller, x);
            x.json(200, HttpJson.object());
        };
    }

    private HttpHandler asAdmin(Change change) {
        return change(
                Level.MANAGE,
                (caller, x) -> {
                    if (!caller.admin()) {
                        accounts.audit()
                                .add(
                                        caller.user().username(),
                                        x.remoteAddress(),
                                        x.method(),
                                        x.path(),
                                        false,
                                        "no administrator");
                        throw denied();
                    }
                    change.make(caller, x);
                });
    }

    private void users(Router router) {
        router.get(ROOT + "users", x -> list(x, "users", known(gate.caller(x))));
        router.post(
                ROOT + "users",
                asAdmin((caller, x) -> {
                    String name = text(x.json(), "username");
                    accounts.users().create(name, text(x.json(), "password"));
                    audit.add(caller, x, "user.create", name, "");
                }));
        router.patch(
                ROOT + "users/{name}",
                asAdmin((caller, x) -> changeUser(caller, x, x.parameter("name"), x.json())));
        router.delete(
                ROOT + "users/{name}",
                asAdmin((caller, x) -> {
                    String name = x.parameter("name");
                    notSelf(caller, name);
                    accounts.users().delete(name);
                    audit.add(caller, x, "user.delete", name, "");
                }));
    }

    /// Everybody may see who could be given a role; the rest is for administrators.
    private List<?> known(Caller caller) {
        return accounts.users().list().stream()
                .map(user ->
                        caller.admin() ? user.json() : HttpJson.object("username", user.username()))
                .toList();
    }

    /// The last administrator must not lock everybody out.
    private static void notSelf(Caller caller, String name) {
        if (caller.user().username().equals(name)) {
            throw new HttpException(
                    409, "own_account", "Administrators cannot take this from themselves");
        }
    }

    private void changeUser(
            Caller caller, HttpExchange x, String name, Map<String, @Nullable Object> body) {
        accounts.users().get(name);
        if (body.get("is_admin") instanceof Boolean admin) {
            notSelf(caller, name);
            accounts.users().changeAdmin(name, admin);
            audit.add(caller, x, "user.admin", name, admin.toString());
        }
        if (body.get("disabled") instanceof Boolean disabled) {
            notSelf(caller, name);
            accounts.users().disable(name, disabled);
            audit.add(caller, x, "user.disable", name, disabled.toString());
        }
        if (body.get("password") instanceof String password) {
            accounts.users().changePassword(name, password);
            audit.add(caller, x, "user.password", name, "");
        }
    }

    private void list(HttpExchange x, String name, List<?> entries) throws IOException {
        gate.caller(x);
        x.json(200, HttpJson.object(name, entries));
    }

    private void teams(Router router) {
        router.get(ROOT + "teams", x -> list(x, "teams", accounts.teams().list()));
        router.post(
                ROOT + "teams",
                asAdmin((caller, x) -> {
                    String name = text(x.json(), "name");
                    accounts.teams().create(name);
                    audit.add(caller, x, "team.create", name, "");
                }));
        router.delete(
                ROOT + "teams/{name}",
                asAdmin((caller, x) -> {
                    accounts.teams().delete(x.parameter("name"));
                    audit.add(caller, x, "team.delete", x.parameter("name"), "");
                }));
        router.put(
                ROOT + "teams/{name}/members/{user}",
                asAdmin((caller, x) -> {
                    accounts.teams().add(x.parameter("name"), x.parameter("user"));
                    audit.add(caller, x, "team.add", x.parameter("name"), x.parameter("user"));
                }));
        router.delete(
                ROOT + "teams/{name}/members/{user}",
                asAdmin((caller, x) -> {
                    accounts.teams().remove(x.parameter("name"), x.parameter("user"));
                    audit.add(caller, x, "team.remove", x.parameter("name"), x.parameter("user"));
                }));
    }

    private void roles(Router router) {
        router.get(ROOT + "roles", x -> list(x, "roles", accounts.permissions().roles()));
        router.put(
                ROOT + "roles/{workspace}/{kind}/{holder}",
                asManager((caller, x) -> {
                    Level level = Level.of(text(x.json(), "level"));
                    accounts.permissions()
                            .setRole(
                                    x.parameter("workspace"),
                                    Permissions.Holder.of(x.parameter("kind")),
                                    x.parameter("holder"),
                                    level);
                    audit.add(caller, x, "role.set", role(x), level.name());
                }));
        router.delete(
                ROOT + "roles/{workspace}/{kind}/{holder}",
                asManager((caller, x) -> {
                    accounts.permissions()
                            .removeRole(
                                    x.parameter("workspace"),
                                    Permissions.Holder.of(x.parameter("kind")),
                                    x.parameter("holder"));
                    audit.add(caller, x, "role.remove", role(x), "");
                }));
    }

    private static String role(HttpExchange x) {
        return x.parameter("workspace") + "/" + x.parameter("kind") + "/" + x.parameter("holder");
    }

    /// Administrators, and who has MANAGE in the workspace.
    private HttpHandler asManager(Change change) {
        return change(
                Level.MANAGE,
                (caller, x) -> {
                    boolean manages =
                            accounts.permissions()
                                    .inWorkspace(caller.user().id(), x.parameter("workspace"))
                                    .filter(level -> level == Level.MANAGE)
                                    .isPresent();
                    if (!caller.admin() && !manages) {
                        throw denied();
                    }
                    change.make(caller, x);
                });
    }

    private void entries(HttpExchange x) throws IOException {
        if (!gate.caller(x).admin()) {
            throw denied();
        }
        String before = Objects.requireNonNullElse(x.query("before"), "0");
        if (!before.matches("\\d{1,18}")) {
            throw HttpException.invalid("before", "before is " + before + "; expected an id");
        }
        x.json(
                200,
                HttpJson.object(
                        "entries",
                        accounts.audit()
                                .list(
                                        Objects.requireNonNullElse(x.query("actor"), ""),
                                        Long.parseLong(before),
                                        MOST_ENTRIES)));
    }

    static String text(Map<String, @Nullable Object> body, String name) {
        if (body.get(name) instanceof String text) {
            return text;
        }
        throw HttpException.invalid(name, name + " is missing; expected a text");
    }

    static byte[] resource(String name) {
        try (InputStream in =
                Objects.requireNonNull(AccountsRoutes.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
