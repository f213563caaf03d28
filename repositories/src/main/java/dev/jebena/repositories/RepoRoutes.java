package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes, moves, deletes and sets up repositories.
final class RepoRoutes {
    private final Repositories repositories;
    private final HubAccess access;

    private RepoRoutes(HubApi api) {
        this.repositories = api.repositories();
        this.access = api.access();
    }

    static void mount(HubApi api) {
        RepoRoutes routes = new RepoRoutes(api);
        api.plain("POST", "/api/repos/create", routes::create);
        api.plain("DELETE", "/api/repos/delete", routes::delete);
        api.plain("POST", "/api/repos/move", routes::move);
        api.repo("PUT", "/settings", HubAccess.Need.MANAGE, routes::settings);
        api.repo("GET", "/auth-check", HubAccess.Need.READ, r -> ok(r.exchange()));
    }

    private static void ok(HttpExchange exchange) throws IOException {
        exchange.json(200, HttpJson.object());
    }

    /// The name in a body with `name`, which may hold the namespace, and `organization`.
    private static RepoName named(Map<String, @Nullable Object> body, Caller caller) {
        String name = HubApi.required(body, "name");
        String namespace = HubApi.text(body, "organization");
        int slash = name.indexOf('/');
        if (slash >= 0) {
            namespace = name.substring(0, slash);
            name = name.substring(slash + 1);
        }
        return RepoName.of(
                RepoKind.of(body.get("type")),
                namespace == null ? caller.user().name() : namespace,
                name);
    }

    /// Whether a body asks for a private repository; `absent` where it says nothing.
    private static boolean isPrivate(Map<String, @Nullable Object> body, boolean absent) {
        Object visibility = body.get("visibility");
        if (visibility != null) {
            if (!visibility.equals("private") && !visibility.equals("public")) {
                throw HubError.bad(
                        "Invalid visibility: expected public or private, got " + visibility);
            }
            return visibility.equals("private");
        }
        return body.get("private") instanceof Boolean flag ? flag : absent;
    }

    private void create(HttpExchange exchange, Caller caller) throws IOException {
        Map<String, @Nullable Object> body = exchange.json();
        Account user = caller.writer();
        RepoName name = named(body, caller);
        access.checkWrite(caller, name.namespace());
        Account owner =
                repositories
                        .accounts()
                        .find(name.namespace())
                        .orElseThrow(
                                () -> HubError.missing("There is no account " + name.namespace()));
        RepoName full = new RepoName(name.kind(), owner.name(), name.name());
        String url = exchange.baseUrl() + "/" + full.path();
        Repo repo;
        try {
            repo = repositories.catalog().create(full, isPrivate(body, false));
        } catch (HubError e) {
            throw e.with("url", url);
        }
        repositories.commits().first(repo, user, HubApi.text(body, "sdk"));
        exchange.json(200, HttpJson.object("url", url, "name", full.id(), "id", repo.stableId()));
    }

    private void delete(HttpExchange exchange, Caller caller) throws IOException {
        Repo repo = writable(caller, named(exchange.json(), caller));
        repositories.catalog().delete(repo);
        ok(exchange);
    }

    /// A repository by its present name only: nothing is deleted or moved by one that it had.
    private Repo writable(Caller caller, RepoName name) {
        caller.writer();
        Repo repo =
                repositories
                        .catalog()
                        .find(name)
                        .filter(r -> access.maySee(caller, r))
                        .orElseThrow(() -> HubError.noRepository(caller.anonymous()));
        access.check(caller, repo, HubAccess.Need.MANAGE);
        return repo;
    }

    private void move(HttpExchange exchange, Caller caller) throws IOException {
        Map<String, @Nullable Object> body = exchange.json();
        RepoKind kind = RepoKind.of(body.get("type"));
        caller.writer();
        Repo repo = writable(caller, RepoName.parse(kind, HubApi.required(body, "fromRepo")));
        RepoName to = RepoName.parse(kind, HubApi.required(body, "toRepo"));
        access.checkWrite(caller, to.namespace());
        Account owner = repositories.accounts().get(to.namespace());
        repositories.catalog().move(repo, new RepoName(kind, owner.name(), to.name()));
        ok(exchange);
    }

    private void settings(RepoRequest request) throws IOException {
        Map<String, @Nullable Object> body = request.exchange().json();
        Repo repo = request.repo();
        boolean hidden = isPrivate(body, repo.hidden());
        if (hidden != repo.hidden()) {
            repositories.catalog().changePrivate(repo, hidden);
        }
        if (body.containsKey("gated")) {
            String gated = String.valueOf(body.get("gated"));
            if (!List.of("false", "auto", "manual").contains(gated)) {
                throw HubError.bad("Invalid gated: expected false, auto or manual, got " + gated);
            }
            repositories.catalog().changeGated(repo, gated);
        }
        if (body.get("blockUnsafe") instanceof Boolean blocks) {
            repositories.catalog().changeBlocksUnsafe(repo, blocks);
        }
        request.exchange()
                .json(
                        200,
                        HttpJson.object(
                                "private", hidden, "visibility", hidden ? "private" : "public"));
    }
}
