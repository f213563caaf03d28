package dev.jebena.serving;

import dev.jebena.hub.Hub;
import dev.jebena.mcp.McpServer;

/// What Jebena offers to clients of the Model Context Protocol: its models as tools. At `/mcp` of
/// the server, or without a server for a client that starts us:
///
/// ```java
/// try (JebenaTools tools = JebenaTools.open(ServingOptions.defaults(), Hub.open(home))) {
///     new McpStdioServer(tools.server()).serve(System.in, System.out);
/// }
/// ```
public final class JebenaTools implements AutoCloseable {
    private final ModelPool pool;
    private final McpServer server;

    private JebenaTools(ModelPool pool, McpServer server) {
        this.pool = pool;
        this.server = server;
    }

    public static JebenaTools open(ServingOptions options, Hub hub) {
        return open(options, hub, ModelLoader.standard());
    }

    /// @param loader how engines are made; tests give fakes
    public static JebenaTools open(ServingOptions options, Hub hub, ModelLoader loader) {
        ModelPool pool = new ModelPool(loader, options);
        ModelCatalog catalog = ModelCatalog.of(hub, options.pullMissing());
        ModelAccess models = new ModelAccess(catalog, pool, new ServingMetrics(), options);
        return new JebenaTools(pool, server(models, hub));
    }

    /// The tools over models that are served already.
    static McpServer server(ModelAccess models, Hub hub) {
        McpServer server =
                McpServer.named("jebena", JebenaServer.version())
                        .instructions(
                                "Language models that run on this machine: ask one with chat,"
                                        + " compare texts with embed and rerank.");
        McpTextTools.register(server, models);
        McpVectorTools.register(server, models);
        McpStoreTools.register(server, models, hub);
        return server;
    }

    public McpServer server() {
        return server;
    }

    /// Unloads the models.
    @Override
    public void close() {
        pool.close();
    }
}
