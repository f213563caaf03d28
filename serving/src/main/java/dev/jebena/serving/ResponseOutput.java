package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import dev.jebena.serving.OpenItem.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The output items of a response while they are being made, and the events that tell of them in
/// OpenAI's order. Written by one thread; others may read the items.
final class ResponseOutput {
    /// Hears the events.
    @FunctionalInterface
    interface Listener {
        /// @param type with `response.` before it
        void event(String type, Map<String, @Nullable Object> fields) throws IOException;
    }

    private final Listener listener;
    private final Kind thoughts;
    private final List<Map<String, @Nullable Object>> items = new CopyOnWriteArrayList<>();
    private @Nullable OpenItem open;

    /// @param summary whether thinking is told as a summary
    ResponseOutput(boolean summary, Listener listener) {
        thoughts = summary ? Kind.SUMMARY : Kind.THOUGHT;
        this.listener = listener;
    }

    /// The items so far; those that are complete are as they will stay.
    List<Map<String, @Nullable Object>> items() {
        return List.copyOf(items);
    }

    /// Adds to what the model thinks before it answers.
    void thought(String delta) throws IOException {
        write(thoughts, delta, List.of());
    }

    /// Adds to the answer's text.
    ///
    /// @param scores the log-probabilities of the tokens of it
    void text(String delta, List<Object> scores) throws IOException {
        write(Kind.TEXT, delta, scores);
    }

    /// The beginning of a call of a function, or more of its arguments.
    void call(SentCalls.Piece piece) throws IOException {
        if (piece.begins()) {
            begin(Kind.CALL, piece.name());
        } else {
            write(Kind.CALL, piece.arguments(), List.of());
        }
    }

    private void write(Kind kind, String delta, List<Object> scores) throws IOException {
        if (delta.isEmpty()) {
            return;
        }
        OpenItem to = open != null && open.kind() == kind ? open : begin(kind, "");
        listener.event(kind.event + ".delta", to.add(delta, scores));
    }

    private OpenItem begin(Kind kind, String name) throws IOException {
        close("completed");
        OpenItem begun = new OpenItem(kind, items.size(), name);
        open = begun;
        items.add(begun.json());
        item("added", begun);
        if (kind.hasParts()) {
            listener.event(kind.partEvent + ".added", begun.ofPart());
        }
        return begun;
    }

    private void item(String event, OpenItem item) throws IOException {
        listener.event(
                "output_item." + event,
                HttpJson.object("output_index", item.index(), "item", item.json()));
    }

    /// Ends the item that is being written, if there is one.
    ///
    /// @param status completed or incomplete
    void close(String status) throws IOException {
        OpenItem done = open;
        if (done == null) {
            return;
        }
        open = null;
        done.end(status);
        items.set(done.index(), done.json());
        listener.event(done.kind().event + ".done", done.whole());
        if (done.kind().hasParts()) {
            listener.event(done.kind().partEvent + ".done", done.ofPart());
        }
        item("done", done);
    }
}
