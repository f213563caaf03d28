package dev.jebena.base;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/// One request and its reply. A reply is either sent whole (`json`, `text`, `bytes`, `empty`), in
/// one write, or as a [HttpStream].
public final class HttpExchange {
    /// Bytes of a refused body that are read and dropped, so that the client sees the reply instead
    /// of a reset connection.
    private static final long DRAIN_BYTES = 16L << 20;

    /// Headers that an error reply keeps.
    private static final List<String> KEPT =
            List.of(
                    "Access-Control-",
                    "Vary",
                    "Allow",
                    "WWW-Authenticate",
                    "Connection",
                    "Request-Id");

    private final Request request;
    private final Response response;
    private final HttpServerOptions options;
    private final HttpClientWatch watch;
    private final String requestId;
    private final long startNanos = System.nanoTime();
    private Map<String, String> pathParameters = Map.of();
    private @Nullable Map<String, @Nullable Object> json;
    private String route = "other";
    private long bytesSent;
    private volatile boolean ended;

    HttpExchange(
            Request request, Response response, HttpServerOptions options, HttpClientWatch watch) {
        this.request = request;
        this.response = response;
        this.options = options;
        this.watch = watch;
        String sent = request.getHeaders().get("X-Request-Id");
        requestId =
                sent != null && sent.length() <= 100 && sent.matches("[!-~]+")
                        ? sent
                        : "req_" + UUID.randomUUID().toString().replace("-", "");
        response.getHeaders().put("X-Request-Id", requestId);
    }

    public String method() {
        return request.getMethod();
    }

    /// The path as sent, still percent-encoded, without the query.
    public String path() {
        String path = request.getHttpURI().getPath();
        return path == null || path.isEmpty() ? "/" : path;
    }

    /// What a `{name}` or `{name...}` of the route's pattern matched, decoded.
    public String parameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no {" + name + "}");
        }
        return value;
    }

    /// The first value of a query parameter.
    public @Nullable String query(String name) {
        Fields fields = Request.extractQueryParameters(request);
        return fields.getValue(name);
    }

    public @Nullable String header(String name) {
        return request.getHeaders().get(name);
    }

    /// Whether the `Accept` header names this media type itself, not by a wildcard: how a browser
    /// that wants a page differs from a program.
    public boolean accepts(String mediaType) {
        String accept = header("Accept");
        return accept != null && accept.toLowerCase(Locale.ROOT).contains(mediaType);
    }

    /// Scheme, host and port under which the client reached the server.
    public String baseUrl() {
        return request.getHttpURI().getScheme() + "://" + request.getHttpURI().getAuthority();
    }

    public String remoteAddress() {
        return Request.getRemoteAddr(request);
    }

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
            byte[] body = body(options.maxBodyBytes());
            known = body.length == 0 ? HttpJson.object() : objectOf(HttpJson.parse(body));
            json = known;
        }
        return known;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> objectOf(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw new HttpException(
                400, "invalid_json", "The request body must be a JSON object, {...}");
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
        try (InputStream in = Request.asInputStream(request)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (out.size() + n > limit || request.getLength() > limit) {
                    drain(in, buffer);
                    throw new HttpException(
                            413,
                            "body_too_large",
                            "The request body is larger than the limit of " + limit + " bytes");
                }
                out.write(buffer, 0, n);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static HttpException unreadable(IOException e) {
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

    /// The body as it arrives, for uploads of any size.
    public InputStream bodyStream() {
        return Request.asInputStream(request);
    }

    /// Sets a header of the reply.
    public HttpExchange set(String name, String value) {
        response.getHeaders().put(name, value);
        return this;
    }

    public void json(int status, @Nullable Object value) throws IOException {
        bytes(status, "application/json", HttpJson.bytes(value));
    }

    public void text(int status, String text) throws IOException {
        bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public void empty(int status) throws IOException {
        response.setStatus(status);
        if (status != 204) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
        }
        write(true, ByteBuffer.allocate(0));
    }

    public void bytes(int status, String contentType, byte[] body) throws IOException {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        write(true, ByteBuffer.wrap(body));
    }

    /// Begins a streamed reply; the head goes out with the first piece.
    public HttpStream stream(int status, String contentType) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        // Asks proxies in between not to collect the pieces.
        response.getHeaders().put("X-Accel-Buffering", "no");
        return new HttpStream(this);
    }

    /// Runs `action` once, on another thread, if the client goes away or the request's time is up
    /// before the returned handle is closed. Call it after the body has been read.
    public AutoCloseableHandle whenGone(Runnable action) {
        return watch.add(this, action);
    }

    /// A handle whose `close` throws nothing.
    public interface AutoCloseableHandle extends AutoCloseable {
        @Override
        void close();
    }

    /// Whether a reply has begun.
    public boolean committed() {
        return response.isCommitted() || ended;
    }

    public int status() {
        return response.getStatus();
    }

    /// Bytes of the reply's body so far.
    public long bytesSent() {
        return bytesSent;
    }

    void write(boolean last, ByteBuffer piece) throws IOException {
        bytesSent += piece.remaining();
        ended |= last;
        try (Blocker.Callback callback = Blocker.callback()) {
            response.write(last, piece, callback);
            callback.block();
        }
    }

    /// Makes the exchange fit for another reply after a failed handler.
    void reset() {
        String id = requestId;
        HttpField[] kept =
                response.getHeaders().stream()
                        .filter(f -> KEPT.stream().anyMatch(f.getName()::startsWith))
                        .toArray(HttpField[]::new);
        response.reset();
        response.getHeaders().put("X-Request-Id", id);
        for (HttpField field : kept) {
            response.getHeaders().put(field);
        }
    }

    void matched(RoutePattern pattern, Map<String, String> values) {
        route = pattern.toString();
        pathParameters = values;
    }

    /// The pattern that matched; `other` when none did.
    String route() {
        return route;
    }

    Request request() {
        return request;
    }

    HttpServerOptions options() {
        return options;
    }

    boolean ended() {
        return ended;
    }
}
