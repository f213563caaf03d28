package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.base.InnerExchange;
import dev.jebena.base.WebSocketConnection;
import dev.jebena.base.WebSocketHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One websocket of LM Studio's SDKs: authentication, then calls and channels, several at once.
///
/// A message that is no JSON object of the protocol gets one warning, and the connection ends.
final class LmStudioSession implements WebSocketHandler {
    private static final int MOST_CONNECTIONS = 512;
    private static final int MOST_AT_ONCE = 64;
    private static final int BROKEN_RULE = 1008;

    private final String namespace;
    private final LmStudioEndpoints endpoints;
    private final String caller;
    private final AtomicInteger connections;
    private final Map<Long, LmStudioChannel> channels = new ConcurrentHashMap<>();
    private final AtomicInteger working = new AtomicInteger();
    private volatile @Nullable WebSocketConnection connection;
    private boolean authenticated;
    private volatile boolean closed;

    /// @param connections counts those that are open, for all namespaces
    LmStudioSession(
            String namespace,
            LmStudioEndpoints endpoints,
            String caller,
            AtomicInteger connections) {
        this.namespace = namespace;
        this.endpoints = endpoints;
        this.caller = caller;
        this.connections = connections;
    }

    @Override
    public void opened(WebSocketConnection opened) {
        connection = opened;
        if (connections.incrementAndGet() > MOST_CONNECTIONS) {
            opened.close(1013, "the server has too many connections");
        }
    }

    @Override
    public void closed() {
        closed = true;
        connections.decrementAndGet();
        channels.values().forEach(LmStudioChannel::cancel);
    }

    private void send(Map<String, @Nullable Object> message) throws IOException {
        WebSocketConnection open = connection;
        if (open != null) {
            open.send(HttpJson.text(message));
        }
    }

    @Override
    public void received(String text) {
        try {
            RequestFields message =
                    new RequestFields(
                            HttpJson.objectOf(
                                    HttpJson.parse(text.getBytes(StandardCharsets.UTF_8))));
            if (authenticated) {
                dispatch(message);
            } else {
                authenticate(message);
            }
        } catch (HttpException e) {
            warn(e.message());
        } catch (IOException _) {
            // The client is gone; `closed` will be called.
        }
    }

    private void warn(String warning) {
        WebSocketConnection open = connection;
        if (open == null) {
            return;
        }
        try {
            send(HttpJson.object("type", "communicationWarning", "warning", warning));
        } catch (IOException _) {
            // It is closed anyway.
        }
        open.close(BROKEN_RULE, "not a message of this protocol");
    }

    private void authenticate(RequestFields message) throws IOException {
        Long version = message.integer("authVersion", 0, Integer.MAX_VALUE);
        if (version == null || version != 1) {
            send(
                    HttpJson.object(
                            "success",
                            false,
                            "error",
                            "Expected a message with 'authVersion': 1 first"));
            throw message.invalid("authVersion", "expected 1, found " + version);
        }
        message.required("clientIdentifier");
        message.required("clientPasskey");
        authenticated = true;
        send(HttpJson.object("success", true));
    }

    private void dispatch(RequestFields message) throws IOException {
        String type = message.required("type");
        switch (type) {
            case "keepAlive" -> send(HttpJson.object("type", "keepAliveAck"));
            case "communicationWarning",
                    "channelAck",
                    "signalUnsubscribe",
                    "writableSignalUnsubscribe" -> {}
            case "rpcCall" -> call(message);
            case "channelCreate" -> create(message);
            case "channelSend" -> toChannel(message);
            case "signalSubscribe", "writableSignalSubscribe" ->
                    send(
                            HttpJson.object(
                                    "type",
                                    type.equals("signalSubscribe")
                                            ? "signalError"
                                            : "writableSignalError",
                                    "subscribeId",
                                    id(message, "subscribeId"),
                                    "error",
                                    error(
                                            LmStudioEndpoints.unknown(
                                                    message.required("endpoint")))));
            default -> throw message.invalid("type", "unknown message '" + type + "'");
        }
    }

