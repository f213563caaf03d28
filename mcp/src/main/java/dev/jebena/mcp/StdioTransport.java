package dev.jebena.mcp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A server that we start: a message a line on its standard input and output. What it writes to
/// standard error is kept, to tell why it ended.
final class StdioTransport implements McpTransport {
    private static final int KEPT_LINES = 8;
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final McpServerAddress.Command command;
    private final Process process;
    private final McpListener listener;
    private final ArrayDeque<String> lastErrors = new ArrayDeque<>();
    private volatile boolean closing;

    StdioTransport(McpServerAddress.Command command, McpListener listener) {
        this.command = command;
        this.listener = listener;
        ProcessBuilder builder = new ProcessBuilder(command.words());
        builder.environment().putAll(command.environment());
        if (command.folder() != null) {
            builder.directory(command.folder().toFile());
        }
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new McpException(
                    McpException.CONNECTION,
                    "cannot start the MCP server "
                            + command.words().getFirst()
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public void start(Consumer<Map<String, @Nullable Object>> inbox, Consumer<McpException> ended) {
        Thread errors = Thread.startVirtualThread(this::readErrors);
        Thread.startVirtualThread(() -> {
            String reason = read(inbox);
            try {
                errors.join(Duration.ofMillis(500));
                process.waitFor(500, TimeUnit.MILLISECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            ended.accept(new McpException(McpException.CONNECTION, endMessage(reason)));
        });
    }

    /// Reads to the end; returns what was wrong, empty for nothing.
    private String read(Consumer<Map<String, @Nullable Object>> inbox) {
        LineReader lines = new LineReader(process.getInputStream());
        try {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (LineReader.isBlank(line)) {
                    continue;
                }
                try {
                    inbox.accept(McpJson.message(line));
                } catch (McpException e) {
                    // Programs print where they should not; a line that is no message is a remark.
                    listener.log("warning", new String(line, StandardCharsets.UTF_8).strip());
                }
            }
            return "";
        } catch (IOException e) {
            return closing ? "" : String.valueOf(e.getMessage());
        }
    }

    private void readErrors() {
        LineReader lines = new LineReader(process.getErrorStream());
        try {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                String text = new String(line, StandardCharsets.UTF_8).stripTrailing();
                synchronized (lastErrors) {
                    lastErrors.add(text.length() > 500 ? text.substring(0, 500) : text);
                    if (lastErrors.size() > KEPT_LINES) {
                        lastErrors.removeFirst();
                    }
                }
                listener.log("debug", text);
            }
        } catch (IOException e) {
            // The process has ended.
            return;
        }
    }

    private String endMessage(String reason) {
        StringBuilder text = new StringBuilder("the MCP server ").append(command.label());
        if (process.isAlive()) {
            text.append(" closed its output");
        } else {
            text.append(" ended with exit code ").append(process.exitValue());
        }
        if (!reason.isEmpty()) {
            text.append(": ").append(reason);
        }
        synchronized (lastErrors) {
            lastErrors.forEach(line -> text.append("\n").append(line));
        }
        return text.toString();
    }

    @Override
    public void send(Map<String, @Nullable Object> message, Map<String, String> headers) {
        byte[] line = (McpJson.text(message) + "\n").getBytes(StandardCharsets.UTF_8);
        OutputStream out = process.getOutputStream();
        synchronized (out) {
            try {
                out.write(line);
                out.flush();
            } catch (IOException e) {
                throw new McpException(McpException.CONNECTION, endMessage(""), e);
            }
        }
    }

    /// The end of its input tells a server to end; one that does not is ended.
    @Override
    public void close() {
        closing = true;
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
            assert e != null;
        }
        try {
            if (process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            if (process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
