package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who the caller is, and the accounts, organisations and tokens that an administrator manages.
final class WhoamiRoutes {
    private final Accounts accounts;

    private WhoamiRoutes(Accounts accounts) {
        this.accounts = accounts;
    }

    static void mount(HubApi api) {
        WhoamiRoutes routes = new WhoamiRoutes(api.repositories().accounts());
        api.plain("GET", "/api/whoami-v2", routes::whoami);
        api.plain("GET", "/api/users/{name}/overview", routes::user);
        api.plain("GET", "/api/organizations/{name}/members", routes::members);
        api.plain("GET", "/api/settings/tokens", routes::tokens);
        api.plain("POST", "/api/settings/tokens", routes::createToken);
        api.plain("DELETE", "/api/settings/tokens/{id}", routes::deleteToken);
        api.plain("GET", "/api/admin/accounts", routes::list);
        api.plain("POST", "/api/admin/accounts", routes::create);
        api.plain("PUT", "/api/admin/organizations/{name}/members/{user}", routes::addMember);
        api.plain("DELETE", "/api/admin/organizations/{name}/members/{user}", routes::removeMember);
    }

    private void whoami(HttpExchange exchange, Caller caller) throws IOException {
        Account user = caller.user();
        List<Object> organizations =
                caller.memberships().stream().map(m -> organization(m)).toList();
        exchange.json(
                200,
                HttpJson.object(
                        "type",
                        "user",
                        "id",
                        "%024x".formatted(user.id()),
                        "name",
                        user.name(),
                        "fullname",
                        user.fullname(),
                        "email",
                        user.email(),
                        "emailVerified",
                        true,
                        "canPay",
                        false,
                        "isPro",
                        false,
                        "orgs",
                        organizations,
                        "auth",
                        HttpJson.object(
                                "type",
                                "access_token",
                                "accessToken",
                                HttpJson.object(
                                        "displayName", caller.tokenName(),
                                        "role", caller.role().word(),
                                        "createdAt", Times.text(user.created())))));
    }

    private static Object organization(Membership membership) {
        Account organization = membership.organization();
        return HttpJson.object(
                "type", "org",
                "id", "%024x".formatted(organization.id()),
                "name", organization.name(),
                "fullname", organization.fullname(),
                "roleInOrg", membership.role().word(),
                "isEnterprise", false,
                "canPay", false);
    }

    private static Map<String, @Nullable Object> json(Account account) {
        return HttpJson.object(
                "user", account.name(),
                "fullname", account.fullname(),
                "type", account.organization() ? "org" : "user",
                "isAdmin", account.admin(),
                "isPro", false,
                "createdAt", Times.text(account.created()));
    }

    private void user(HttpExchange exchange, Caller caller) throws IOException {
        caller.user();
        Account account = accounts.get(exchange.parameter("name"));
        Map<String, @Nullable Object> json = json(account);
        json.put(
                "orgs",
                accounts.memberships(account.id()).stream().map(m -> organization(m)).toList());
        exchange.json(200, json);
    }

    private void members(HttpExchange exchange, Caller caller) throws IOException {
        caller.user();
        Account organization = accounts.get(exchange.parameter("name"));
        exchange.json(200, accounts.members(organization.id()).stream().map(m -> json(m)).toList());
    }

    private void tokens(HttpExchange exchange, Caller caller) throws IOException {
        exchange.json(
                200,
                accounts.tokens(caller.user().id()).stream()
                        .map(t ->
                                HttpJson.object(
                                        "id", t.id(),
                                        "displayName", t.name(),
                                        "role", t.role().word(),
                                        "createdAt", Times.text(t.created())))
                        .toList());
    }

    /// Users make tokens for themselves, no stronger than the one that they use; administrators for
    /// everybody.
    private void createToken(HttpExchange exchange, Caller caller) throws IOException {
        Map<String, @Nullable Object> body = exchange.json();
        TokenRole role = TokenRole.of(HubApi.required(body, "role"));
        Account own = caller.writer();
        String named = HubApi.text(body, "user");
        String user = named == null ? own.name() : named;
        if (!user.equalsIgnoreCase(own.name())) {
            caller.administrator();
        } else if (role.compareTo(caller.role()) > 0) {
            throw HubError.forbidden("A token cannot make one that may do more");
        }
        String name = HubApi.required(body, "displayName");
        String secret = accounts.createToken(user, name, role);
        exchange.json(200, HttpJson.object("token", secret, "role", role.word()));
    }

    private void deleteToken(HttpExchange exchange, Caller caller) throws IOException {
        String id = exchange.parameter("id");
        if (!id.matches("[0-9]{1,15}")
                || !accounts.deleteToken(caller.writer().id(), Long.parseLong(id))) {
            throw HubError.missing("You have no token with the id " + id);
        }
        exchange.json(200, HttpJson.object());
    }

    private void list(HttpExchange exchange, Caller caller) throws IOException {
        caller.administrator();
        exchange.json(200, accounts.list().stream().map(a -> json(a)).toList());
    }

    private void create(HttpExchange exchange, Caller caller) throws IOException {
        Account administrator = caller.administrator();
        Map<String, @Nullable Object> body = exchange.json();
        String name = HubApi.required(body, "name");
        if ("org".equals(body.get("type"))) {
            accounts.createOrganization(name, administrator.name());
        } else {
            accounts.createUser(name, Boolean.TRUE.equals(body.get("isAdmin")));
        }
        exchange.json(201, json(accounts.get(name)));
    }

    private void addMember(HttpExchange exchange, Caller caller) throws IOException {
        manager(exchange, caller);
        String role = HubApi.text(exchange.json(), "role");
        accounts.addMember(
                exchange.parameter("name"),
                exchange.parameter("user"),
                TokenRole.of(role == null ? "write" : role));
        exchange.json(200, HttpJson.object());
    }

    private void removeMember(HttpExchange exchange, Caller caller) throws IOException {
        manager(exchange, caller);
        accounts.removeMember(exchange.parameter("name"), exchange.parameter("user"));
        exchange.json(200, HttpJson.object());
    }

    /// An administrator of the server, or of the organisation.
    private static void manager(HttpExchange exchange, Caller caller) {
        caller.writer();
        if (caller.role() != TokenRole.ADMIN
                || caller.roleIn(exchange.parameter("name")) != TokenRole.ADMIN) {
            caller.administrator();
        }
    }
}
