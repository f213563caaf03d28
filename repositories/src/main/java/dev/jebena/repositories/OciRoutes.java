package dev.jebena.repositories;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpHandler;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.List;
import java.util.regex.Pattern;

/// The registry's paths (OCI distribution specification), as Ollama and `oras` use them.
final class OciRoutes {
    private static final String BASE = "/v2/{namespace}/{name}/";
    private static final int LARGEST_MANIFEST = 4 << 20;
    private static final Pattern NAME = Pattern.compile("[a-z0-9A-Z][a-z0-9A-Z._-]{0,127}");
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

    private final Repositories repositories;
    private final HubAccess access;
    private final OciStore store;

    private OciRoutes(Repositories repositories, HubAccess access) {
        this.repositories = repositories;
        this.access = access;
        this.store = repositories.registry();
    }

    static void mount(Router router, Repositories repositories, HubAccess access) {
        OciRoutes routes = new OciRoutes(repositories, access);
        routes.route(router, "GET", "/v2/", routes::hello);
        routes.route(router, "GET", "/v2/_catalog", routes::catalog);
        routes.route(router, "GET", BASE + "tags/list", routes::tags);
        routes.route(router, "GET", BASE + "blobs/{digest}", routes::blob);
        routes.route(router, "DELETE", BASE + "blobs/{digest}", routes::deleteBlob);
        routes.route(router, "POST", BASE + "blobs/uploads/", routes::begin);
        routes.route(router, "GET", BASE + "blobs/uploads/{id}", routes::status);
        routes.route(router, "PATCH", BASE + "blobs/uploads/{id}", routes::append);
        routes.route(router, "PUT", BASE + "blobs/uploads/{id}", routes::finish);
        routes.route(router, "DELETE", BASE + "blobs/uploads/{id}", routes::cancel);
        routes.route(router, "GET", BASE + "manifests/{reference}", routes::manifest);
        routes.route(router, "PUT", BASE + "manifests/{reference}", routes::putManifest);
        routes.route(router, "DELETE", BASE + "manifests/{reference}", routes::deleteManifest);
        router.guarded(
                Pattern.compile("/v2/(?:_catalog|[^/]+/[^/]+/(?:tags|blobs|manifests)/.*)?")
                        .asMatchPredicate());
    }

    private void route(Router router, String method, String path, HttpHandler handler) {
        router.route(
                method,
                path,
                _ -> true,
                exchange -> {
                    exchange.set("Docker-Distribution-Api-Version", "registry/2.0");
                    try {
                        handler.handle(exchange);
                    } catch (OciError e) {
                        e.send(exchange);
                    } catch (HubError e) {
                        OciError.of(e).send(exchange);
                    }
                });
    }

    private void hello(HttpExchange exchange) throws IOException {
        access.checkBrowse(access.caller(exchange));
        exchange.json(200, HttpJson.object());
    }

    private void catalog(HttpExchange exchange) throws IOException {
        access.checkBrowse(access.caller(exchange));
        exchange.json(200, HttpJson.object("repositories", store.names()));
    }

    /// The name in the path, for callers who may read.
    private String readable(HttpExchange exchange) {
        access.checkBrowse(access.caller(exchange));
        return name(exchange);
    }

    /// The same for callers who may push: Ollama sends no token, so where callers without one are
    /// let in at all, they may push to names that no account has.
    private String writable(HttpExchange exchange) {
        Caller caller = access.caller(exchange);
        String namespace = exchange.parameter("namespace");
        boolean owned = repositories.accounts().find(namespace).isPresent();
        if (owned || !repositories.options().anonymous()) {
            access.checkWrite(caller, namespace);
        }
        return name(exchange);
    }

    private static String name(HttpExchange exchange) {
        String namespace = exchange.parameter("namespace");
        String name = exchange.parameter("name");
        if (!NAME.matcher(namespace).matches() || !NAME.matcher(name).matches()) {
            throw OciError.of(400, "NAME_INVALID", "invalid name " + namespace + "/" + name);
        }
        return RepoName.fold(namespace + "/" + name);
    }

    private static ContentId digest(String text) {
        if (!text.matches("sha256:[0-9a-f]{64}")) {
            throw OciError.of(400, "DIGEST_INVALID", "expected sha256: and 64 hexadecimal digits");
        }
        return ContentId.parse(text);
    }

    private void tags(HttpExchange exchange) throws IOException {
        String name = readable(exchange);
        List<String> tags = store.tags(name);
        if (tags.isEmpty() && !store.names().contains(name)) {
            throw OciError.of(404, "NAME_UNKNOWN", "there is no " + name);
        }
        exchange.json(200, HttpJson.object("name", name, "tags", tags));
    }

    private void blob(HttpExchange exchange) throws IOException {
        String name = readable(exchange);
        ContentId digest = digest(exchange.parameter("digest"));
        if (!store.has(name, digest)) {
            throw OciError.of(404, "BLOB_UNKNOWN", "blob unknown to registry: " + digest);
        }
        exchange.set("Docker-Content-Digest", digest.toString());
        exchange.set("ETag", '"' + digest.toString() + '"');
        FileReply.send(
                exchange,
                "application/octet-stream",
                repositories.blobs().size(digest),
                from -> Channels.newInputStream(repositories.blobs().open(digest).position(from)));
    }

