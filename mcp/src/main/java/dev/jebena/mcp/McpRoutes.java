package dev.jebena.mcp;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Streamable HTTP: a message is a POST; calls of tools are answered by a stream of events that a
/// client can take up again (`GET` with `Last-Event-ID`), all else by JSON.
///
/// Clients of the revisions with a handshake get a session (`Mcp-Session-Id`); requests of revision
/// 2026-07-28 stand alone. Whose pages and keys may come in is the server's own gate's matter.
public final class McpRoutes {
    private static final String SESSION = "Mcp-Session-Id";
    private static final String VERSION = "MCP-Protocol-Version";

    /// A comment this often tells whether the client is still there.
    private static final long BEAT_MILLIS = 10_000;

    /// How long a call goes on whose client is gone and may come back.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final McpServer server;
    private final HttpSessions sessions;

    private McpRoutes(McpServer server) {
        this.server = server;
        sessions = new HttpSessions(server);
    }

    /// Serves `server` at `path`.
    public static void register(Router router, String path, McpServer server) {
        McpRoutes routes = new McpRoutes(server);
        router.post(path, routes::post)
                .get(path, routes::resume)
                .delete(path, routes::end)
                .errors(path, McpRoutes::error);
    }

    private static Map<String, @Nullable Object> error(HttpException e) {
        int code = e.status() == 400 ? McpException.INVALID_REQUEST : McpException.CONNECTION;
        return McpJson.error(null, new McpException(code, e.message()));
    }

    private void post(HttpExchange exchange) throws IOException {
        Map<String, @Nullable Object> message = exchange.json();
        if (!"2.0".equals(message.get("jsonrpc"))) {
            throw new HttpException(400, "invalid_request", "expected one JSON-RPC 2.0 message");
        }
        checkVersion(exchange);
        Map<String, @Nullable Object> params = McpJson.map(message, "params");
        if (McpVersions.STATELESS.equals(exchange.header(VERSION))
                || McpSession.requestVersion(params) != null) {
            stateless(exchange, message, params);
            return;
        }
        if ("initialize".equals(message.get("method"))) {
            HttpSessions.Session session = sessions.open();
            exchange.set(SESSION, session.id);
            session.session.handle(message, reply -> send(exchange, 200, reply));
            return;
        }
        HttpSessions.Session session = session(exchange);
        if (!McpSession.isRequest(message)) {
            session.session.handle(message, _ -> {});
            exchange.empty(202);
        } else if ("tools/call".equals(message.get("method"))
                && exchange.accepts("text/event-stream")) {
            call(exchange, session, message);
        } else {
            Last last = new Last();
            session.session.handle(message, last::set);
            send(exchange, 200, last.reply(message));
        }
    }

    /// The last message of those that an answer consists of: the reply.
    private static final class Last {
        private @Nullable Map<String, @Nullable Object> message;

        void set(Map<String, @Nullable Object> next) {
            message = next;
        }

        /// A cancelled call has no reply; over HTTP something has to be said.
        Map<String, @Nullable Object> reply(Map<String, @Nullable Object> request) {
            return message != null && message.containsKey("id")
                    ? message
                    : McpJson.error(
                            request.get("id"),
                            new McpException(McpException.INVALID_REQUEST, "cancelled"));
        }
    }

    private static void checkVersion(HttpExchange exchange) {
        String version = exchange.header(VERSION);
        if (version != null && !McpVersions.known(version)) {
            throw new HttpException(
                    400,
                    "unsupported_version",
                    VERSION
                            + " is "
                            + version
                            + "; expected "
                            + McpVersions.STATELESS
                            + ", "
                            + String.join(", ", McpVersions.HANDSHAKE));
        }
    }

    private HttpSessions.Session session(HttpExchange exchange) {
        String id = exchange.header(SESSION);
        if (id == null) {
            throw new HttpException(
                    400, "no_session", "the header " + SESSION + " is missing; initialize first");
        }
        HttpSessions.Session session = sessions.find(id);
        if (session == null) {
            throw new HttpException(404, "no_session", "the session has ended; initialize again");
        }
        return session;
    }

