package dev.jebena.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/// A request that came over the network.
final class JettyExchange extends HttpExchange {
    private final Request request;
    private final Response response;
    private final HttpServerOptions options;
    private final HttpClientWatch watch;
    private final Callback callback;
    private final boolean first;
    private boolean upgraded;

    /// Jetty gives up a connection once the parts of a form on it could not be told apart.
    private boolean bodyFailed;

    JettyExchange(
            Request request,
            Response response,
            Callback callback,
            HttpServerOptions options,
            HttpClientWatch watch) {
        super(request.getHeaders().get("X-Request-Id"), options.maxBodyBytes());
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.options = options;
        this.watch = watch;
        response.getHeaders().put("X-Request-Id", requestId());
        first =
                request.getConnectionMetaData().setAttribute(JettyExchange.class.getName(), true)
                        == null;
    }

    @Override
    public boolean isFirstOnConnection() {
        return first;
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String path() {
        String path = request.getHttpURI().getPath();
        return path == null || path.isEmpty() ? "/" : path;
    }

    @Override
    public @Nullable String query(String name) {
        Fields fields = Request.extractQueryParameters(request);
        return fields.getValue(name);
    }

    @Override
    public List<String> queryAll(String name) {
        return Request.extractQueryParameters(request).getValuesOrEmpty(name);
    }

    @Override
    public Set<String> queryNames() {
        return Request.extractQueryParameters(request).getNames();
    }

    @Override
    public @Nullable String header(String name) {
        return request.getHeaders().get(name);
    }

    @Override
    public String baseUrl() {
        return request.getHttpURI().getScheme() + "://" + request.getHttpURI().getAuthority();
    }

    @Override
    public String remoteAddress() {
        return Request.getRemoteAddr(request);
    }

    @Override
    public InputStream bodyStream() {
        return Request.asInputStream(request);
    }

    @Override
    long bodyLength() {
        return request.getLength();
    }

    @Override
    public HttpForm form(long limit) {
        try {
            return JettyForm.of(request, limit);
        } catch (HttpException e) {
            bodyFailed = true;
            throw e;
        }
    }

    @Override
    public HttpExchange set(String name, String value) {
        response.getHeaders().put(name, value);
        return this;
    }

    @Override
    void begin(int status) {
        if (status >= 400) {
            dropBody();
        }
        response.setStatus(status);
    }

    @Override
    public AutoCloseableHandle whenGone(Runnable action) {
        return watch.add(this, action);
    }

    @Override
    public void webSocket(int messageBytes, WebSocketHandler handler) {
        if (JettySocket.upgrade(request, response, callback, messageBytes, handler)) {
            upgraded = true;
        } else {
            throw new HttpException(
                    426,
                    "upgrade_required",
                    method() + " " + path() + " is a websocket; connect with one");
        }
    }

    @Override
    public boolean committed() {
        return response.isCommitted() || ended() || upgraded;
    }

    @Override
    public int status() {
        return response.getStatus();
    }

    @Override
    void send(boolean last, ByteBuffer piece) throws IOException {
        try (Blocker.Callback callback = Blocker.callback()) {
            response.write(last, piece, callback);
            callback.block();
        }
    }

    @Override
    void reset() {
        HttpField[] kept =
                response.getHeaders().stream()
                        .filter(f -> isKept(f.getName()))
                        .toArray(HttpField[]::new);
        response.reset();
        response.getHeaders().put("X-Request-Id", requestId());
        for (HttpField field : kept) {
            response.getHeaders().put(field);
        }
        // A body that was refused half-way is not read to its end, and the connection ends with the
        // reply. The client must learn that here: one that sends its next request meanwhile gets no
        // answer to it.
        boolean version1 = request.getConnectionMetaData().getHttpVersion().getVersion() < 20;
        if (version1 && (bodyFailed || !request.consumeAvailable())) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
    }

    /// Whether the request became a websocket: it completes by itself.
    boolean upgraded() {
        return upgraded;
    }

    Request request() {
        return request;
    }

    HttpServerOptions options() {
        return options;
    }
}
