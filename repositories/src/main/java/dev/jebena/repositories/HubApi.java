package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpHandler;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.jgit.errors.MissingObjectException;
import org.jspecify.annotations.Nullable;

/// Mounts the hub's paths: finds out who calls and which repository is meant, and writes errors as
/// the clients read them.
final class HubApi {
    /// A path without a repository.
    @FunctionalInterface
    interface Call {
        void answer(HttpExchange exchange, Caller caller) throws IOException;
    }

    /// A path of one repository.
    @FunctionalInterface
    interface RepoCall {
        void answer(RepoRequest request) throws IOException;
    }

    private final Router router;
    private final Repositories repositories;
    private final HubAccess access;

    HubApi(Router router, Repositories repositories, HubAccess access) {
        this.router = router;
        this.repositories = repositories;
        this.access = access;
    }

    Repositories repositories() {
        return repositories;
    }

    HubAccess access() {
        return access;
    }

    HubApi plain(String method, String path, Call call) {
        return raw(method, path, x -> call.answer(x, access.caller(x)));
    }

    /// A path whose handler finds out by itself who calls.
    HubApi raw(String method, String path, HttpHandler handler) {
        return when(method, path, _ -> true, handler);
    }

    /// A path that others answer too: only requests for which the condition holds are the hub's.
    HubApi when(
            String method, String path, Predicate<HttpExchange> condition, HttpHandler handler) {
        router.route(method, path, condition, x -> guard(x, handler));
        return this;
    }

    /// A path below `/api/datasets/{namespace}/{repo}`.
    HubApi dataset(String method, String rest, HubAccess.Need need, RepoCall call) {
        String path = "/api/datasets/{namespace}/{repo}" + rest;
        return raw(method, path, x -> call.answer(request(x, RepoKind.DATASET, need)));
    }

    /// A path below `/api/models/{namespace}/{repo}`, and the same for the other kinds.
    HubApi repo(String method, String rest, HubAccess.Need need, RepoCall call) {
        for (RepoKind kind : RepoKind.values()) {
            String path = "/api/" + kind.plural() + "/{namespace}/{repo}" + rest;
            raw(method, path, x -> call.answer(request(x, kind, need)));
        }
        return this;
    }

    /// A path below `/{namespace}/{repo}`, and the same for the other kinds with theirs before it.
    HubApi page(String method, String rest, HubAccess.Need need, RepoCall call) {
        for (RepoKind kind : RepoKind.values()) {
            String path = "/" + kind.prefix() + "{namespace}/{repo}" + rest;
            raw(method, path, x -> answer(request(x, kind, need), call));
        }
        return this;
    }

    /// Downloads under a name that a repository had before lead to the one that it has now.
    private static void answer(RepoRequest request, RepoCall call) throws IOException {
        HttpExchange exchange = request.exchange();
        String asked = exchange.parameter("namespace") + "/" + exchange.parameter("repo");
        String now = request.repo().name().id();
        boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        if (!reads || asked.equalsIgnoreCase(now) || asked.equalsIgnoreCase(now + ".git")) {
            call.answer(request);
            return;
        }
        exchange.set("Location", exchange.path().replace("/" + asked + "/", "/" + now + "/"));
        exchange.json(307, HttpJson.object("moved", now));
    }

    private RepoRequest request(HttpExchange exchange, RepoKind kind, HubAccess.Need need) {
        Caller caller = access.caller(exchange);
        String repo = exchange.parameter("repo");
        if (repo.endsWith(".git")) {
            repo = repo.substring(0, repo.length() - 4);
        }
        RepoName name = RepoName.of(kind, exchange.parameter("namespace"), repo);
        Repo found = access.find(caller, name);
        access.check(caller, found, need);
        return new RepoRequest(repositories, exchange, caller, found);
    }

    private static void guard(HttpExchange exchange, HttpHandler handler) throws IOException {
        try {
            handler.handle(exchange);
        } catch (HubError e) {
            refuse(exchange, e);
        } catch (UncheckedIOException e) {
            // Of our own files, not of the connection: those come unwrapped.
            throw new IllegalStateException(e);
        } catch (MissingObjectException e) {
            refuse(exchange, HubError.noRevision(e.getObjectId().name()));
        }
    }

    private static void refuse(HttpExchange exchange, HubError error) throws IOException {
        if (exchange.committed()) {
            throw new IOException("failed after the reply began: " + error.message(), error);
        }
        String code = error.errorCode();
        if (code != null) {
            exchange.set("X-Error-Code", code);
        }
        exchange.set("X-Error-Message", headerText(error.message()));
        if (error.status() == 401 && !exchange.isFromPage()) {
            exchange.set("WWW-Authenticate", "Basic realm=\"Authentication required\"");
        }
        exchange.json(error.status(), error.body());
    }

    /// A header has one line of visible ASCII.
    private static String headerText(String message) {
        String line = message.replaceAll("[^ -~]+", " ").strip();
        return line.length() > 500 ? line.substring(0, 500) : line;
    }

    /// The text under a key of a JSON body; null when it is absent. Throws status 400 for other
    /// values.
    static @Nullable String text(Map<String, @Nullable Object> body, String key) {
        return switch (body.get(key)) {
            case null -> null;
            case String text -> text;
            default -> throw HubError.bad("\"" + key + "\" must be a string");
        };
    }

    /// As [#text], for a key that must be there.
    static String required(Map<String, @Nullable Object> body, String key) {
        String text = text(body, key);
        if (text == null || text.isBlank()) {
            throw HubError.bad("\"" + key + "\" is required");
        }
        return text;
    }

    /// Whether a flag of the query is set, as the clients of several languages write it.
    static boolean flag(@Nullable String value) {
        return value != null
                && (value.equalsIgnoreCase("true") || value.equals("1") || value.isEmpty());
    }
}
