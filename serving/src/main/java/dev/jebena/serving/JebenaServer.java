package dev.jebena.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpServer;
import dev.jebena.base.Router;
import dev.jebena.hub.Hub;
import dev.jebena.mcp.McpRoutes;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The server of `jebena serve`: all protocols on one port.
///
/// Where protocols claim the same path, the request decides:
///
/// | path | rule |
/// |---|---|
/// | `/` | a browser (`Accept: text/html`) gets the chat page, where one is mounted; other `GET` and `HEAD` requests get Ollama's greeting |
/// | `/v1/models/{id}` | the rest of the path is the id, its slashes raw or percent-encoded |
/// | `/v1/completions` | OpenAI's; `/completions` without `/v1` is llama.cpp's `/completion` |
/// | `/v1/models` | Anthropic's form with the header `anthropic-version`, else OpenAI's |
/// | `POST /` | text-generation-inference's `/generate` |
/// | `/tokenize` | by the body: `content` llama.cpp, `prompt` or `messages` vLLM, `inputs` Hugging Face |
/// | `/rerank` | by the body: `documents` vLLM and Jina, `texts` Hugging Face |
/// | `/llm`, `/embedding`, `/files`, `/system`, ... | a websocket handshake is LM Studio's SDK |
/// | `/health`, `/v1/health` | `{"status":"ok"}`, without a key; `/health` is `OK` for MLflow's clients and, as the first request of a connection, Python's requests, which compare the text |
/// | `/version` | MLflow's version as text for MLflow's clients, else `{"version"}` |
///
/// ```java
/// try (JebenaServer server = JebenaServer.start(ServingOptions.defaults(), Hub.open(home))) {
///     IO.println(server.uri());
/// }
/// ```
public final class JebenaServer implements AutoCloseable {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer http;
    private final ModelPool pool;
    private final ResponseStore responses;
    private final BatchRunner batches;
    private final Retention retention;
    private final ServerData data;

    private final List<Runnable> closings = new ArrayList<>();

    private JebenaServer(
            HttpServer http,
            ModelPool pool,
            ResponseStore responses,
            BatchRunner batches,
            Retention retention,
            ServerData data) {
        this.http = http;
        this.pool = pool;
        this.responses = responses;
        this.batches = batches;
        this.retention = retention;
        this.data = data;
    }

    public static JebenaServer start(ServingOptions options, Hub hub) {
        return start(options, hub, ModelLoader.standard(), _ -> {});
    }

    /// @param more registers further routes: the chat page and, later, other modules
    public static JebenaServer start(ServingOptions options, Hub hub, Consumer<Router> more) {
        return start(options, hub, ModelLoader.standard(), more);
    }

    /// @param loader how engines are made; tests give fakes
    public static JebenaServer start(
            ServingOptions options, Hub hub, ModelLoader loader, Consumer<Router> more) {
        Router router = new Router();
        // First: a page for browsers at `/` wins over Ollama's greeting.
        more.accept(router);
        ServingMetrics metrics = new ServingMetrics();
        ModelPool pool = new ModelPool(loader, options);
        ModelCatalog catalog = ModelCatalog.of(hub, options.pullMissing());
        ModelAccess models = new ModelAccess(catalog, pool, metrics, options);
        AnthropicRoutes.register(router, models);
        ServerData data = new ServerData(hub.home().resolve("server"));
        OpenAiRoutes.register(router, models, data);
        ResponseStore responses = new ResponseStore(data);
        OpenAiConversations conversations = new OpenAiConversations(data);
        conversations.register(router);
        ResponseRoutes.register(router, models, responses, conversations);
        StoredFiles files = new StoredFiles(data);
        new Uploads(data, files).register(router);
        BatchRunner batches = batches(router, data, files, options);
        LmStudioSockets.register(router, models, hub, files);
        OllamaRoutes.register(router, models, hub);
        LlamaCppRoutes.register(router, models);
        SlotRoutes.register(router, models, options.slotFolder());
        AdapterRoutes.register(router, models, pool.adapters(), options.adapterFolder());
        TokenizeRoutes.register(router, models);
        ScoringRoutes.register(router, models);
        TgiRoutes.register(router, models);
        LmStudioRoutes.register(router, models, hub);
        LocalAiRoutes.register(router, models, hub);
        OpenAiEdits.register(router, models);
        VectorStoreRoutes.register(router);
        ExtraRoutes.register(router, models);
        LmStudioSockets.refuseOthers(router);
        OpenApiDocument.register(router);
        McpRoutes.register(router, "/mcp", JebenaTools.server(models, hub));
        router.get("/version", x -> x.json(200, HttpJson.object("version", version())));
        router.get("/metrics", x -> x.bytes(200, METRICS_TYPE, metrics.text(pool).getBytes(UTF_8)));
        try {
            HttpServer http = HttpServer.start(options.http(), router, metrics);
            if (data.exists()) {
                batches.wake();
            }
            Retention retention = new Retention(data, files, options.keepResponses());
            return new JebenaServer(http, pool, responses, batches, retention, data);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private static BatchRunner batches(
            Router router, ServerData data, StoredFiles files, ServingOptions options) {
        BatchStore store = new BatchStore(data);
        // The other half of the places stays for those who wait for their answers.
        int parallel = Math.max(1, options.engine().maxSequences() / 2);
        BatchRunner runner =
                new BatchRunner(store, files, router, data.file("batches.lock"), parallel);
        FileRoutes.register(router, files);
        OpenAiBatches.register(router, store, runner, files);
        AnthropicBatches.register(router, store, runner, files);
        return runner;
    }

    /// The version of this build.
    static String version() {
        String version = JebenaServer.class.getPackage().getImplementationVersion();
        return version == null ? "0.0.0-development" : version;
    }

    /// Runs this when the server has closed: for what `more` needs.
    public synchronized JebenaServer closing(Runnable action) {
        closings.add(action);
        return this;
    }

    public int port() {
        return http.port();
    }

    public URI uri() {
        return http.uri();
    }

    public ModelPool pool() {
        return pool;
    }

    /// Stops accepting, lets running answers finish within the grace time, unloads the models.
    @Override
    public synchronized void close() {
        http.close();
        retention.close();
        batches.close();
        responses.close();
        pool.close();
        data.close();
        closings.forEach(Runnable::run);
        closings.clear();
    }
}
