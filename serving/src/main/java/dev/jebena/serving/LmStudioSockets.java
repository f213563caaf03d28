package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpHandler;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import dev.jebena.hub.Hub;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// The websockets of LM Studio's SDKs: one for each namespace, and the greeting by which clients
/// find a server.
final class LmStudioSockets {
    private static final int MESSAGE_BYTES = 64 << 20;

    /// Namespaces that the SDKs connect to and that have nothing here yet: their calls are refused.
    private static final List<String> WITHOUT_ENDPOINTS =
            List.of("repository", "diagnostics", "plugins", "runtime");

    private static final List<String> ALL =
            Stream.concat(
                            Stream.of("system", "llm", "embedding", "files"),
                            WITHOUT_ENDPOINTS.stream())
                    .toList();

    private final AtomicInteger open = new AtomicInteger();

    private LmStudioSockets() {}

    static void register(Router router, ModelAccess models, Hub hub, StoredFiles files) {
        LmStudioSockets sockets = new LmStudioSockets();
        LmStudioInstances instances = new LmStudioInstances(models, hub);
        router.get(
                "/lmstudio-greeting",
                exchange -> exchange.json(200, HttpJson.object("lmstudio", true)));
        sockets.add(router, "system", new LmStudioSystem(instances));
        sockets.add(router, "llm", new LmStudioLlm(instances, files));
        sockets.add(router, "embedding", new LmStudioEmbedding(instances));
        sockets.add(router, "files", new LmStudioFiles(files));
        WITHOUT_ENDPOINTS.forEach(name -> sockets.add(router, name, new LmStudioEndpoints() {}));
    }

    private void add(Router router, String namespace, LmStudioEndpoints endpoints) {
        HttpHandler handler =
                exchange ->
                        exchange.webSocket(
                                MESSAGE_BYTES,
                                new LmStudioSession(
                                        namespace, endpoints, exchange.remoteAddress(), open));
        router.route("GET", "/" + namespace, LmStudioSockets::isHandshake, handler);
    }

    /// Answers what is no handshake, where no other protocol has the path: to be called last.
    static void refuseOthers(Router router) {
        for (String namespace : ALL) {
            router.get(
                    "/" + namespace,
                    exchange -> {
                        exchange.set("Upgrade", "websocket");
                        throw new HttpException(
                                426,
                                "upgrade_required",
                                "GET /" + namespace + " is a websocket of LM Studio's SDK");
                    });
        }
    }

    private static boolean isHandshake(HttpExchange exchange) {
        String upgrade = exchange.header("Upgrade");
        return upgrade != null && upgrade.toLowerCase(Locale.ROOT).equals("websocket");
    }
}
