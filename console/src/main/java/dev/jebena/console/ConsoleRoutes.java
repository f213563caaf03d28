package dev.jebena.console;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/// The chat page at `/` for browsers, and its files under `/console/`. Everything lies in this jar;
/// no page asks another host for anything, which the content security policy enforces.
public final class ConsoleRoutes {
    private static final Map<String, String> TYPES =
            Map.of(
                    "chat.css", "text/css; charset=utf-8",
                    "chat.js", "text/javascript; charset=utf-8",
                    "markdown.js", "text/javascript; charset=utf-8",
                    "icon.svg", "image/svg+xml");
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private ConsoleRoutes() {}

    private record Page(String type, byte[] content, String etag) {}

    /// Adds the page and its files to `router`. A program that asks for `/` without naming
    /// `text/html` sees the next route for it.
    public static void mount(Router router) {
        Page index = load("index.html", "text/html; charset=utf-8");
        router.route(
                "GET",
                "/",
                exchange -> exchange.accepts("text/html"),
                exchange -> send(exchange, index));
        router.open("/").open("/console/");
        router.describedBy(ConsoleRoutes.class.getResource("openapi.txt"));
        TYPES.forEach((name, type) -> {
            Page page = load(name, type);
            router.get("/console/" + name, exchange -> send(exchange, page));
        });
    }

    private static void send(HttpExchange exchange, Page page) throws IOException {
        exchange.set("ETag", page.etag())
                .set("Cache-Control", "no-cache")
                .set("Content-Security-Policy", POLICY)
                .set("X-Content-Type-Options", "nosniff")
                .set("Referrer-Policy", "no-referrer");
        if (page.etag().equals(exchange.header("If-None-Match"))) {
            exchange.empty(304);
        } else {
            exchange.bytes(200, page.type(), page.content());
        }
    }

    private static Page load(String name, String type) {
        try (InputStream in = ConsoleRoutes.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the console's " + name + " is missing from its jar");
            }
            byte[] content = in.readAllBytes();
            return new Page(
                    type, content, '"' + ContentId.of(content).hex().substring(0, 16) + '"');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
