package dev.jebena.base;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One request and its reply. A reply is either sent whole (`json`, `text`, `bytes`, `empty`), in
/// one write, or as a [HttpStream]. Requests come over the network, or from the server itself
/// ([InnerExchange]).
public abstract sealed class HttpExchange permits JettyExchange, InnerExchange {
    /// Bytes of a refused body that are read and dropped, so that the client sees the reply instead
    /// of a reset connection.
    private static final long DRAIN_BYTES = 16L << 20;

    private final String requestId;
    private final long maxBodyBytes;
    private final long startNanos = System.nanoTime();
    private Map<String, String> pathParameters = Map.of();
    private @Nullable Map<String, @Nullable Object> json;
    private String route = "other";
    private long bytesSent;
    private volatile boolean ended;

    /// @param requestId the one that the client sent; any other is replaced
    HttpExchange(@Nullable String requestId, long maxBodyBytes) {
        this.requestId =
                requestId != null && requestId.length() <= 100 && requestId.matches("[!-~]+")
                        ? requestId
                        : "req_" + UUID.randomUUID().toString().replace("-", "");
        this.maxBodyBytes = maxBodyBytes;
    }

    public abstract String method();

    /// The path as sent, still percent-encoded, without the query.
    public abstract String path();

    /// What a `{name}` or `{name...}` of the route's pattern matched, decoded.
    public String parameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no {" + name + "}");
        }
        return value;
    }

    /// As [#parameter]; `absent` when the route has no such name.
    public String parameterOr(String name, String absent) {
        return pathParameters.getOrDefault(name, absent);
    }

    /// The first value of a query parameter.
    public abstract @Nullable String query(String name);

    /// All values of a query parameter, in their order.
    public abstract List<String> queryAll(String name);

    /// The names of the query's parameters.
    public abstract Set<String> queryNames();

    public abstract @Nullable String header(String name);

    /// Whether the `Accept` header names this media type itself, not by a wildcard: how a browser
    /// that wants a page differs from a program.
    public boolean accepts(String mediaType) {
        String accept = header("Accept");
        return accept != null && accept.toLowerCase(Locale.ROOT).contains(mediaType);
    }

    /// Whether a script of a page asks: a refusal must not make the browser ask for a password.
    public boolean isFromPage() {
        return "XMLHttpRequest".equals(header("X-Requested-With"));
    }

    /// Scheme, host and port under which the client reached the server.
    public abstract String baseUrl();

    public abstract String remoteAddress();

    /// Whether nothing was asked on this connection before.
    public abstract boolean isFirstOnConnection();

    public String requestId() {
        return requestId;
    }

    /// [System#nanoTime] when the request began.
    public long startNanos() {
        return startNanos;
    }

    /// The body as a JSON object; an empty body is an empty object. Throws [HttpException] 400 when
    /// it is something else and 413 when it is larger than the server's limit.
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> known = json;
        if (known == null) {
            byte[] body = body(maxBodyBytes);
            known = body.length == 0 ? HttpJson.object() : HttpJson.objectOf(HttpJson.parse(body));
            json = known;
        }
        return known;
    }

    /// The whole body; throws [HttpException] 413 when it is longer than `limit`.
    public byte[] body(long limit) {
        String encoding = header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new HttpException(
                    415,
                    "unsupported_encoding",
                    "Content-Encoding "
                            + encoding
                            + " is not supported here; send the body uncompressed");
        }
        try (InputStream in = bodyStream()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (out.size() + n > limit || bodyLength() > limit) {
                    drain(in, buffer);
                    throw tooLarge(limit);
                }
                out.write(buffer, 0, n);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    static HttpException tooLarge(long limit) {
        return new HttpException(
                413,
                "body_too_large",
                "The request body is larger than the limit of " + limit + " bytes");
    }

    static HttpException unreadable(IOException e) {
        return e.getCause() instanceof TimeoutException
                ? new HttpException(408, "timeout", "The request body did not arrive in time")
                        .causedBy(e)
                : new HttpException(
                                400,
                                "bad_body",
                                "The request body cannot be read: " + e.getMessage())
                        .causedBy(e);
    }

    private static void drain(InputStream in, byte[] buffer) throws IOException {
        long dropped = 0;
        for (int n = 0; n >= 0 && dropped < DRAIN_BYTES; n = in.read(buffer)) {
            dropped += n;
        }
    }

    /// Reads and drops what the client still sends, unless it is long: many clients miss an error
    /// that comes before they have sent all.
    final void dropBody() {
        boolean waits = header("Expect") != null;
        if (waits || bodyLength() > DRAIN_BYTES) {
            return;
        }
        try (InputStream in = bodyStream()) {
            drain(in, new byte[8192]);
        } catch (IOException _) {
            // It has been read, or the client is gone: the reply is all that is left to try.
        }
    }

    /// The body as it arrives, for uploads of any size.
    public abstract InputStream bodyStream();

    /// Length of the body as announced; -1 when it was not.
    abstract long bodyLength();

    /// The fields and files of a `multipart/form-data` body.
    ///
    /// @param limit more bytes than this are refused with [HttpException] 413
    public abstract HttpForm form(long limit);

    /// Sets a header of the reply.
    public abstract HttpExchange set(String name, String value);

    abstract void begin(int status);

    public void json(int status, @Nullable Object value) throws IOException {
        bytes(status, "application/json", HttpJson.bytes(value));
    }

    public void text(int status, String text) throws IOException {
        bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public void empty(int status) throws IOException {
        begin(status);
        if (status != 204) {
            set("Content-Length", "0");
        }
        write(true, ByteBuffer.allocate(0));
    }

    public void bytes(int status, String contentType, byte[] body) throws IOException {
        begin(status);
        set("Content-Type", contentType);
        set("Content-Length", Integer.toString(body.length));
        write(true, ByteBuffer.wrap(body));
    }

    /// Sends as many bytes as `in` has, without holding them all.
    public void bytes(int status, String contentType, long length, InputStream in)
            throws IOException {
        begin(status);
        set("Content-Type", contentType);
        set("Content-Length", Long.toString(length));
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            write(false, ByteBuffer.wrap(buffer, 0, n));
        }
        write(true, ByteBuffer.allocate(0));
    }

    /// Begins a streamed reply; the head goes out with the first piece.
    public HttpStream stream(int status, String contentType) {
        begin(status);
        set("Content-Type", contentType);
        set("Cache-Control", "no-cache");
        // Asks proxies in between not to collect the pieces.
        set("X-Accel-Buffering", "no");
        return new HttpStream(this);
    }

    /// Runs `action` once, on another thread, if the client goes away or the request's time is up
    /// before the returned handle is closed. Call it after the body has been read.
    public abstract AutoCloseableHandle whenGone(Runnable action);

    /// A handle whose `close` throws nothing.
    public interface AutoCloseableHandle extends AutoCloseable {
        @Override
        void close();
    }

    /// Makes a websocket of the request; that is the reply. Throws [HttpException] 426 for a
    /// request that is no websocket handshake.
    ///
    /// @param messageBytes longest message that is taken; one that is longer ends the connection
    public abstract void webSocket(int messageBytes, WebSocketHandler handler);

    /// Whether a reply has begun.
    public abstract boolean committed();

    public abstract int status();

    /// Bytes of the reply's body so far.
    public long bytesSent() {
        return bytesSent;
    }

    void write(boolean last, ByteBuffer piece) throws IOException {
        bytesSent += piece.remaining();
        ended |= last;
        send(last, piece);
    }

    abstract void send(boolean last, ByteBuffer piece) throws IOException;

    /// Makes the exchange fit for another reply after a failed handler.
    abstract void reset();

    /// Headers that an error reply keeps.
    static boolean isKept(String header) {
        return List.of(
                        "Access-Control-",
                        "Vary",
                        "Allow",
                        "WWW-Authenticate",
                        "Refresh",
                        "Connection",
                        "Request-Id")
                .stream()
                .anyMatch(header::startsWith);
    }

    void matched(RoutePattern pattern, Map<String, String> values) {
        route = pattern.toString();
        pathParameters = values;
    }

    /// The pattern that matched; `other` when none did.
    String route() {
        return route;
    }

    boolean ended() {
        return ended;
    }
}
