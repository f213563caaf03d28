package dev.jebena.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/// From Jetty's request to the router and back: admission, limits, error replies, log.
final class HttpDispatch extends Handler.Abstract {
    private final Router router;
    private final HttpGate gate;
    private final HttpServerOptions options;
    private final HttpClientWatch watch;
    private final HttpAccessLog log;
    private final HttpObserver observer;
    private final AtomicInteger active = new AtomicInteger();
    private volatile boolean draining;

    HttpDispatch(
            Router router,
            HttpGate gate,
            HttpServerOptions options,
            HttpClientWatch watch,
            HttpAccessLog log,
            HttpObserver observer) {
        super(Invocable.InvocationType.BLOCKING);
        this.router = router;
        this.gate = gate;
        this.options = options;
        this.watch = watch;
        this.log = log;
        this.observer = observer;
    }

    int active() {
        return active.get();
    }

    /// From now on every new request is refused.
    void drain() {
        draining = true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        JettyExchange exchange = new JettyExchange(request, response, callback, options, watch);
        // While an answer is computed nothing is read or written for long; only a body that does
        // not
        // arrive or a reply that nobody reads may time out.
        request.addIdleTimeoutListener(_ -> false);
        int now = active.incrementAndGet();
        try {
            answer(exchange, now);
            if (!exchange.upgraded()) {
                callback.succeeded();
            }
            done(exchange, exchange.status());
        } catch (IOException e) {
            callback.failed(e);
            // 499: the client closed the connection (the status that nginx logs for it).
            done(exchange, 499);
        } catch (Throwable e) {
            callback.failed(e);
            done(exchange, 500);
        } finally {
            active.decrementAndGet();
        }
        return true;
    }

    private void done(HttpExchange exchange, int status) {
        Duration duration = Duration.ofNanos(System.nanoTime() - exchange.startNanos());
        log.write(exchange, status, duration);
        observer.done(exchange, exchange.route(), status, duration);
    }

    private void answer(HttpExchange exchange, int now) throws IOException {
        try {
            admit(exchange, now);
            if (exchange.method().equals("OPTIONS")) {
                options(exchange);
                return;
            }
            router.serve(exchange);
            if (!exchange.committed()) {
                exchange.empty(200);
            }
        } catch (HttpException e) {
            refuse(exchange, e);
        } catch (Problem e) {
            refuse(exchange, HttpException.of(e));
        } catch (RuntimeException | Error e) {
            if (exchange.committed()) {
                throw e;
            }
            System.err.println("request " + exchange.requestId() + " failed:");
            e.printStackTrace();
            refuse(
                    exchange,
                    new HttpException(
                            500,
                            "internal_error",
                            "The server failed: " + e + " (request " + exchange.requestId() + ")"));
        }
    }

    private void admit(HttpExchange exchange, int now) {
        if (draining) {
            exchange.set("Connection", "close");
            throw new HttpException(503, "shutting_down", "The server is shutting down")
                    .retryAfter(5);
        }
        gate.checkOrigin(exchange);
        boolean open = exchange.method().equals("OPTIONS") || router.isOpen(exchange);
        if (!open) {
            HttpAccess access = router.access();
            if (access == null || gate.hasKey(exchange)) {
                gate.checkKey(exchange);
            } else {
                access.check(exchange);
            }
            if (now > options.maxConcurrent()) {
                throw HttpException.busy(
                        "The server is working on "
                                + options.maxConcurrent()
                                + " requests already, its limit; try again later",
                        1);
            }
        }
    }

    private void options(HttpExchange exchange) throws IOException {
        gate.preflight(exchange);
        exchange.set("Allow", String.join(", ", router.allowed(exchange.path())));
        exchange.empty(204);
    }

    private void refuse(HttpExchange exchange, HttpException problem) throws IOException {
        if (exchange.committed()) {
            throw new IOException("failed after the reply began: " + problem.message(), problem);
        }
        exchange.reset();
        if (problem.retryAfterSeconds() > 0) {
            exchange.set("Retry-After", Integer.toString(problem.retryAfterSeconds()));
        }
        exchange.json(problem.status(), router.errorBody(exchange, problem));
    }

    /// Writes the error replies that Jetty makes by itself: for a head that is too large or not
    /// HTTP.
    boolean malformed(Request request, Response response, Callback callback) {
        int status = response.getStatus() < 400 ? 500 : response.getStatus();
        Object reason = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
        HttpException problem =
                new HttpException(
                        status,
                        "bad_request",
                        reason == null ? "The request is not valid HTTP" : reason.toString());
        byte[] body = HttpJson.bytes(router.errorBody(request.getHttpURI().getPath(), problem));
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }
}