    private static long id(RequestFields message, String name) {
        Long id = message.integer(name, Long.MIN_VALUE, Long.MAX_VALUE);
        if (id == null) {
            throw message.invalid(name, "missing");
        }
        return id;
    }

    private void call(RequestFields message) throws IOException {
        long id = id(message, "callId");
        String endpoint = message.required("endpoint");
        work(
                HttpJson.object("type", "rpcError", "callId", id),
                () -> {
                    Object result = endpoints.call(endpoint, parameter(message, "parameter"));
                    Map<String, @Nullable Object> reply =
                            HttpJson.object("type", "rpcResult", "callId", id);
                    if (result != null) {
                        reply.put("result", result);
                    }
                    send(reply);
                });
    }

    private static RequestFields parameter(RequestFields message, String name) {
        RequestFields parameter = message.object(name);
        return parameter == null ? new RequestFields(HttpJson.object()) : parameter;
    }

    private void create(RequestFields message) throws IOException {
        long id = id(message, "channelId");
        String endpoint = message.required("endpoint");
        LmStudioChannel channel =
                new LmStudioChannel(
                        sent ->
                                send(
                                        HttpJson.object(
                                                "type", "channelSend",
                                                "channelId", id,
                                                "message", sent)),
                        InnerExchange.post("/" + namespace, Map.of(), caller));
        if (channels.putIfAbsent(id, channel) != null) {
            throw message.invalid("channelId", "channel " + id + " is open already");
        }
        boolean begun =
                work(
                        HttpJson.object("type", "channelError", "channelId", id),
                        () -> {
                            try {
                                endpoints.open(
                                        endpoint, parameter(message, "creationParameter"), channel);
                            } finally {
                                channels.remove(id);
                            }
                            send(HttpJson.object("type", "channelClose", "channelId", id));
                        });
        if (!begun) {
            channels.remove(id);
        } else if (closed) {
            channel.cancel();
        }
    }

    private void toChannel(RequestFields message) throws IOException {
        long id = id(message, "channelId");
        LmStudioChannel channel = channels.get(id);
        RequestFields sent = parameter(message, "message");
        Long ack = message.integer("ackId", Long.MIN_VALUE, Long.MAX_VALUE);
        if (ack != null) {
            send(HttpJson.object("type", "channelAck", "channelId", id, "ackId", ack));
        }
        String type = sent.string("type", "");
        // A channel that is not there has just ended.
        if (channel != null && (type.equals("cancel") || type.equals("stop"))) {
            channel.cancel();
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /// Works on another thread; what fails is told as `failure` with an `error`. False when there
    /// is too much to do already, which is told as well.
    private boolean work(Map<String, @Nullable Object> failure, Work work) throws IOException {
        if (working.incrementAndGet() > MOST_AT_ONCE) {
            working.decrementAndGet();
            failure.put(
                    "error",
                    error(HttpException.busy("More than " + MOST_AT_ONCE + " calls at once", 1)));
            send(failure);
            return false;
        }
        Thread.ofVirtual()
                .name("jebena-lmstudio")
                .start(() -> {
                    try {
                        perform(failure, work);
                    } catch (IOException _) {
                        // The client is gone.
                    } finally {
                        working.decrementAndGet();
                    }
                });
        return true;
    }

    private void perform(Map<String, @Nullable Object> failure, Work work) throws IOException {
        try {
            work.run();
        } catch (RuntimeException e) {
            failure.put("error", error(EngineErrors.of(e)));
            send(failure);
        }
    }

    private static Map<String, @Nullable Object> error(HttpException problem) {
        Map<String, @Nullable Object> error =
                HttpJson.object("title", problem.message(), "rootTitle", problem.message());
        if (problem.status() == 404) {
            error.put(
                    "displayData",
                    HttpJson.object(
                            "code",
                            "generic.noModelMatchingQuery",
                            "query",
                            Map.of(),
                            "loadedModelsSample",
                            java.util.List.of(),
                            "totalLoadedModels",
                            0));
        }
        return error;
    }
}
