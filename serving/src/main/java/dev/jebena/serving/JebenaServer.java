package dev.jebena.serving;

import dev.jebena.base.HttpServer;
import dev.jebena.base.Router;
import dev.jebena.hub.Hub;
import java.net.URI;
import java.util.function.Consumer;

/// The server of `jebena serve`: all protocols on one port.
///
/// ```java
/// try (JebenaServer server = JebenaServer.start(ServingOptions.defaults(), Hub.open(home))) {
///     IO.println(server.uri());
/// }
/// ```
public final class JebenaServer implements AutoCloseable {
    private final HttpServer http;
    private final ModelPool pool;

    private JebenaServer(HttpServer http, ModelPool pool) {
        this.http = http;
        this.pool = pool;
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
        // First, so that a page registered for browsers at / wins over Ollama's greeting.
        more.accept(router);
        ModelPool pool = new ModelPool(loader, options);
        try {
            return new JebenaServer(HttpServer.start(options.http(), router), pool);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
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
    public void close() {
        http.close();
        pool.close();
    }
}
