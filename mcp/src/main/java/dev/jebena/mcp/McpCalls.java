package dev.jebena.mcp;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The requests of a client that wait for their replies. Safe for use by many threads.
final class McpCalls {
    /// A request under way.
    private static final class Pending {
        final CompletableFuture<Map<String, @Nullable Object>> reply = new CompletableFuture<>();
        volatile long aliveAt = System.nanoTime();
    }

    private final String label;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private volatile @Nullable McpException end;

    /// @param label the server's, for messages
    McpCalls(String label) {
        this.label = label;
    }

    /// An id that no other request has.
    long newId() {
        return ids.incrementAndGet();
    }

    /// Why there will be no more replies; null while there may be.
    @Nullable McpException end() {
        return end;
    }

    /// There will be no more replies.
    void ended(McpException reason) {
        end = reason;
        pending.values().forEach(p -> p.reply.completeExceptionally(reason));
    }

    /// Sends a request and waits for its reply.
    ///
    /// @param limit time for it; signs of life begin it anew
    /// @param cancel tells the server, with the reason, that nobody waits any more
    Map<String, @Nullable Object> ask(
            long id, String method, Duration limit, Runnable send, Consumer<String> cancel) {
        Pending request = new Pending();
        pending.put(id, request);
        try {
            McpException ended = end;
            if (ended != null) {
                throw ended;
            }
            send.run();
            return await(request, method, limit, cancel);
        } finally {
            pending.remove(id);
        }
    }

    private Map<String, @Nullable Object> await(
            Pending request, String method, Duration limit, Consumer<String> cancel) {
        try {
            while (true) {
                long left = request.aliveAt + limit.toNanos() - System.nanoTime();
                try {
                    return request.reply.get(Math.max(0, left), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    if (System.nanoTime() - request.aliveAt >= limit.toNanos()) {
                        cancel.accept("no answer in time");
                        throw new McpException(
                                McpException.TIMEOUT,
                                label
                                        + " gave no answer to "
                                        + method
                                        + " within "
                                        + limit.toSeconds()
                                        + " s",
                                e);
                    }
                }
            }
        } catch (InterruptedException e) {
            cancel.accept("the user stopped it");
            Thread.currentThread().interrupt();
            throw new McpException(McpException.CONNECTION, method + " was interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof McpException known
                    ? known
                    : new McpException(McpException.INTERNAL_ERROR, e.toString(), e);
        }
    }

    /// Takes a reply; one that nobody waits for is dropped.
    void reply(Map<String, @Nullable Object> message, @Nullable Object id) {
        Pending request = id instanceof Number number ? pending.get(number.longValue()) : null;
        if (request == null) {
            return;
        }
        Map<String, @Nullable Object> error = McpJson.map(message.get("error"));
        if (error == null) {
            request.reply.complete(McpJson.map(message, "result"));
        } else {
            int code = error.get("code") instanceof Number n ? n.intValue() : 0;
            String text = McpJson.string(error, "message", "unknown error");
            request.reply.completeExceptionally(new McpException(code, text));
        }
    }

    /// Notes a sign of life of a request; whether anybody waits for it still.
    boolean signOfLife(long id) {
        Pending request = pending.get(id);
        if (request != null) {
            request.aliveAt = System.nanoTime();
        }
        return request != null;
    }
}
