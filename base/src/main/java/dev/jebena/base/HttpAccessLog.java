package dev.jebena.base;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One line a request: time, client, method, path, status, bytes, milliseconds, request id. No
/// query and no headers, which may hold secrets.
final class HttpAccessLog implements AutoCloseable {
    private final @Nullable PrintStream console;
    private final @Nullable BufferedWriter file;

    private HttpAccessLog(@Nullable PrintStream console, @Nullable BufferedWriter file) {
        this.console = console;
        this.file = file;
    }

    static HttpAccessLog to(@Nullable Path target) {
        if (target == null) {
            return new HttpAccessLog(null, null);
        }
        if (target.equals(HttpServerOptions.STANDARD_OUTPUT)) {
            return new HttpAccessLog(System.out, null);
        }
        try {
            return new HttpAccessLog(
                    null,
                    Files.newBufferedWriter(
                            target, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw Problem.storage("cannot open the access log " + target, e);
        }
    }

    void write(HttpExchange exchange, int status, Duration duration) {
        if (console == null && file == null) {
            return;
        }
        String line =
                String.format(
                        Locale.ROOT,
                        "%s %s %s %s %d %d %.1fms %s",
                        Instant.now().truncatedTo(ChronoUnit.MILLIS),
                        exchange.remoteAddress(),
                        exchange.method(),
                        printable(exchange.path()),
                        status,
                        exchange.bytesSent(),
                        duration.toNanos() / 1e6,
                        exchange.requestId());
        synchronized (this) {
            try {
                if (file != null) {
                    file.write(line + "\n");
                    file.flush();
                } else if (console != null) {
                    console.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                // A full disk must not stop the server from answering.
                System.err.println("access log: " + e.getMessage());
            }
        }
    }

    private static String printable(String path) {
        return path.replaceAll("[^!-~]", "?");
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            System.err.println("access log: " + e.getMessage());
        }
    }
}
