package dev.jebena.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jebena.base.ContentId;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// A small Hugging Face-like server: one repository, large files behind a redirect to another
/// origin, and faults on demand.
final class FakeHub implements AutoCloseable {
    /// What goes wrong with the next requests for a large file's bytes.
    enum Fault {
        NONE,
        STATUS_503,
        STATUS_403,
        TRUNCATED,
        SILENT,
        WRONG_BYTES,
        RANGE_IGNORED
    }

    /// The newest commit of `main`.
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    final Map<String, byte[]> files = new TreeMap<>();
    final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    final List<String> requests = new CopyOnWriteArrayList<>();
    volatile String license = "apache-2.0";
    volatile int pauseMillis;

    private final HttpServer server;
    private final HttpServer cdn;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    FakeHub() {
        server = start();
        cdn = start();
    }

    private HttpServer start() {
        try {
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            HttpServer created = HttpServer.create(any, 0);
            created.setExecutor(threads);
            created.createContext("/", this::answer);
            created.start();
            return created;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String range = exchange.getRequestHeaders().getFirst("Range");
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        requests.add(
                path + (range == null ? "" : " " + range) + (token == null ? "" : " " + token));
        try (exchange) {
            if (path.equals("/api/models/u/r")) {
                send(
                        exchange,
                        200,
                        "{\"id\":\"u/r\",\"cardData\":{\"license\":\"" + license + "\"}}");
            } else if (path.equals("/api/models/u/r/revision/main")) {
                send(exchange, 200, "{\"id\":\"u/r\",\"sha\":\"" + COMMIT + "\"}");
            } else if (path.matches("/api/models/u/r/tree/(main|" + COMMIT + ")")) {
                send(exchange, 200, tree());
            } else if (path.matches("/u/r/resolve/(main|" + COMMIT + ")/.+")) {
                resolve(exchange, path.replaceFirst("/u/r/resolve/[^/]+/", ""));
            } else if (path.startsWith("/cdn/")) {
                String name = path.substring("/cdn/".length());
                data(exchange, Objects.requireNonNull(files.get(name)), range);
            } else {
                send(exchange, 404, "{\"error\":\"not found\"}");
            }
        }
    }

    private static boolean isLarge(String name) {
        return name.endsWith(".gguf") || name.endsWith(".safetensors");
    }

    private String tree() {
        return files.entrySet().stream()
                .map(f -> {
                    int size = f.getValue().length;
                    String lfs =
                            ",\"lfs\":{\"oid\":\"%s\",\"size\":%d}"
                                    .formatted(ContentId.of(f.getValue()).hex(), size);
                    return "{\"type\":\"file\",\"path\":\"%s\",\"size\":%d,\"oid\":\"%s\"%s}"
                            .formatted(
                                    f.getKey(),
                                    size,
                                    FileBytes.git(f.getValue()),
                                    isLarge(f.getKey()) ? lfs : "");
                })
                .collect(Collectors.joining(",", "[", "]"));
    }

    private void resolve(HttpExchange exchange, String name) throws IOException {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            send(exchange, 404, "Entry not found");
        } else if (isLarge(name)) {
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            "http://127.0.0.1:" + cdn.getAddress().getPort() + "/cdn/" + name);
            exchange.sendResponseHeaders(302, -1);
        } else {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void data(HttpExchange exchange, byte[] bytes, String range) throws IOException {
        Fault next = faults.poll();
        Fault fault = next == null ? Fault.NONE : next;
        if (fault == Fault.STATUS_503 || fault == Fault.STATUS_403) {
            send(exchange, fault == Fault.STATUS_503 ? 503 : 403, "no");
            return;
        }
        byte[] sent = bytes.clone();
        if (fault == Fault.WRONG_BYTES) {
            sent[sent.length - 1] ^= 1;
        }
        int from =
                range == null || fault == Fault.RANGE_IGNORED
                        ? 0
                        : Integer.parseInt(range.replaceAll("\\D", ""));
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set(
                            "Content-Range",
                            "bytes %d-%d/%d".formatted(from, sent.length - 1, sent.length));
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, sent.length - from);
        boolean half = fault == Fault.TRUNCATED || fault == Fault.SILENT;
        int end = half ? from + (sent.length - from) / 2 : sent.length;
        write(exchange.getResponseBody(), Arrays.copyOfRange(sent, from, end));
        if (fault == Fault.SILENT) {
            sleep(3000);
        }
    }

    private void write(OutputStream out, byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; at += 1 << 14) {
            out.write(bytes, at, Math.min(1 << 14, bytes.length - at));
            out.flush();
            sleep(pauseMillis);
        }
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /// Requests for the bytes of large files.
    List<String> downloads() {
        return requests.stream().filter(r -> r.startsWith("/cdn/")).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        cdn.stop(0);
        threads.shutdownNow();
    }
}
