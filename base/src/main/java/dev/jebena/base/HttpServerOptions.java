package dev.jebena.base;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the server listens and what it allows. Each method returns a changed copy.
///
/// @param host address to listen on
/// @param port 0 for a free one
/// @param apiKeys keys that open the server; empty for an open one
/// @param allowOpen listen on an address that other machines reach although there are no keys
/// @param corsOrigins origins that pages may call from: `*`, or `https://host[:port]`; pages of
///   this machine may always
/// @param maxBodyBytes largest JSON body
/// @param maxHeaderBytes largest request head
/// @param maxConcurrent requests in work at once; one more gets 429
/// @param idleTimeout longest silence while a body is read or a reply cannot be written
/// @param requestTimeout longest time for one request
/// @param graceTime how long running requests may go on after `close`
/// @param accessLog file for the access log; `-` for standard output; null for none
public record HttpServerOptions(
        String host,
        int port,
        List<String> apiKeys,
        boolean allowOpen,
        List<String> corsOrigins,
        long maxBodyBytes,
        int maxHeaderBytes,
        int maxConcurrent,
        Duration idleTimeout,
        Duration requestTimeout,
        Duration graceTime,
        @Nullable Path accessLog) {
    /// The access log of standard output.
    public static final Path STANDARD_OUTPUT = Path.of("-");

    private static final HttpServerOptions DEFAULTS =
            new HttpServerOptions(
                    "127.0.0.1",
                    11500,
                    List.of(),
                    false,
                    List.of(),
                    64L << 20,
                    32 << 10,
                    1024,
                    Duration.ofSeconds(60),
                    Duration.ofHours(1),
                    Duration.ofSeconds(30),
                    null);

    public HttpServerOptions {
        apiKeys = List.copyOf(apiKeys);
        corsOrigins = List.copyOf(corsOrigins);
    }

    public static HttpServerOptions defaults() {
        return DEFAULTS;
    }

    public HttpServerOptions host(String host) {
        return new HttpServerOptions(
                host,
                port,
                apiKeys,
                allowOpen,
                corsOrigins,
                maxBodyBytes,
                maxHeaderBytes,
                maxConcurrent,
                idleTimeout,
                requestTimeout,
                graceTime,
                accessLog);
    }

    public HttpServerOptions port(int port) {
        return new HttpServerOptions(
                host,
                port,
                apiKeys,
                allowOpen,
                corsOrigins,
                maxBodyBytes,
                maxHeaderBytes,
                maxConcurrent,
                idleTimeout,
                requestTimeout,
                graceTime,
                accessLog);
    }

    public HttpServerOptions apiKeys(List<String> apiKeys) {
        return new HttpServerOptions(
                host,
                port,
                apiKeys,
                allowOpen,
                corsOrigins,
                maxBodyBytes,
                maxHeaderBytes,
                maxConcurrent,
                idleTimeout,
                requestTimeout,
                graceTime,
                accessLog);
    }

    public HttpServerOptions allowOpen(boolean allowOpen) {
        return new HttpServerOptions(
                host,
                port,
                apiKeys,
                allowOpen,
                corsOrigins,
                maxBodyBytes,
                maxHeaderBytes,
                maxConcurrent,
                idleTimeout,
                requestTimeout,
                graceTime,
                accessLog);
    }

    public HttpServerOptions corsOrigins(List<String> corsOrigins) {
        return new HttpServerOptions(
                host,
                port,
                apiKeys,
                allowOpen,
                corsOrigins,
                maxBodyBytes,
                maxHeaderBytes,
                maxConcurrent,
                idleTimeout,
                requestTimeout,
                graceTime,
                accessLog);
    }

    public HttpServerOptions maxBodyBytes(long maxBodyBytes) {
        return new HttpServerOptions(
                host,
                port,
                apiKeys,
                allowOpen,
                corsOrigins,
                maxBodyBytes,
                maxHeaderBytes,
                maxConcurrent,
                idleTimeout,
                requestTimeout,
                graceTime,
                accessLog);
    }

    public HttpServerOptions maxHeaderBytes(int maxHeaderBytes) {
        return new HttpServerOptions(
                host,
                port,
                apiKeys,
                allowOpen,
                corsOrigins,
                maxBodyBytes,
                maxHeaderBytes,
                maxConcurrent,
                idleTimeout,
                requestTimeout,
                graceTime,
                accessLog);
    }

    public HttpServerOptions maxConcurrent(int maxConcurrent) {
        return new HttpServerOptions(
                host,
                port,
                apiKeys,
                allowOpen,
                corsOrigins,
                maxBodyBytes,
                maxHeaderBytes,
                maxConcurrent,
                idleTimeout,
                requestTimeout,
                graceTime,
                accessLog);
    }

    public HttpServerOptions idleTimeout(Duration idleTimeout) {
        return new HttpServerOptions(
                host,
                port,
                apiKeys,
                allowOpen,
                corsOrigins,
                maxBodyBytes,
                maxHeaderBytes,
                maxConcurrent,
                idleTimeout,
                requestTimeout,
                graceTime,
                accessLog);
    }

    public HttpServerOptions requestTimeout(Duration requestTimeout) {
        return new HttpServerOptions(
                host,
                port,
                apiKeys,
                allowOpen,
                corsOrigins,
                maxBodyBytes,
                maxHeaderBytes,
                maxConcurrent,
                idleTimeout,
                requestTimeout,
                graceTime,
                accessLog);
    }

    public HttpServerOptions graceTime(Duration graceTime) {
        return new HttpServerOptions(
                host,
                port,
                apiKeys,
                allowOpen,
                corsOrigins,
                maxBodyBytes,
                maxHeaderBytes,
                maxConcurrent,
                idleTimeout,
                requestTimeout,
                graceTime,
                accessLog);
    }

    public HttpServerOptions accessLog(@Nullable Path accessLog) {
        return new HttpServerOptions(
                host,
                port,
                apiKeys,
                allowOpen,
                corsOrigins,
                maxBodyBytes,
                maxHeaderBytes,
                maxConcurrent,
                idleTimeout,
                requestTimeout,
                graceTime,
                accessLog);
    }
}
