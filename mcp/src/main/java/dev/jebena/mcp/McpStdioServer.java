package dev.jebena.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Serves one client over standard input and output, a message a line. Requests run at the same
/// time; when the input ends, running calls have a little time to finish and are cancelled then.
public final class McpStdioServer {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final McpSession session;
    private final List<Thread> calls = new ArrayList<>();

    public McpStdioServer(McpServer server) {
        session = new McpSession(server);
    }

    /// Serves until `in` ends. Nothing else may be written to `out`.
    public void serve(InputStream in, OutputStream out) throws IOException {
        LineReader lines = new LineReader(in);
        try {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (!LineReader.isBlank(line)) {
                    take(line, out);
                }
            }
            finishCalls();
        } finally {
            session.close();
        }
    }

    private void finishCalls() {
        long end = System.nanoTime() + GRACE.toNanos();
        try {
            for (Thread call : calls) {
                call.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(byte[] line, OutputStream out) {
        Map<String, @Nullable Object> message;
        try {
            message = McpJson.message(line);
        } catch (McpException e) {
            write(out, McpJson.error(null, e));
            return;
        }
        if ("tools/call".equals(message.get("method"))) {
            calls.removeIf(call -> !call.isAlive());
            calls.add(
                    Thread.startVirtualThread(
                            () -> session.handle(message, reply -> write(out, reply))));
        } else {
            session.handle(message, reply -> write(out, reply));
        }
    }

    private static void write(OutputStream out, Map<String, @Nullable Object> message) {
        byte[] line = (McpJson.text(message) + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            try {
                out.write(line);
                out.flush();
            } catch (IOException e) {
                // The client is gone; the end of the input says so too.
                return;
            }
        }
    }
}
