package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The write side of Xet's content-addressed store: files come as chunks, bundled in xorbs, with a
/// shard that says which chunks make which file.
final class XetRoutes {
    private static final int LARGEST_SHARD = 64 << 20;

    /// Repositories that are looked at for one in which the caller can read a chunk.
    private static final int MOST_OWNERS = 100;

    private final Repositories repositories;
    private final HubAccess access;
    private final ChunkStore chunks;

    private XetRoutes(HubApi api) {
        this.repositories = api.repositories();
        this.access = api.access();
        this.chunks = repositories.chunks();
    }

    static void mount(HubApi api) {
        XetRoutes routes = new XetRoutes(api);
        api.repo("GET", "/xet-write-token", HubAccess.Need.READ, XetRoutes::token);
        api.repo("GET", "/xet-write-token/{revision...}", HubAccess.Need.READ, XetRoutes::token);
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

    private static void token(RepoRequest request) throws IOException {
        // What is uploaded stays only if a commit names it, and those who may propose one may
        // upload.
        boolean proposes = HubApi.flag(request.exchange().query("create_pr"));
        if (!proposes && !request.revision().startsWith(RefRoutes.PULL_REQUESTS)) {
            request.checkWrite();
        }
        XetToken.send(request, XetToken.WRITE, request.caller().writer().id());
    }

    private XetToken writer(HttpExchange exchange) {
        return XetToken.of(exchange, repositories.signatures(), XetToken.WRITE);
    }

    private static String hash(HttpExchange exchange) {
        String hash = exchange.parameter("hash");
        if (!hash.matches("[0-9a-f]{64}")) {
            throw HubError.bad("Not a hash: " + hash);
        }
        return hash;
    }

    private void headXorb(HttpExchange exchange) throws IOException {
        boolean known = chunks.has(writer(exchange).repository(), hash(exchange));
        exchange.empty(known ? 200 : 404);
    }

    private void putXorb(HttpExchange exchange) throws IOException {
        long repository = writer(exchange).repository();
        String hash = hash(exchange);
        boolean known = chunks.has(repository, hash);
        try (InputStream in = exchange.bodyStream()) {
            chunks.put(repository, hash, in);
        }
        exchange.json(200, HttpJson.object("was_inserted", !known));
    }

    /// Whether a file may be made of these chunks: they were uploaded to its repository, or to
    /// another one that the caller can read. Clients do not send again what they sent there.
    private boolean mayUse(XetToken token, String hash) {
        if (chunks.has(token.repository(), hash)) {
            return true;
        }
        Accounts accounts = repositories.accounts();
        Account account = accounts.byId(token.account());
        Caller caller =
                new Caller(account, "xet", TokenRole.READ, accounts.memberships(account.id()));
        return chunks.owners(hash, MOST_OWNERS).stream()
                .flatMap(id -> repositories.catalog().byId(id).stream())
                .anyMatch(repo -> access.maySee(caller, repo) && access.mayRead(caller, repo));
    }

    private void putShard(HttpExchange exchange, boolean lines) throws IOException {
        XetToken token = writer(exchange);
        XetShard shard = XetShard.parse(exchange.body(LARGEST_SHARD));
        for (XetShard.File file : shard.files()) {
            chunks.putFile(token.repository(), file, hash -> mayUse(token, hash));
        }
        if (lines) {
            Map<String, @Nullable Object> result = HttpJson.object("type", "result", "result", 1);
            byte[] body = (HttpJson.text(result) + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.bytes(
                    200, "application/x-ndjson", body.length, new ByteArrayInputStream(body));
        } else {
            exchange.json(200, HttpJson.object("result", 1));
        }
    }
}
