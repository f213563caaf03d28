package dev.jebena.tracking;

import static dev.jebena.tracking.Need.Thing.EXPERIMENT;
import static dev.jebena.tracking.Need.Thing.MODEL;

import dev.jebena.accounts.Accounts;
import dev.jebena.accounts.Caller;
import dev.jebena.accounts.Level;
import dev.jebena.accounts.Permissions;
import dev.jebena.accounts.User;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// MLflow's `users/…` and permissions, where accounts are on.
final class AccountRoutes {
    private final Accounts accounts;
    private final AccountAccess access;

    private AccountRoutes(Accounts accounts, AccountAccess access) {
        this.accounts = accounts;
        this.access = access;
    }

    static void mount(MlflowApi plain, Accounts accounts, AccountAccess access) {
        MlflowApi api = plain.withProblems();
        AccountRoutes routes = new AccountRoutes(accounts, access);
        routes.users(api);
        routes.permissions(api);
        routes.ofThing(api, "experiments", AccountAccess.EXPERIMENT, "experiment_id", EXPERIMENT);
        routes.ofThing(api, "registered-models", AccountAccess.MODEL, "name", MODEL);
    }

    private void users(MlflowApi api) {
        String base = "2.0/mlflow/users/";
        api.call(
                "POST",
                base + "create",
                Need.ADMIN,
                (f, _) ->
                        user(
                                accounts.users()
                                        .create(f.required("username"), f.required("password"))));
        api.call(
                "GET",
                base + "get",
                Need.ANY,
                (f, x) -> {
                    selfOrAdmin(x, f.required("username"));
                    return user(accounts.users().get(f.required("username")));
                });
        api.call("GET", base + "current", Need.ANY, (_, x) -> user(access.caller(x).user()));
        api.call(
                "GET",
                base + "list",
                Need.ADMIN,
                (_, _) ->
                        HttpJson.object(
                                "users",
                                accounts.users().list().stream()
                                        .map(AccountRoutes::json)
                                        .toList()));
        api.change(
                "PATCH",
                base + "update-password",
                Need.ANY,
                (f, x) -> {
                    selfOrAdmin(x, f.required("username"));
                    checkOld(x, f);
                    accounts.users().changePassword(f.required("username"), f.required("password"));
                });
        api.change(
                "PATCH",
                base + "update-admin",
                Need.ADMIN,
                (f, _) -> accounts.users().changeAdmin(f.required("username"), f.flag("is_admin")));
        api.change(
                "DELETE",
                base + "delete",
                Need.ADMIN,
                (f, _) -> accounts.users().delete(f.required("username")));
    }

    private static Map<String, @Nullable Object> user(User account) {
        return HttpJson.object("user", json(account));
    }

    private static Map<String, @Nullable Object> json(User user) {
        return HttpJson.object(
                "id", user.id(), "is_admin", user.admin(), "username", user.username());
    }

    /// Who changes the own password gives the old one too.
    private void checkOld(HttpExchange exchange, RequestFields f) {
        String name = access.caller(exchange).user().username();
        if (name.equals(f.required("username"))
                && accounts.users().login(name, f.text("current_password")).isEmpty()) {
            throw MlflowError.invalid(
                    "Current password is required when changing your own password.");
        }
    }

    private void selfOrAdmin(HttpExchange exchange, String username) {
        Caller caller = access.caller(exchange);
        if (!caller.admin() && !caller.user().username().equals(username)) {
            throw MlflowError.denied();
        }
    }

    private void permissions(MlflowApi api) {
        String base = "3.0/mlflow/users/permissions/";
        api.change(
                "POST",
                base + "grant",
                Need.ADMIN,
                (f, _) -> {
                    accounts.permissions()
                            .grant(
                                    f.required("username"),
                                    f.required("resource_type"),
                                    resource(f),
                                    Level.of(f.required("permission")),
                                    Permissions.Grant.PUT);
                });
        for (String method : new String[] {"POST", "DELETE"}) {
            api.change(
                    method,
                    base + "revoke",
                    Need.ADMIN,
                    (f, _) ->
                            accounts.permissions()
                                    .revoke(
                                            f.required("username"),
                                            f.required("resource_type"),
                                            resource(f)));
        }
        api.call("GET", base + "get", Need.ADMIN, (f, _) -> permission(f));
        api.call(
                "GET",
                base + "list",
                Need.ADMIN,
                (f, _) ->
                        HttpJson.object(
                                "permissions",
                                accounts.permissions().list(f.required("username"))));
        api.call(
                "GET",
                "3.0/mlflow/users/current/permissions",
                Need.ANY,
                (_, x) ->
                        HttpJson.object(
                                "is_admin", access.caller(x).admin(),
                                "permissions",
                                        accounts.permissions()
                                                .list(access.caller(x).user().username())));
    }

    private static String resource(RequestFields f) {
        return f.has("resource_id") ? f.required("resource_id") : f.required("resource_pattern");
    }

    private Map<String, @Nullable Object> permission(RequestFields f) {
        String kind = f.required("resource_type");
        Level level =
                accounts.permissions()
                        .own(accounts.users().get(f.required("username")).id(), kind, resource(f))
                        .orElseThrow(
                                () -> Permissions.none(f.required("username"), kind, resource(f)));
        return HttpJson.object(
                "permission", level.name(), "allowed", level.compareTo(Level.USE) >= 0);
    }

    /// The calls of MLflow 2 and early 3: permissions for one kind of thing.
    private void ofThing(MlflowApi api, String area, String kind, String field, Need.Thing thing) {
        String base = "2.0/mlflow/" + area + "/permissions/";
        Need need = Need.manage(thing);
        api.call(
                "POST",
                base + "create",
                need,
                (f, _) -> granted(f, kind, field, Permissions.Grant.CREATE));
        api.call("GET", base + "get", need, (f, _) -> shown(f, kind, field));
        api.change(
                "PATCH",
                base + "update",
                need,
                (f, _) -> granted(f, kind, field, Permissions.Grant.UPDATE));
        api.change(
                "DELETE",
                base + "delete",
                need,
                (f, _) ->
                        accounts.permissions()
                                .revoke(f.required("username"), kind, f.required(field)));
    }

    private Map<String, @Nullable Object> granted(
            RequestFields f, String kind, String field, Permissions.Grant grant) {
        accounts.permissions()
                .grant(
                        f.required("username"),
                        kind,
                        f.required(field),
                        Level.of(f.required("permission")),
                        grant);
        return shown(f, kind, field);
    }

    private Map<String, @Nullable Object> shown(RequestFields f, String kind, String field) {
        User account = accounts.users().get(f.required("username"));
        Level level =
                accounts.permissions()
                        .own(account.id(), kind, f.required(field))
                        .orElseThrow(() ->
                                Permissions.none(account.username(), kind, f.required(field)));
        return HttpJson.object(
                kind + "_permission",
                HttpJson.object(
                        field,
                        f.required(field),
                        "user_id",
                        account.id(),
                        "permission",
                        level.name()));
    }
}
