package dev.jebena.repositories;

import dev.jebena.base.Blobs;
import dev.jebena.base.ContentId;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The write side of Xet's content-addressed store: files come as chunks, bundled in xorbs, with a
/// shard that says which chunks make which file. Each file is put together at once and kept under
/// its SHA-256 like any large file.
final class XetRoutes {
    private static final long VALID_SECONDS = 3600;
    private static final int LARGEST_XORB = 80 << 20;
    private static final int LARGEST_SHARD = 64 << 20;

    private final Repositories repositories;

    private XetRoutes(Repositories repositories) {
        this.repositories = repositories;
    }

    static void mount(HubApi api) {
        XetRoutes routes = new XetRoutes(api.repositories());
        api.repo("GET", "/xet-write-token", HubAccess.Need.READ, routes::token);
        api.repo("GET", "/xet-write-token/{revision...}", HubAccess.Need.READ, routes::token);
        String xorbs = "/_xet/v1/xorbs/{prefix}/{hash}";
        api.raw("POST", xorbs, routes::putXorb);
        api.raw("GET", xorbs, routes::headXorb);
        // No chunk of one caller's is told to another: a hash proves no right.
        api.raw("GET", "/_xet/v1/chunks/{prefix}/{hash}", XetRoutes::unknown);
        api.raw("POST", "/_xet/v1/shards", x -> routes.putShard(x, false));
        api.raw("POST", "/_xet/v2/shards", x -> routes.putShard(x, true));
    }

    private static void unknown(HttpExchange exchange) {
        throw HubError.missing("Chunk not found: " + exchange.parameter("hash"));
    }

    private static String right(long repository) {
        return "xet-write " + repository;
    }

    private void token(RepoRequest request) throws IOException {
        // What is uploaded stays only if a commit names it, and those who may propose one may
        // upload.
        boolean proposes = HubApi.flag(request.exchange().query("create_pr"));
        if (!proposes && !request.revision().startsWith(RefRoutes.PULL_REQUESTS)) {
            request.checkWrite();
        }
        request.caller().writer();
        long repository = request.repo().id();
        String signed = repositories.signatures().sign(right(repository), VALID_SECONDS);
        String token = "xet_" + repository + "_" + signed;
        long expiry = Long.parseLong(signed.substring(0, signed.indexOf('-')));
        HttpExchange exchange = request.exchange();
        String url = exchange.baseUrl() + "/_xet";
        exchange.set("X-Xet-Cas-Url", url);
        exchange.set("X-Xet-Access-Token", token);
        exchange.set("X-Xet-Token-Expiration", Long.toString(expiry));
        exchange.json(200, HttpJson.object("accessToken", token, "exp", expiry, "casUrl", url));
    }

    /// The repository that the caller may write to. Throws 401 without a valid token.
    private long repository(HttpExchange exchange) {
        String authorization = exchange.header("Authorization");
        String[] parts = authorization == null ? new String[0] : authorization.split("_");
        if (parts.length != 3
                || !parts[0].equals("Bearer xet")
                || !parts[1].matches("[0-9]{1,18}")) {
            throw HubError.wrongToken();
        }
        long repository = Long.parseLong(parts[1]);
        try {
            repositories.signatures().check(right(repository), parts[2]);
        } catch (HubError _) {
            // The client asks for a new token after 401, not after 403.
            throw HubError.wrongToken();
        }
        return repository;
    }

    private static String hash(HttpExchange exchange) {
        String hash = exchange.parameter("hash");
        if (!hash.matches("[0-9a-f]{64}")) {
            throw HubError.bad("Not a hash: " + hash);
        }
        return hash;
    }

    private Optional<ContentId> xorb(long repository, String hash) {
        return repositories
                .data()
                .read(sql ->
                        sql.first(
                                "SELECT blob FROM xorb WHERE repository = ? AND hash = ?",
                                row -> new ContentId(row.text(1)),
                                repository,
                                hash));
    }

    private void headXorb(HttpExchange exchange) throws IOException {
        boolean known = xorb(repository(exchange), hash(exchange)).isPresent();
        exchange.empty(known ? 200 : 404);
    }

    private void putXorb(HttpExchange exchange) throws IOException {
        long repository = repository(exchange);
        String hash = hash(exchange);
        boolean known = xorb(repository, hash).isPresent();
        try (InputStream in = exchange.bodyStream();
                Blobs.Hold _ = repositories.blobs().hold()) {
            ContentId blob = repositories.blobs().put(in, LARGEST_XORB, null, _ -> {});
            long now = repositories.clock().millis();
            repositories
                    .data()
                    .write(sql ->
                            sql.update(
                                    "INSERT INTO xorb (repository, hash, blob, created)"
                                            + " VALUES (?, ?, ?, ?)"
                                            + " ON CONFLICT (repository, hash) DO UPDATE"
                                            + " SET blob = excluded.blob,"
                                            + " created = excluded.created",
                                    repository,
                                    hash,
                                    blob.hex(),
                                    now));
        }
        exchange.json(200, HttpJson.object("was_inserted", !known));
    }

    private void putShard(HttpExchange exchange, boolean lines) throws IOException {
        long repository = repository(exchange);
        XetShard shard = XetShard.parse(exchange.body(LARGEST_SHARD));
        try (XorbReader xorbs =
                new XorbReader(
                        repositories.blobs(),
                        hash ->
                                xorb(repository, hash)
                                        .orElseThrow(() ->
                                                HubError.bad(
                                                        "The shard names a xorb that was not uploaded: "
                                                                + hash)))) {
            for (XetShard.File file : shard.files()) {
                String sha = file.sha256();
                repositories
                        .large()
                        .put(
                                repository,
                                sha == null ? null : new ContentId(sha),
                                xorbs.stream(file.terms()));
            }
        }
        if (lines) {
            Map<String, @Nullable Object> result = HttpJson.object("type", "result", "result", 1);
            byte[] body =
                    (HttpJson.text(result) + "\n")
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.bytes(
                    200, "application/x-ndjson", body.length, new ByteArrayInputStream(body));
        } else {
            exchange.json(200, HttpJson.object("result", 1));
        }
    }
}