    private void deleteBlob(HttpExchange exchange) throws IOException {
        String name = writable(exchange);
        ContentId digest = digest(exchange.parameter("digest"));
        if (!store.remove(name, digest)) {
            throw OciError.of(404, "BLOB_UNKNOWN", "blob unknown to registry: " + digest);
        }
        exchange.empty(202);
    }

    /// Begins an upload; with `mount` a blob of another name is taken over, with `digest` the body
    /// is the whole blob.
    private void begin(HttpExchange exchange) throws IOException {
        String name = writable(exchange);
        String mount = exchange.query("mount");
        String from = exchange.query("from");
        if (mount != null && from != null) {
            ContentId digest = digest(mount);
            if (store.has(RepoName.fold(from), digest)) {
                store.add(name, digest);
                created(exchange, name, "blobs/" + digest, digest.toString());
                return;
            }
        }
        String id = store.begin(name);
        String whole = exchange.query("digest");
        if (whole != null) {
            ContentId digest = digest(whole);
            append(exchange, id, 0);
            store.finish(name, id, digest);
            created(exchange, name, "blobs/" + digest, digest.toString());
            return;
        }
        accepted(exchange, name, id, 0);
    }

    private static void created(HttpExchange exchange, String name, String rest, String digest)
            throws IOException {
        exchange.set("Location", exchange.baseUrl() + "/v2/" + name + "/" + rest);
        exchange.set("Docker-Content-Digest", digest);
        exchange.empty(201);
    }

    private static void accepted(HttpExchange exchange, String name, String id, long size)
            throws IOException {
        where(exchange, name, id, size);
        exchange.empty(202);
    }

    private static void where(HttpExchange exchange, String name, String id, long size) {
        String location = exchange.baseUrl() + "/v2/" + name + "/blobs/uploads/" + id;
        exchange.set("Location", location);
        exchange.set("Docker-Upload-Location", location);
        exchange.set("Docker-Upload-UUID", id);
        exchange.set("Range", "0-" + Math.max(0, size - 1));
    }

    private long uploaded(HttpExchange exchange, String name) {
        return store.uploaded(name, exchange.parameter("id"))
                .orElseThrow(
                        () -> OciError.of(404, "BLOB_UPLOAD_UNKNOWN", "there is no such upload"));
    }

    private void status(HttpExchange exchange) throws IOException {
        String name = writable(exchange);
        where(exchange, name, exchange.parameter("id"), uploaded(exchange, name));
        exchange.empty(204);
    }

    private void append(HttpExchange exchange) throws IOException {
        String name = writable(exchange);
        long size = uploaded(exchange, name);
        String range = exchange.header("Content-Range");
        if (range != null && !range.startsWith(size + "-")) {
            where(exchange, name, exchange.parameter("id"), size);
            throw OciError.of(
                    416, "BLOB_UPLOAD_INVALID", "the upload has " + size + " bytes, got " + range);
        }
        long now = append(exchange, exchange.parameter("id"), size);
        accepted(exchange, name, exchange.parameter("id"), now);
    }

    private long append(HttpExchange exchange, String id, long position) throws IOException {
        try (InputStream in = exchange.bodyStream()) {
            return store.append(id, position, in);
        }
    }

    private void finish(HttpExchange exchange) throws IOException {
        String name = writable(exchange);
        long size = uploaded(exchange, name);
        String digest = exchange.query("digest");
        ContentId expected = digest(digest == null ? "" : digest);
        append(exchange, exchange.parameter("id"), size);
        store.finish(name, exchange.parameter("id"), expected);
        created(exchange, name, "blobs/" + expected, expected.toString());
    }

    private void cancel(HttpExchange exchange) throws IOException {
        uploaded(exchange, writable(exchange));
        store.cancel(exchange.parameter("id"));
        exchange.empty(204);
    }

    private void manifest(HttpExchange exchange) throws IOException {
        String name = readable(exchange);
        String reference = exchange.parameter("reference");
        OciStore.Manifest manifest =
                store.manifest(name, reference)
                        .orElseThrow(() ->
                                OciError.of(
                                        404, "MANIFEST_UNKNOWN", "manifest unknown: " + reference));
        exchange.set("Docker-Content-Digest", manifest.digest());
        exchange.set("ETag", '"' + manifest.digest() + '"');
        exchange.bytes(200, manifest.mediaType(), manifest.content());
    }

    private void putManifest(HttpExchange exchange) throws IOException {
        String name = writable(exchange);
        String reference = exchange.parameter("reference");
        byte[] content = exchange.body(LARGEST_MANIFEST);
        String digest = ContentId.of(content).toString();
        boolean tagged = !reference.startsWith("sha256:");
        if (tagged ? !TAG.matcher(reference).matches() : !reference.equals(digest)) {
            throw OciError.of(
                    400,
                    tagged ? "TAG_INVALID" : "DIGEST_INVALID",
                    "the manifest has the digest " + digest + ", not " + reference);
        }
        OciManifest.check(
                content, d -> store.has(name, d), d -> store.manifest(name, d).isPresent());
        String type = exchange.header("Content-Type");
        store.putManifest(
                name,
                tagged ? reference : "",
                new OciStore.Manifest(
                        digest, type == null ? OciManifest.typeOf(content) : type, content));
        created(exchange, name, "manifests/" + reference, digest);
    }

    private void deleteManifest(HttpExchange exchange) throws IOException {
        String name = writable(exchange);
        if (!store.removeManifest(name, exchange.parameter("reference"))) {
            throw OciError.of(404, "MANIFEST_UNKNOWN", "manifest unknown");
        }
        exchange.empty(202);
    }
}
