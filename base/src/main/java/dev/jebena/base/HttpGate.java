package dev.jebena.base;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Who may come in: host names, origins of web pages, API keys.
final class HttpGate {
    private static final String ALLOWED_HEADERS =
            "Authorization, Content-Type, Accept, X-API-Key, X-Request-Id,"
                    + " X-Request-Timeout, User-Agent,"
                    + " OpenAI-Beta, Anthropic-Version, Anthropic-Beta, X-Stainless-Arch,"
                    + " X-Stainless-Lang, X-Stainless-OS, X-Stainless-Package-Version,"
                    + " X-Stainless-Runtime, X-Stainless-Runtime-Version, X-Stainless-Retry-Count,"
                    + " X-Stainless-Timeout, X-Stainless-Async, X-Stainless-Helper-Method,"
                    + " X-Stainless-Poll-Helper";
    private static final String EXPOSED_HEADERS =
            "X-Request-Id, Request-Id, Retry-After, ETag, Link, X-Linked-Size, X-Linked-ETag, X-Repo-Commit,"
                    + " X-Error-Code, X-Error-Message, X-Total-Count,"
                    + " Content-Range, Accept-Ranges";

    private final HttpServerOptions options;
    private final boolean loopback;
    private final List<byte[]> keys;

    HttpGate(HttpServerOptions options, boolean loopback) {
        this.options = options;
        this.loopback = loopback;
        keys = options.apiKeys().stream().map(k -> k.getBytes(StandardCharsets.UTF_8)).toList();
    }

    /// Refuses with [HttpException] 403: a page of another site that reached a private server
    /// through the user's browser, by a rebound name or directly.
    void checkOrigin(HttpExchange exchange) {
        String host = hostOf(exchange.header("Host"));
        if (loopback && !host.isEmpty() && !isLocal(host) && !host.matches("[0-9.]+|\\[.*]")) {
            throw new HttpException(
                    403,
                    "host_not_allowed",
                    "This server listens on this machine only and does not answer for host "
                            + host);
        }
        String origin = exchange.header("Origin");
        if (origin == null) {
            return;
        }
        if (!allowed(origin, exchange)) {
            throw new HttpException(
                    403,
                    "origin_not_allowed",
                    "Pages of "
                            + origin
                            + " may not use this server; allow them with --cors "
                            + origin);
        }
        boolean any = options.corsOrigins().contains("*");
        exchange.set("Access-Control-Allow-Origin", any ? "*" : origin);
        if (!any) {
            exchange.set("Vary", "Origin");
        }
        exchange.set("Access-Control-Expose-Headers", EXPOSED_HEADERS);
    }

    /// The headers of a preflight's reply.
    void preflight(HttpExchange exchange) {
        String asked = exchange.header("Access-Control-Request-Headers");
        String allowed =
                asked != null && asked.matches("[A-Za-z0-9_, \\-]{1,2000}")
                        ? asked
                        : ALLOWED_HEADERS;
        exchange.set("Access-Control-Allow-Headers", allowed);
        exchange.set(
                "Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        exchange.set("Access-Control-Max-Age", "600");
    }

    private boolean allowed(String origin, HttpExchange exchange) {
        if (options.corsOrigins().contains("*") || options.corsOrigins().contains(origin)) {
            return true;
        }
        String authority = origin.replaceFirst("^[a-z][a-z0-9+.-]*://", "");
        return authority.equals(exchange.header("Host")) || isLocal(hostOf(authority));
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals("127.0.0.1")
                || host.equals("[::1]");
    }

    private static String hostOf(@Nullable String authority) {
        if (authority == null) {
            return "";
        }
        try {
            String host = URI.create("http://" + authority).getHost();
            return host == null ? authority : host.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return authority;
        }
    }

    /// Whether one of the keys was sent.
    boolean hasKey(HttpExchange exchange) {
        String sent = keys.isEmpty() ? null : sent(exchange);
        return sent != null && known(sent.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String sent(HttpExchange exchange) {
        String authorization = exchange.header("Authorization");
        return authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                ? authorization.substring(7).strip()
                : exchange.header("X-API-Key");
    }

    /// Refuses with [HttpException] 401 when keys are needed and none of them was sent.
    void checkKey(HttpExchange exchange) {
        if (keys.isEmpty()) {
            return;
        }
        String sent = sent(exchange);
        if (sent == null || !known(sent.getBytes(StandardCharsets.UTF_8))) {
            exchange.set("WWW-Authenticate", "Bearer");
            throw new HttpException(
                    401,
                    "invalid_api_key",
                    sent == null
                            ? "This server needs an API key: send Authorization: Bearer KEY"
                            : "The API key is not one of this server's");
        }
    }

    /// Compares with every key, each in constant time, so that timing tells nothing of a key.
    private boolean known(byte[] sent) {
        boolean found = false;
        for (byte[] key : keys) {
            found |= MessageDigest.isEqual(key, sent);
        }
        return found;
    }
}
