package dev.jebena.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Streamable HTTP: each message is a POST; answers are JSON or a stream of events, which is taken
/// up again where it broke. Messages that the server begins itself come over a standing GET.
final class HttpTransport implements McpTransport {
    private static final String SESSION = "Mcp-Session-Id";
    private static final int RESUMES = 5;

    /// Codes from here down have a meaning; those above are each implementation's own.
    private static final int NEWEST_ERRORS = -32020;

    private final McpServerAddress.Http address;
    private final HttpClient http;
    private Consumer<Map<String, @Nullable Object>> inbox = _ -> {};
    private Consumer<McpException> ended = _ -> {};
    private volatile @Nullable String session;
    private volatile @Nullable String version;
    private volatile boolean closing;
    private final Map<Object, Thread> waiting = new ConcurrentHashMap<>();

    HttpTransport(McpServerAddress.Http address, Duration connectTime) {
        this.address = address;
        http = HttpClient.newBuilder().connectTimeout(connectTime).build();
    }

    @Override
    public void start(Consumer<Map<String, @Nullable Object>> inbox, Consumer<McpException> ended) {
        this.inbox = inbox;
        this.ended = ended;
    }

    @Override
    public void agreed(String version) {
        this.version = version;
        if (!isStateless()) {
            Thread.startVirtualThread(this::listen);
        }
    }

    private boolean isStateless() {
        return McpVersions.STATELESS.equals(version);
    }

    private HttpRequest.Builder request() {
        HttpRequest.Builder builder = HttpRequest.newBuilder(address.uri());
        address.headers().forEach(builder::setHeader);
        if (session != null) {
            builder.setHeader(SESSION, session);
        }
        if (version != null) {
            builder.setHeader("MCP-Protocol-Version", version);
        }
        return builder;
    }

    /// Requests wait for their answer on a thread of their own; notifications are sent at once.
    @Override
    public void send(Map<String, @Nullable Object> message, Map<String, String> headers) {
        Object id = message.get("id");
        if (id == null || message.get("method") == null) {
            post(message, headers);
            return;
        }
        Thread.startVirtualThread(() -> {
            waiting.put(id, Thread.currentThread());
            try {
                post(message, headers);
            } catch (McpException e) {
                // As the answer of the one request that failed.
                inbox.accept(McpJson.error(id, e));
            } finally {
                waiting.remove(id);
            }
        });
    }

    /// Without a session, the end of the connection is what cancels a request.
    @Override
    public boolean abandon(Object id) {
        Thread thread = waiting.get(id);
        if (isStateless() && thread != null) {
            thread.interrupt();
        }
        return isStateless();
    }

