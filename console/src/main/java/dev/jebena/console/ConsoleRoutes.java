package dev.jebena.console;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.Router;
import java.io.IOException;
import java.util.Set;

/// The web pages: the chat at `/` for browsers, all others below `/console/`, and their files,
/// which lie in this jar. The pages talk to the server's own HTTP interface with the rights of who
/// looks at them. No page asks another host for anything and none makes markup of text, which the
/// content security policy enforces.
public final class ConsoleRoutes {
    private static final String ASSETS = "/console/assets/";

    /// What the second segment of a page's address may be; `pages.js` has a module for each.
    private static final Set<String> PAGES =
            Set.of(
                    "models",
                    "experiments",
                    "runs",
                    "compare",
                    "registry",
                    "repos",
                    "lineage",
                    "system",
                    "settings",
                    "account",
                    "accounts");

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
                    + " media-src 'self' blob:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
                    + " require-trusted-types-for 'script'; trusted-types 'none'";

    private ConsoleRoutes() {}

    /// Adds the pages and their files to `router`. A program that asks for `/` without naming
    /// `text/html` sees the next route for it.
    public static void mount(Router router) {
        mount(router, false);
    }

    /// @param accounts whether people log in at `/login`, so that a page to which the server
    ///   answers 401 goes there
    public static void mount(Router router, boolean accounts) {
        ConsoleFiles files = ConsoleFiles.load(ASSETS, accounts);
        router.route(
                "GET",
                "/",
                exchange -> exchange.accepts("text/html"),
                exchange -> send(exchange, files.chat(), "no-cache"));
        router.open("/").open("/console").open("/console/");
        router.describedBy(ConsoleRoutes.class.getResource("openapi.txt"));
        router.get(
                "/console",
                exchange -> {
                    exchange.set("Location", "/console/experiments");
                    exchange.empty(302);
                });
        router.get("/console/{page...}", exchange -> page(exchange, files));
        router.get(ASSETS + "{version}/{name}", exchange -> asset(exchange, files));
    }

    private static void page(HttpExchange exchange, ConsoleFiles files) throws IOException {
        String page = exchange.parameter("page");
        if (!PAGES.contains(page.split("/", 2)[0])) {
            throw new HttpException(404, "not_found", "There is no page " + exchange.path());
        }
        send(exchange, files.pages(), "no-cache");
    }

    /// A file of another version is not there: its page is out of date and has to be loaded again.
    private static void asset(HttpExchange exchange, ConsoleFiles files) throws IOException {
        ConsoleFiles.Item file = files.asset(exchange.parameter("name"));
        if (file == null || !files.version().equals(exchange.parameter("version"))) {
            throw new HttpException(404, "not_found", "There is no file " + exchange.path());
        }
        send(exchange, file, "public, max-age=31536000, immutable");
    }

    private static void send(HttpExchange exchange, ConsoleFiles.Item file, String caching)
            throws IOException {
        exchange.set("ETag", file.etag())
                .set("Cache-Control", caching)
                .set("Content-Security-Policy", POLICY)
                .set("X-Content-Type-Options", "nosniff")
                .set("Referrer-Policy", "no-referrer");
        if (file.etag().equals(exchange.header("If-None-Match"))) {
            exchange.empty(304);
        } else {
            exchange.bytes(200, file.type(), file.content());
        }
    }
}
