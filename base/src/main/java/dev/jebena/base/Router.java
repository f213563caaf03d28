package dev.jebena.base;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which handler answers which method and path. Fixed segments win over parameters, parameters over
/// the rest of a path; among equal patterns the first whose condition holds. HEAD is answered by
/// GET without the body.
///
/// ```java
/// router.errors("/v1/", OpenAiErrors::body)
///         .get("/v1/models/{id...}", x -> x.json(200, model(x.parameter("id"))));
/// ```
public final class Router {
    private record Route(
            String method,
            RoutePattern pattern,
            Predicate<HttpExchange> condition,
            HttpHandler handler) {}

    private record Errors(String prefix, HttpErrorBody body) {}

    private volatile List<Route> routes = List.of();
    // Patterns without parameters come before all others that match a path, so they are looked up.
    private volatile Map<String, List<Route>> fixed = Map.of();
    private volatile List<Route> others = List.of();
    private volatile List<Errors> errors = List.of();
    private volatile Set<String> open = Set.of();
    private volatile @Nullable HttpAccess access;
    private volatile List<Predicate<HttpExchange>> guarded = List.of();
    private volatile List<URL> descriptions = List.of();

    public Router get(String pattern, HttpHandler handler) {
        return route("GET", pattern, _ -> true, handler);
    }

    public Router post(String pattern, HttpHandler handler) {
        return route("POST", pattern, _ -> true, handler);
    }

    public Router put(String pattern, HttpHandler handler) {
        return route("PUT", pattern, _ -> true, handler);
    }

    public Router patch(String pattern, HttpHandler handler) {
        return route("PATCH", pattern, _ -> true, handler);
    }

    public Router delete(String pattern, HttpHandler handler) {
        return route("DELETE", pattern, _ -> true, handler);
    }

    /// A route that only answers requests for which `condition` holds; the others see the next
    /// route of the same pattern. For paths that several protocols claim.
    public synchronized Router route(
            String method, String pattern, Predicate<HttpExchange> condition, HttpHandler handler) {
        List<Route> changed = new ArrayList<>(routes);
        changed.add(new Route(method, new RoutePattern(pattern), condition, handler));
        changed.sort(Comparator.comparing(Route::pattern));
        routes = List.copyOf(changed);
        fixed =
                routes.stream()
                        .filter(r -> !r.pattern().hasParameters())
                        .collect(Collectors.groupingBy(r -> r.pattern().toString()));
        others = routes.stream().filter(r -> r.pattern().hasParameters()).toList();
        return this;
    }

    /// Errors under paths that begin with `prefix` are written by `body`; the longest prefix wins.
    public synchronized Router errors(String prefix, HttpErrorBody body) {
        List<Errors> changed = new ArrayList<>(errors);
        changed.add(new Errors(prefix, body));
        changed.sort(Comparator.comparingInt(e -> -e.prefix().length()));
        errors = List.copyOf(changed);
        return this;
    }

    /// GET and HEAD requests to exactly this path, or below it when it ends with `/` and is not the
    /// root, need no API key.
    public synchronized Router open(String path) {
        Set<String> changed = new LinkedHashSet<>(open);
        changed.add(path);
        open = Set.copyOf(changed);
        return this;
    }

    /// Requests to paths that begin with `prefix` need no API key: their handlers check the caller
    /// themselves.
    public Router guarded(String prefix) {
        return guarded(path -> path.startsWith(prefix));
    }

    /// As [#guarded(String)], for paths that are known otherwise than by their beginning.
    public Router guarded(Predicate<String> paths) {
        return guardedRequests(exchange -> paths.test(exchange.path()));
    }

    /// As [#guarded(String)], where only some requests to a path are one protocol's.
    public synchronized Router guardedRequests(Predicate<HttpExchange> requests) {
        List<Predicate<HttpExchange>> changed = new ArrayList<>(guarded);
        changed.add(requests);
        guarded = List.copyOf(changed);
        return this;
    }

    /// From now on requests need this one's leave, or an API key; without it API keys alone count.
    public Router access(HttpAccess who) {
        access = who;
        return this;
    }

