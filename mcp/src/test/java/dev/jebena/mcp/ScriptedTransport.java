package dev.jebena.mcp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A transport without a server: a script answers what the client sends.
final class ScriptedTransport implements McpTransport {
    /// What the client sent.
    record Sent(Map<String, @Nullable Object> message, Map<String, String> headers) {}

    final List<Sent> sent = new ArrayList<>();
    private final BiConsumer<Sent, Consumer<Map<String, @Nullable Object>>> script;
    private Consumer<Map<String, @Nullable Object>> inbox = _ -> {};

    /// @param script gets each message, and where its answers go
    ScriptedTransport(BiConsumer<Sent, Consumer<Map<String, @Nullable Object>>> script) {
        this.script = script;
    }

    @Override
    public void start(Consumer<Map<String, @Nullable Object>> inbox, Consumer<McpException> ended) {
        this.inbox = inbox;
    }

    @Override
    public synchronized void send(
            Map<String, @Nullable Object> message, Map<String, String> headers) {
        Sent one = new Sent(message, headers);
        sent.add(one);
        script.accept(one, inbox);
    }

    /// The message number `index`, from the end when negative.
    Sent sent(int index) {
        return sent.get(index < 0 ? sent.size() + index : index);
    }

    @Override
    public void close() {}
}
