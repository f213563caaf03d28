package dev.jebena.repositories;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The addresses that an LFS batch gave out: bytes up and down, parts, verification.
final class LfsTransfers {
    private static final long VALID_SECONDS = 24 * 3600;
    private static final String BASE = "/_lfs/{repository}/{oid}";

    private final Repositories repositories;

    private LfsTransfers(Repositories repositories) {
        this.repositories = repositories;
    }

    static void mount(HubApi api) {
        LfsTransfers routes = new LfsTransfers(api.repositories());
        api.raw("GET", BASE, routes::get);
        api.raw("PUT", BASE, routes::put);
        api.raw("PUT", BASE + "/parts/{part}", routes::putPart);
        api.raw("POST", BASE + "/complete/{parts}", routes::complete);
        api.raw("POST", BASE + "/verify", routes::verify);
    }

    /// An address with the right to do one thing with one file.
    static String href(RepoRequest request, String action, ContentId oid, long size, String rest) {
        String path = "/_lfs/" + request.repo().id() + "/" + oid.hex() + rest;
        String signed =
                request.repositories().signatures().sign(right(action, path, size), VALID_SECONDS);
        return request.exchange().baseUrl() + path + "?size=" + size + "&signature=" + signed;
    }

    private static String right(String action, String path, long size) {
        return action + " " + path + " " + size;
    }

    /// What a signed address allows.
    private record Allowed(long repository, ContentId oid, long size) {}

    private Allowed allowed(HttpExchange exchange, String action) {
        String size = exchange.query("size");
        String signature = exchange.query("signature");
        if (size == null || !size.matches("[0-9]{1,18}") || signature == null) {
            throw HubError.forbidden("The address carries no valid signature");
        }
        long bytes = Long.parseLong(size);
        repositories.signatures().check(right(action, exchange.path(), bytes), signature);
        return new Allowed(
                Long.parseLong(exchange.parameter("repository")),
                new ContentId(exchange.parameter("oid")),
                bytes);
    }

    private void get(HttpExchange exchange) throws IOException {
        Allowed allowed = allowed(exchange, "get");
        exchange.set("ETag", '"' + allowed.oid().hex() + '"');
        FileReply.send(
                exchange,
                "application/octet-stream",
                allowed.size(),
                from ->
                        Channels.newInputStream(
                                repositories
                                        .large()
                                        .open(allowed.repository(), allowed.oid())
                                        .position(from)));
    }

    private void put(HttpExchange exchange) throws IOException {
        Allowed allowed = allowed(exchange, "put");
        try (InputStream in = exchange.bodyStream()) {
            repositories.large().put(allowed.repository(), allowed.oid(), allowed.size(), in);
        }
        exchange.set("ETag", '"' + allowed.oid().hex() + '"');
        exchange.empty(200);
    }

    private void putPart(HttpExchange exchange) throws IOException {
        Allowed allowed = allowed(exchange, "put");
        int part = number(exchange.parameter("part"));
        ContentId blob;
        try (InputStream in = exchange.bodyStream()) {
            blob =
                    repositories
                            .large()
                            .putPart(allowed.repository(), allowed.oid(), part, allowed.size(), in);
        }
        exchange.set("ETag", '"' + blob.hex() + '"');
        exchange.empty(200);
    }

    private static int number(String text) {
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw HubError.bad("Not the number of a part: " + text);
        }
        return Integer.parseInt(text);
    }

    private void complete(HttpExchange exchange) throws IOException {
        Allowed allowed = allowed(exchange, "complete");
        int parts = number(exchange.parameter("parts"));
        repositories.large().complete(allowed.repository(), allowed.oid(), allowed.size(), parts);
        exchange.json(200, HttpJson.object("success", true));
    }

    /// Whether the repository itself has the file; that another one has it does not count.
    private void verify(HttpExchange exchange) throws IOException {
        Allowed allowed = allowed(exchange, "verify");
        Map<String, @Nullable Object> body = exchange.json();
        long size =
                repositories
                        .large()
                        .size(allowed.repository(), allowed.oid())
                        .orElseThrow(() ->
                                HubError.missing("Object " + allowed.oid().hex() + " not found"));
        boolean same =
                allowed.oid().hex().equals(body.get("oid"))
                        && Long.valueOf(size).equals(body.get("size"));
        if (!same) {
            throw HubError.unprocessable("The object has %d bytes".formatted(size));
        }
        exchange.json(200, HttpJson.object());
    }
}