    @Nullable HttpAccess access() {
        return access;
    }

    boolean isOpen(HttpExchange exchange) {
        return guarded.stream().anyMatch(g -> g.test(exchange))
                || isOpenToRead(exchange.method(), exchange.path());
    }

    private boolean isOpenToRead(String method, String path) {
        return (method.equals("GET") || method.equals("HEAD"))
                && open.stream()
                        .anyMatch(o ->
                                o.equals(path)
                                        || (o.length() > 1
                                                && o.endsWith("/")
                                                && path.startsWith(o)));
    }

    /// Adds a resource that describes routes for readers; this only keeps it.
    public synchronized Router describedBy(@Nullable URL resource) {
        List<URL> changed = new ArrayList<>(descriptions);
        changed.add(Objects.requireNonNull(resource, "the description is missing from its jar"));
        descriptions = List.copyOf(changed);
        return this;
    }

    /// What [#describedBy] was given.
    public List<URL> descriptions() {
        return descriptions;
    }

    /// The patterns that are served, for `jebena doctor` and the documentation's test.
    public List<String> patterns() {
        return routes.stream().map(r -> r.method() + " " + r.pattern()).toList();
    }

    /// Answers a request of the server to itself, errors in the body of the path's protocol.
    public void call(InnerExchange exchange) {
        try {
            try {
                serve(exchange);
            } catch (HttpException e) {
                exchange.refused(e, errorBody(exchange, e));
            } catch (Problem e) {
                HttpException refusal = HttpException.of(e);
                exchange.refused(refusal, errorBody(exchange, refusal));
            }
        } catch (IOException e) {
            HttpException gone = new HttpException(499, "cancelled", "The request was cancelled");
            exchange.refused(gone.causedBy(e), errorBody(exchange, gone));
        }
    }

    /// Answers `exchange`; throws [HttpException] 404 or 405 when no route does.
    void serve(HttpExchange exchange) throws IOException {
        String method = exchange.method().equals("HEAD") ? "GET" : exchange.method();
        String path = exchange.path();
        if (!serve(exchange, method, fixed.getOrDefault(path, List.of()))
                && !serve(exchange, method, others)) {
            throw unknown(exchange, allowed(path));
        }
    }

    private static boolean serve(HttpExchange exchange, String method, List<Route> candidates)
            throws IOException {
        for (Route route : candidates) {
            Map<String, String> values =
                    route.method().equals(method)
                                    || (route.method().equals("HEAD")
                                            && exchange.method().equals("HEAD"))
                            ? route.pattern().match(exchange.path())
                            : null;
            if (values != null) {
                exchange.matched(route.pattern(), values);
                if (route.condition().test(exchange)) {
                    route.handler().handle(exchange);
                    return true;
                }
            }
        }
        return false;
    }

    private static HttpException unknown(HttpExchange exchange, Set<String> allowed) {
        String what = exchange.method() + " " + exchange.path();
        if (allowed.isEmpty()) {
            return new HttpException(404, "not_found", "There is no " + what + " on this server");
        }
        exchange.set("Allow", String.join(", ", allowed));
        return new HttpException(
                405,
                "method_not_allowed",
                what + " is not possible; this path answers " + String.join(", ", allowed));
    }

    /// The methods that some route answers at this path.
    Set<String> allowed(String path) {
        Set<String> methods = new TreeSet<>();
        for (Route route : routes) {
            if (route.pattern().match(path) != null) {
                methods.add(route.method());
                if (route.method().equals("GET")) {
                    methods.add("HEAD");
                }
            }
        }
        return methods;
    }

    /// The error body of the protocol that owns the request's path.
    Object errorBody(HttpExchange exchange, HttpException problem) {
        return errorBody(exchange.path()).of(problem, exchange);
    }

    /// The same for what is no valid request.
    Object errorBody(@Nullable String path, HttpException problem) {
        return errorBody(path).of(problem);
    }

    private HttpErrorBody errorBody(@Nullable String path) {
        for (Errors candidate : errors) {
            if (path != null && path.startsWith(candidate.prefix())) {
                return candidate.body();
            }
        }
        return HttpErrorBody::plain;
    }
}
