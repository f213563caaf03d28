package dev.jebena.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/// The one listening server: HTTP/1.1 and HTTP/2 without TLS on one port, requests on virtual
/// threads.
///
/// ```java
/// Router router = new Router().get("/hello", x -> x.text(200, "Hello"));
/// try (HttpServer server = HttpServer.start(HttpServerOptions.defaults(), router)) { ... }
/// ```
public final class HttpServer implements AutoCloseable {
    /// Read at once: an upload is as fast as few reads of many bytes are.
    private static final int INPUT_BYTES = 256 << 10;

    private final Server server;
    private final ServerConnector connector;
    private final HttpClientWatch watch;
    private final HttpAccessLog log;
    private final HttpDispatch dispatch;
    private final HttpServerOptions options;
    private int port;
    private boolean closed;

    private HttpServer(
            Server server,
            ServerConnector connector,
            HttpClientWatch watch,
            HttpAccessLog log,
            HttpDispatch dispatch,
            HttpServerOptions options) {
        this.server = server;
        this.connector = connector;
        this.watch = watch;
        this.log = log;
        this.dispatch = dispatch;
        this.options = options;
    }

    public static HttpServer start(HttpServerOptions options, Router router) {
        return start(options, router, (_, _, _, _) -> {});
    }

    /// Listens from now on. Throws [IllegalArgumentException] when the address is reachable from
    /// other machines, there are no API keys, and that is not allowed explicitly.
    public static HttpServer start(
            HttpServerOptions options, Router router, HttpObserver observer) {
        boolean loopback = checkedLoopback(options);
        Server server = new Server(threads());
        ServerConnector connector = connector(server, options);
        server.addConnector(connector);
        HttpAccessLog log = HttpAccessLog.to(options.accessLog());
        HttpClientWatch watch = new HttpClientWatch();
        HttpGate gate = new HttpGate(options, loopback);
        HttpDispatch dispatch = new HttpDispatch(router, gate, options, watch, log, observer);
        server.setHandler(dispatch);
        server.setErrorHandler(dispatch::malformed);
        JettySocket.prepare(server);
        HttpServer started = new HttpServer(server, connector, watch, log, dispatch, options);
        try {
            server.start();
            started.port = connector.getLocalPort();
        } catch (Exception e) {
            started.stop();
            throw cannotListen(options, e);
        }
        return started;
    }

    private static RuntimeException cannotListen(HttpServerOptions options, Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String message =
                "cannot listen on "
                        + options.host()
                        + ":"
                        + options.port()
                        + ": "
                        + cause.getMessage()
                        + (cause instanceof BindException
                                ? "\nif another program uses the port, perhaps another jebena serve,"
                                        + " take a free one with --port"
                                : "");
        return new UncheckedIOException(message, new IOException(message, e));
    }

    private static boolean checkedLoopback(HttpServerOptions options) {
        boolean loopback;
        try {
            loopback = InetAddress.getByName(options.host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("unknown host to listen on: " + options.host(), e);
        }
        if (!loopback && options.apiKeys().isEmpty() && !options.allowOpen()) {
            throw new IllegalArgumentException(
                    options.host()
                            + " is reachable from other machines, and there is no API key: give"
                            + " --api-key KEY, or --open to let everybody in");
        }
        return loopback;
    }

    // Selectors and acceptors stay on few platform threads; every request runs on a virtual one.
    private static QueuedThreadPool threads() {
        QueuedThreadPool pool = new QueuedThreadPool(64, 4);
        pool.setName("jebena-http");
        pool.setDaemon(true);
        VirtualThreadPool virtual = new VirtualThreadPool();
        virtual.setName("jebena-request");
        virtual.setMaxConcurrentTasks(0);
        pool.setVirtualThreadsExecutor(virtual);
        return pool;
    }

    private static ServerConnector connector(Server server, HttpServerOptions options) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(options.maxHeaderBytes());
        // Model names hold slashes that clients encode; routes match the path as it was sent and
        // never reach the file system.
        http.setUriCompliance(UriCompliance.UNSAFE);
        ServerConnector connector =
                new ServerConnector(
                        server, 1, 1, plain(http), new HTTP2CServerConnectionFactory(http));
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(options.idleTimeout().toMillis());
        connector.setAcceptQueueSize(1024);
        connector.setReuseAddress(true);
        return connector;
    }

    private static HttpConnectionFactory plain(HttpConfiguration http) {
        HttpConnectionFactory factory = new HttpConnectionFactory(http);
        factory.setInputBufferSize(INPUT_BYTES);
        return factory;
    }

    public int port() {
        return port;
    }

    /// `http://host:port`, with the address that it listens on.
    public URI uri() {
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        return URI.create("http://" + host + ":" + port());
    }

    /// Requests in work.
    public int active() {
        return dispatch.active();
    }

    /// Stops accepting, lets running requests finish within the grace time, then ends them.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        dispatch.drain();
        connector.close();
        awaitIdle(options.graceTime());
        watch.fireAll();
        awaitIdle(Duration.ofSeconds(2));
        stop();
    }

    private void awaitIdle(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (dispatch.active() > 0 && System.nanoTime() < end) {
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void stop() {
        try {
            server.setStopTimeout(0);
            server.stop();
        } catch (Exception e) {
            System.err.println("server: stop failed: " + e);
        } finally {
            watch.close();
            log.close();
        }
    }
}
