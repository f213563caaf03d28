package dev.jebena.mcp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One call of a tool of ours while it runs: its arguments, and the way back to the client.
public final class McpCall {
    private final Map<String, @Nullable Object> arguments;
    private final @Nullable Object progressToken;
    private final Consumer<Map<String, @Nullable Object>> out;
    private final List<Runnable> onCancel = new ArrayList<>();
    private boolean cancelled;

    McpCall(
            Map<String, @Nullable Object> arguments,
            @Nullable Object progressToken,
            Consumer<Map<String, @Nullable Object>> out) {
        this.arguments = arguments;
        this.progressToken = progressToken;
        this.out = out;
    }

    public Map<String, @Nullable Object> arguments() {
        return arguments;
    }

    /// Tells how far the call is; nothing happens where the client did not ask.
    ///
    /// @param total negative when it is not known
    public void progress(double done, double total, String message) {
        if (progressToken == null) {
            return;
        }
        Map<String, @Nullable Object> params =
                McpJson.object("progressToken", progressToken, "progress", done);
        if (total >= 0) {
            params.put("total", total);
        }
        if (!message.isEmpty()) {
            params.put("message", message);
        }
        out.accept(McpJson.notification("notifications/progress", params));
    }

    /// Runs `action` when the client cancels the call; at once if it has.
    public void onCancel(Runnable action) {
        boolean now;
        synchronized (this) {
            now = cancelled;
            if (!now) {
                onCancel.add(action);
            }
        }
        if (now) {
            action.run();
        }
    }

    public synchronized boolean cancelled() {
        return cancelled;
    }

    void cancel() {
        List<Runnable> actions;
        synchronized (this) {
            cancelled = true;
            actions = List.copyOf(onCancel);
            onCancel.clear();
        }
        actions.forEach(Runnable::run);
    }
}
