package dev.jebena.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Files over HTTP, with ranges; counts what it sends and breaks transfers off when told so.
final class RangeServer implements AutoCloseable {
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    final AtomicLong sent = new AtomicLong();
    final AtomicInteger breakOff = new AtomicInteger();
    final Map<String, byte[]> files = new ConcurrentHashMap<>();
    volatile @Nullable String token;
    private final HttpServer server;

    RangeServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void put(String path, String text) {
        files.put(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(path + (range == null ? "" : " " + range));
        byte[] bytes = files.get(path);
        boolean known =
                token == null
                        || ("Bearer " + token)
                                .equals(exchange.getRequestHeaders().getFirst("Authorization"));
        if (bytes == null || !known) {
            exchange.sendResponseHeaders(known ? 404 : 401, -1);
            exchange.close();
            return;
        }
        int from = 0;
        int to = bytes.length;
        if (range != null) {
            String[] ends = range.replace("bytes=", "").split("-", 2);
            from = Integer.parseInt(ends[0]);
            to = ends[1].isEmpty() ? to : Math.min(to, Integer.parseInt(ends[1]) + 1);
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, bytes.length));
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, to - from);
        send(exchange, Arrays.copyOfRange(bytes, from, to));
    }

    private void send(HttpExchange exchange, byte[] bytes) throws IOException {
        boolean breaks = bytes.length > 1_000 && breakOff.getAndDecrement() > 0;
        try {
            OutputStream out = exchange.getResponseBody();
            int most = breaks ? bytes.length / 2 : bytes.length;
            for (int at = 0; at < most; at += 4_096) {
                int count = Math.min(4_096, most - at);
                out.write(bytes, at, count);
                sent.addAndGet(count);
            }
            out.flush();
        } catch (IOException _) {
            // A reader that has enough goes away.
        }
        // Ends the connection where the body is too short.
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
