package dev.jebena.hub;

import dev.jebena.base.EnvironmentProxies;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Requests to a hub: redirects, credentials for the first host only, and a memory of hosts that do
/// not answer, so that each is waited for once.
final class HttpFetch {
    private static final int MAX_REDIRECTS = 8;
    private static final Duration CONNECT = Duration.ofSeconds(4);
    private static final Duration UNREACHABLE_FOR = Duration.ofMinutes(1);

    private final HttpClient client;
    private final Map<String, Long> unreachable = new ConcurrentHashMap<>();
    private final Duration patience;

    /// @param patience how long a server may stay silent
    /// @param environment for `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`
    HttpFetch(Duration patience, Map<String, String> environment) {
        this.patience = patience;
        this.client =
                HttpClient.newBuilder()
                        .connectTimeout(CONNECT)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(new EnvironmentProxies(environment))
                        .build();
    }

    Duration patience() {
        return patience;
    }

    /// Sends a GET and follows redirects. `Authorization` is sent to the first host only. The
    /// response may have any status.
    HttpResponse<InputStream> get(URI address, Map<String, String> headers) throws IOException {
        return exchange("GET", address, headers, BodyPublishers.noBody(), patience);
    }

    /// Sends a request and follows redirects: of a GET all, of others those within the host that
    /// keep method and body. `Authorization` is sent to the first host only. The response may have
    /// any status.
    ///
    /// @param body may be read several times
    /// @param wait how long the whole request may take until the answer begins
    HttpResponse<InputStream> exchange(
            String method,
            URI address,
            Map<String, String> headers,
            BodyPublisher body,
            Duration wait)
            throws IOException {
        URI uri = address;
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(uri).timeout(wait).method(method, body);
            boolean sameHost = sameOrigin(address, uri);
            headers.forEach((name, value) -> {
                if (sameHost || !name.equalsIgnoreCase("Authorization")) {
                    request.header(name, value);
                }
            });
            HttpResponse<InputStream> response = send(request.build());
            int status = response.statusCode();
            String location = response.headers().firstValue("Location").orElse("");
            if (status < 301 || status > 308 || status == 304 || location.isEmpty()) {
                return response;
            }
            URI next = redirect(uri, location);
            boolean kept = status >= 307 && sameOrigin(uri, next);
            if (!method.equals("GET") && !kept) {
                return response;
            }
            response.body().close();
            uri = next;
        }
        throw new Problem(Problem.Code.BAD_GATEWAY, address + ": too many redirects");
    }

    private static boolean sameOrigin(URI a, URI b) {
        return a.getScheme().equals(b.getScheme()) && a.getAuthority().equals(b.getAuthority());
    }

    private static URI redirect(URI from, String location) {
        try {
            URI to = from.resolve(location);
            boolean web = "https".equals(to.getScheme()) || "http".equals(to.getScheme());
            boolean weaker = "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
            if (!web || weaker || to.getHost() == null) {
                throw new Problem(
                        Problem.Code.BAD_GATEWAY, from + ": refused the redirect to " + to);
            }
            return to;
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Problem.Code.BAD_GATEWAY, from + ": bad redirect '" + location + "'", null, e);
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        String origin = request.uri().getScheme() + "://" + request.uri().getAuthority();
        Long since = unreachable.get(origin);
        if (since != null && System.nanoTime() - since < UNREACHABLE_FOR.toNanos()) {
            throw new Problem(Problem.Code.UNREACHABLE, origin + " was not reachable just now");
        }
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            unreachable.put(origin, System.nanoTime());
            boolean unknown = e.getCause() != null || e.getMessage() == null;
            throw new Problem(
                    Problem.Code.UNREACHABLE,
                    e instanceof HttpConnectTimeoutException
                            ? "%s does not answer within %d s"
                                    .formatted(origin, CONNECT.toSeconds())
                            : origin + " is not reachable" + (unknown ? "" : ": " + e.getMessage()),
                    null,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Code.UNAVAILABLE, "interrupted", null, e);
        }
    }
}