    private void post(Map<String, @Nullable Object> message, Map<String, String> headers) {
        HttpRequest.Builder request =
                request()
                        .setHeader("Content-Type", "application/json")
                        .setHeader("Accept", "application/json, text/event-stream")
                        .POST(BodyPublishers.ofString(McpJson.text(message)));
        headers.forEach(request::setHeader);
        HttpResponse<InputStream> response = exchange(request.build());
        response.headers().firstValue(SESSION).ifPresent(id -> session = id);
        try (InputStream body = response.body()) {
            int status = response.statusCode();
            String type = response.headers().firstValue("Content-Type").orElse("");
            if (status >= 400) {
                throw refused(status, body);
            }
            if (type.startsWith("text/event-stream")) {
                follow(new EventStreamReader(body), message.get("id"));
            } else if (status != 202 && type.startsWith("application/json")) {
                inbox.accept(McpJson.message(bounded(body)));
            } else if (message.get("method") != null && message.get("id") != null) {
                throw new McpException(
                        McpException.CONNECTION,
                        address.uri() + " answered " + status + " of type \"" + type + "\"");
            }
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private static byte[] bounded(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(LineReader.LIMIT + 1);
        if (bytes.length > LineReader.LIMIT) {
            throw new IOException("an answer is longer than " + LineReader.LIMIT + " bytes");
        }
        return bytes;
    }

    private HttpResponse<InputStream> exchange(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw broken(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new McpException(McpException.CONNECTION, "interrupted", e);
        }
    }

    private McpException broken(IOException e) {
        String why =
                e instanceof ConnectException
                        ? "nothing listens there"
                        : String.valueOf(e.getMessage());
        return new McpException(
                McpException.CONNECTION,
                "no answer of the MCP server at " + address.uri() + ": " + why,
                e);
    }

    private McpException refused(int status, InputStream body) throws IOException {
        byte[] bytes = bounded(body);
        McpException told = told(bytes);
        if (told != null) {
            return told;
        }
        String all = new String(bytes, StandardCharsets.UTF_8).strip();
        String text = all.substring(0, Math.min(all.length(), 2000));
        if (status == 401 || status == 403) {
            return new McpException(
                    McpException.CONNECTION,
                    address.uri()
                            + " answered "
                            + status
                            + ": it wants credentials\ngive them in the headers of a file for"
                            + " --mcp-config");
        }
        if (status == 404 && session != null) {
            McpException gone =
                    new McpException(
                            McpException.CONNECTION,
                            "the MCP server at " + address.uri() + " has ended the session");
            ended.accept(gone);
            return gone;
        }
        return new McpException(
                McpException.CONNECTION, address.uri() + " answered " + status + ": " + text);
    }

    /// The error of a JSON-RPC body that a stateless server sends with its status; null where there
    /// is none.
    private static @Nullable McpException told(byte[] body) {
        try {
            Map<String, @Nullable Object> error = McpJson.map(McpJson.message(body), "error");
            return error.get("code") instanceof Number code && code.intValue() <= NEWEST_ERRORS
                    ? new McpException(
                            code.intValue(), McpJson.string(error, "message", "unknown error"))
                    : null;
        } catch (McpException _) {
            return null;
        }
    }

    /// Reads the events of an answer up to the reply to request `id`; null to read for ever.
    private void follow(EventStreamReader first, @Nullable Object id) throws IOException {
        EventStreamReader events = first;
        int resumes = 0;
        while (true) {
            IOException failure = null;
            try {
                for (var event = events.next(); event != null; event = events.next()) {
                    resumes = 0;
                    if (event.data().isBlank()) {
                        continue;
                    }
                    Map<String, @Nullable Object> message = McpJson.message(event.data());
                    inbox.accept(message);
                    if (id != null && isReply(message, id)) {
                        return;
                    }
                }
            } catch (IOException e) {
                failure = e;
            }
            String last = events.lastId();
            if (closing || isStateless() || last == null || ++resumes > RESUMES) {
                throw failure != null ? failure : new IOException("the answer ended too early");
            }
            events = resumed(last, events.retryMillis());
        }
    }

    private static boolean isReply(Map<String, ?> message, Object id) {
        Object answered = message.get("id");
        return message.get("method") == null
                && answered != null
                && answered.toString().equals(id.toString());
    }

    private EventStreamReader resumed(String lastId, long waitMillis) throws IOException {
        try {
            Thread.sleep(waitMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        HttpResponse<InputStream> response =
                exchange(
                        request()
                                .setHeader("Accept", "text/event-stream")
                                .setHeader("Last-Event-ID", lastId)
                                .GET()
                                .build());
        if (response.statusCode() != 200) {
            response.body().close();
            throw new IOException(
                    "the stream broke and cannot be taken up again: " + response.statusCode());
        }
        return new EventStreamReader(response.body());
    }

    /// The standing stream; servers that begin no messages refuse it, which is no error.
    private void listen() {
        try {
            HttpResponse<InputStream> response =
                    exchange(request().setHeader("Accept", "text/event-stream").GET().build());
            String type = response.headers().firstValue("Content-Type").orElse("");
            if (response.statusCode() == 200 && type.startsWith("text/event-stream")) {
                follow(new EventStreamReader(response.body()), null);
            }
            response.body().close();
        } catch (IOException | McpException _) {
            // Without it only news of changed lists is missed; requests show a server that is gone.
        }
    }

    @Override
    public void close() {
        closing = true;
        if (session != null) {
            try {
                http.send(
                        request().timeout(Duration.ofSeconds(2)).DELETE().build(),
                        BodyHandlers.discarding());
            } catch (IOException e) {
                // It forgets the session by itself in time.
                assert e != null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        http.shutdownNow();
    }
}