    /// A request that stands alone: no session, closing the connection cancels it.
    private void stateless(
            HttpExchange exchange,
            Map<String, @Nullable Object> message,
            Map<String, @Nullable Object> params)
            throws IOException {
        if (!McpSession.isRequest(message)) {
            exchange.empty(202);
            return;
        }
        McpException wrong = StatelessHeaders.problem(exchange, message, params);
        if (wrong != null) {
            send(exchange, 400, McpJson.error(message.get("id"), wrong));
            return;
        }
        HttpSessions.Session alone = new HttpSessions.Session(server);
        boolean progress = McpJson.map(params, "_meta").get("progressToken") != null;
        if (progress && exchange.accepts("text/event-stream")) {
            EventLog log = begin(alone, message);
            try (var _ = exchange.whenGone(alone.session::close)) {
                write(exchange, log, 0, false);
            }
            return;
        }
        Last last = new Last();
        try (var _ = exchange.whenGone(alone.session::close)) {
            alone.session.handle(message, last::set);
        }
        Map<String, @Nullable Object> reply = last.reply(message);
        Object code = McpJson.map(reply, "error").get("code");
        int status =
                code == null
                        ? 200
                        : code.equals(McpException.METHOD_NOT_FOUND)
                                ? 404
                                : code.equals(McpException.INTERNAL_ERROR) ? 200 : 400;
        send(exchange, status, reply);
    }

    private static EventLog begin(
            HttpSessions.Session session, Map<String, @Nullable Object> message) {
        EventLog log = session.newLog();
        Thread.startVirtualThread(() -> {
            try {
                session.session.handle(message, log::add);
            } finally {
                log.finish();
            }
        });
        return log;
    }

    private void call(
            HttpExchange exchange,
            HttpSessions.Session session,
            Map<String, @Nullable Object> message)
            throws IOException {
        EventLog log = begin(session, message);
        Object id = message.get("id");
        // A connection that ends does not cancel a call: the client may come back for the rest.
        Runnable gone = () -> Thread.startVirtualThread(() -> forsake(session, log, id));
        try (var _ = exchange.whenGone(gone)) {
            write(exchange, log, 0, session.session.version().equals(McpVersions.LATEST));
        }
    }

    private static void forsake(HttpSessions.Session session, EventLog log, @Nullable Object id) {
        try {
            Thread.sleep(PATIENCE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (!log.isRead() && !log.isDone() && id != null) {
            session.session.abandon(id);
        }
    }

    private void resume(HttpExchange exchange) throws IOException {
        checkVersion(exchange);
        HttpSessions.Session session = session(exchange);
        String last = exchange.header("Last-Event-ID");
        if (last == null || !last.matches("c[0-9]{1,18}-[0-9]{1,9}")) {
            exchange.set("Allow", "POST, DELETE");
            throw new HttpException(
                    405,
                    "no_stream",
                    "this server begins no messages of its own; GET takes a Last-Event-ID");
        }
        String[] place = last.split("-", 2);
        EventLog log = session.log(place[0]);
        if (log == null) {
            throw new HttpException(404, "no_stream", "the events after " + last + " are gone");
        }
        write(exchange, log, Integer.parseInt(place[1]), false);
    }

    /// Streams the events from number `from` on.
    ///
    /// @param primed begin with an empty event, so that the client can come back before the first
    private static void write(HttpExchange exchange, EventLog log, int from, boolean primed)
            throws IOException {
        log.attach();
        try (var stream = exchange.stream(200, "text/event-stream")) {
            stream.write(primed ? "id: " + log.id + "-" + from + "\ndata: \n\n" : ": begin\n\n");
            for (int i = from; ; ) {
                Map<String, @Nullable Object> event = log.await(i, BEAT_MILLIS);
                if (event != null) {
                    i++;
                    stream.write(
                            "id: "
                                    + log.id
                                    + "-"
                                    + i
                                    + "\nevent: message\ndata: "
                                    + McpJson.text(event)
                                    + "\n\n");
                } else if (log.isDone()) {
                    return;
                } else {
                    stream.write(": alive\n\n");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            log.detach();
        }
    }

    private void end(HttpExchange exchange) throws IOException {
        HttpSessions.Session session = session(exchange);
        sessions.end(session.id);
        exchange.empty(204);
    }

    private static void send(
            HttpExchange exchange, int status, Map<String, @Nullable Object> message) {
        try {
            exchange.json(status, message);
        } catch (IOException e) {
            // The client is gone, which nobody needs to hear.
            return;
        }
    }
}
