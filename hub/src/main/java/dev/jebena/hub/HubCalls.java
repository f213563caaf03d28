package dev.jebena.hub;

import dev.jebena.base.Problem;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// JSON requests to one hub with one caller's token, and what its refusals mean.
final class HubCalls {
    private static final int MAX_REPLY = 64 << 20;
    private static final int MAX_TRIES = 3;
    private static final Duration LONG = Duration.ofMinutes(15);
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"next\"");

    private final HttpFetch http;
    private final String endpoint;
    private final Map<String, String> credentials;

    /// @param value the parsed body; null when there was none
    record Reply(int status, HttpHeaders headers, @Nullable Object value) {
        JsonObject object(String where) {
            return JsonObject.of(value, where);
        }
    }

    HubCalls(HttpFetch http, HubSettings settings) {
        this.http = http;
        this.endpoint = settings.endpoint();
        String token = settings.token();
        this.credentials = token == null ? Map.of() : Map.of("Authorization", "Bearer " + token);
    }

    HttpFetch http() {
        return http;
    }

    Map<String, String> credentials() {
        return credentials;
    }

    /// @param path begins with a slash; already encoded
    URI uri(String path) {
        try {
            return URI.create(endpoint + path);
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST, "not an address: " + endpoint + path, null, e);
        }
    }

    Reply get(String path) {
        return call("GET", uri(path), null, credentials);
    }

    Reply post(String path, @Nullable Object body) {
        return call("POST", uri(path), body, credentials);
    }

    Reply delete(String path, @Nullable Object body) {
        return call("DELETE", uri(path), body, credentials);
    }

    /// One call with a JSON body. Refusals become a Problem with what the hub says.
    Reply call(
            String method, URI address, @Nullable Object body, Map<String, String> extraHeaders) {
        Map<String, String> headers = new LinkedHashMap<>(extraHeaders);
        headers.putIfAbsent("Accept", "application/json");
        if (body != null) {
            headers.putIfAbsent("Content-Type", "application/json");
        }
        return send(
                method,
                address,
                headers,
                () ->
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(Json.write(body)));
    }

    /// Gives a body anew for each try.
    interface Body {
        BodyPublisher open() throws IOException;
    }

    /// One call; is made again after errors that may pass, when that cannot do a thing twice.
    Reply send(String method, URI address, Map<String, String> headers, Body body) {
        boolean repeatable = !method.equals("POST");
        for (int attempt = 1; ; attempt++) {
            try {
                HttpResponse<InputStream> response =
                        http.exchange(method, address, headers, body.open(), LONG);
                boolean passing =
                        response.statusCode() == 429
                                || response.statusCode() == 503
                                || (repeatable && response.statusCode() >= 500);
                if (!passing || attempt == MAX_TRIES) {
                    return reply(address, response);
                }
                response.body().close();
            } catch (IOException e) {
                if (!repeatable || attempt == MAX_TRIES) {
                    throw new Problem(
                            Problem.Code.BAD_GATEWAY, address + ": " + e.getMessage(), null, e);
                }
            }
            Transfer.pause(attempt);
        }
    }

    private static Reply reply(URI address, HttpResponse<InputStream> response) throws IOException {
        byte[] bytes;
        try (InputStream body = response.body()) {
            bytes = body.readNBytes(MAX_REPLY + 1);
        }
        if (bytes.length > MAX_REPLY) {
            throw new Problem(
                    Problem.Code.BAD_GATEWAY,
                    "%s sends more than %,d bytes".formatted(address, MAX_REPLY));
        }
        if (response.statusCode() / 100 != 2) {
            throw refusal(address, response.statusCode(), response.headers(), bytes);
        }
        return new Reply(response.statusCode(), response.headers(), value(address, bytes));
    }

    private static @Nullable Object value(URI address, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.isBlank() || text.strip().equals("OK")) {
            return null;
        }
        try {
            return Json.parse(text);
        } catch (JsonException e) {
            throw new Problem(
                    Problem.Code.BAD_GATEWAY,
                    address + " does not answer with JSON: " + e.getMessage(),
                    null,
                    e);
        }
    }

    /// What a hub's error means: it says so in headers, and mostly in the body.
    private static Problem refusal(URI address, int status, HttpHeaders headers, byte[] body) {
        String said = headers.firstValue("X-Error-Message").orElseGet(() -> errorOf(body));
        String what =
                said.isEmpty()
                        ? "%s answers with status %d".formatted(address, status)
                        : "the hub refuses: " + said + " (" + status + ", " + address + ")";
        String access = "check the name; log in with `jebena hub login` or set HF_TOKEN";
        return switch (status) {
            case 400, 405, 406, 415, 422 -> new Problem(Problem.Code.BAD_REQUEST, what);
            case 401 -> new Problem(Problem.Code.UNAUTHORIZED, what, access);
            case 403 -> new Problem(Problem.Code.FORBIDDEN, what, access);
            case 404, 410 -> new Problem(Problem.Code.NOT_FOUND, what, access);
            case 409, 412 -> new Problem(Problem.Code.CONFLICT, what);
            case 413 -> new Problem(Problem.Code.TOO_LARGE, what);
            case 429 -> new Problem(Problem.Code.TOO_MANY_REQUESTS, what);
            default -> new Problem(Problem.Code.BAD_GATEWAY, what);
        };
    }

    private static String errorOf(byte[] body) {
        try {
            Object value = Json.parse(new String(body, StandardCharsets.UTF_8));
            if (value instanceof Map<?, ?> map) {
                Object error = map.get("error") != null ? map.get("error") : map.get("message");
                return error instanceof String text ? text : "";
            }
        } catch (JsonException _) {
            // A page for people: the status must do.
        }
        return "";
    }

    /// The items of all pages.
    List<JsonObject> pages(String path, String where, int most) {
        List<JsonObject> items = new ArrayList<>();
        URI next = uri(path);
        while (next != null && items.size() < most) {
            Reply reply = call("GET", next, null, credentials);
            if (!(reply.value() instanceof List<?> list)) {
                throw new Problem(Problem.Code.BAD_GATEWAY, next + " does not answer with a list");
            }
            list.forEach(item -> items.add(JsonObject.of(item, where)));
            next = next(next, reply);
        }
        return items.size() > most ? items.subList(0, most) : items;
    }

    /// The next page, when it is on the same server: the token goes with the request.
    private static @Nullable URI next(URI address, Reply reply) {
        Matcher link = NEXT.matcher(reply.headers().firstValue("Link").orElse(""));
        if (!link.find()) {
            return null;
        }
        URI next = address.resolve(link.group(1));
        return address.getAuthority().equals(next.getAuthority()) ? next : null;
    }

    /// One part of an address: slashes are encoded too.
    static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// A path in an address.
    static String path(String path) {
        return Stream.of(path.split("/")).map(HubCalls::part).collect(Collectors.joining("/"));
    }
}
