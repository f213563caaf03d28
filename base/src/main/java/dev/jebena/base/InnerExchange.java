package dev.jebena.base;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A request that the server makes to itself, as for a line of a batch: no network, no key, no
/// limit on requests at once. The reply stays in memory.
///
/// ```java
/// InnerExchange call = InnerExchange.post("/v1/embeddings", body, "batch_1");
/// router.call(call);
/// call.status();
/// ```
public final class InnerExchange extends HttpExchange {
    private final String method;
    private final String path;
    private final Map<String, String> query;
    private final String caller;
    private final byte[] body;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final ByteArrayOutputStream reply = new ByteArrayOutputStream();
    private final Set<Runnable> actions = new LinkedHashSet<>();
    private boolean cancelled;
    private int status = 200;

    private InnerExchange(
            String method, String path, Map<String, String> query, byte[] body, String caller) {
        super(null, Long.MAX_VALUE);
        this.method = method;
        this.path = path;
        this.query = Map.copyOf(query);
        this.body = body;
        this.caller = caller;
    }

    /// A POST of a JSON body.
    ///
    /// @param caller in whose name, where others have their network address
    public static InnerExchange post(String path, Map<String, ?> body, String caller) {
        return new InnerExchange("POST", path, Map.of(), HttpJson.bytes(body), caller);
    }

    /// A GET with these query parameters.
    ///
    /// @param caller as in [#post]
    public static InnerExchange get(String path, Map<String, String> query, String caller) {
        return new InnerExchange("GET", path, query, new byte[0], caller);
    }

    /// Adds a header of the request.
    public InnerExchange with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /// Ends the request as if its client had gone.
    public void cancel() {
        Set<Runnable> all;
        synchronized (this) {
            cancelled = true;
            all = Set.copyOf(actions);
            actions.clear();
        }
        all.forEach(Runnable::run);
    }

    /// The reply's body.
    public byte[] reply() {
        return reply.toByteArray();
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public List<String> queryAll(String name) {
        String value = query.get(name);
        return value == null ? List.of() : List.of(value);
    }

    @Override
    public boolean isFirstOnConnection() {
        return true;
    }

    @Override
    public Set<String> queryNames() {
        return Set.of();
    }

    @Override
    public @Nullable String query(String name) {
        return query.get(name);
    }

    @Override
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public String baseUrl() {
        return "http://localhost";
    }

    @Override
    public String remoteAddress() {
        return caller;
    }

    @Override
    public InputStream bodyStream() {
        return new ByteArrayInputStream(body);
    }

    @Override
    long bodyLength() {
        return body.length;
    }

    @Override
    public HttpForm form(long limit) {
        throw new HttpException(415, "unsupported_type", "Only JSON is taken here");
    }

    @Override
    public HttpExchange set(String name, String value) {
        return this;
    }

    @Override
    void begin(int status) {
        this.status = status;
    }

    @Override
    public AutoCloseableHandle whenGone(Runnable action) {
        boolean already;
        synchronized (this) {
            already = cancelled;
            actions.add(action);
        }
        if (already) {
            action.run();
        }
        return () -> forget(action);
    }

    private synchronized void forget(Runnable action) {
        actions.remove(action);
    }

    @Override
    public void webSocket(int messageBytes, WebSocketHandler handler) {
        throw new HttpException(426, "upgrade_required", path + " is a websocket");
    }

    @Override
    public boolean committed() {
        return ended() || reply.size() > 0;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    void send(boolean last, ByteBuffer piece) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        reply.writeBytes(bytes);
    }

    void refused(HttpException problem, Object errorBody) {
        reset();
        begin(problem.status());
        reply.writeBytes(HttpJson.bytes(errorBody));
    }

    @Override
    void reset() {
        reply.reset();
    }
}
