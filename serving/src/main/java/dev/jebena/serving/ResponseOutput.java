package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The output items of a response while they are being made, and the events that tell of them in
/// OpenAI's order.
final class ResponseOutput {
    /// Hears the events.
    @FunctionalInterface
    interface Listener {
        /// @param type with `response.` before it
        void event(String type, Map<String, @Nullable Object> fields) throws IOException;
    }

    /// An item of text that is still being written.
    private final class Open {
        final boolean thought;
        final int index = items.size();
        final StringBuilder text = new StringBuilder();
        final List<Object> logprobs = new ArrayList<>();
        final Map<String, @Nullable Object> item;

        Open(boolean thought) {
            this.thought = thought;
            item =
                    thought
                            ? HttpJson.object(
                                    "id",
                                    "rs_" + OpenAiChatReply.newId(),
                                    "type",
                                    "reasoning",
                                    "status",
                                    "in_progress",
                                    "summary",
                                    List.of(),
                                    "content",
                                    List.of())
                            : HttpJson.object(
                                    "id", "msg_" + OpenAiChatReply.newId(),
                                    "type", "message",
                                    "status", "in_progress",
                                    "role", "assistant",
                                    "content", List.of());
        }

        String kind() {
            return thought ? "reasoning_text" : "output_text";
        }

        Map<String, @Nullable Object> part() {
            Map<String, @Nullable Object> part =
                    HttpJson.object("type", kind(), "text", text.toString());
            if (!thought) {
                part.put("annotations", List.of());
                part.put("logprobs", List.copyOf(logprobs));
            }
            return part;
        }

        Map<String, @Nullable Object> at(@Nullable Object... more) {
            Map<String, @Nullable Object> fields =
                    HttpJson.object("item_id", item.get("id"), "output_index", index);
            fields.put("content_index", 0);
            fields.putAll(HttpJson.object(more));
            return fields;
        }
    }

    private final Listener listener;
    private final boolean withLogprobs;
    private final List<Map<String, @Nullable Object>> items = new ArrayList<>();
    private @Nullable Open open;

    ResponseOutput(boolean withLogprobs, Listener listener) {
        this.withLogprobs = withLogprobs;
        this.listener = listener;
    }

    /// The items so far; those that are complete are as they will stay.
    List<Map<String, @Nullable Object>> items() {
        return items;
    }

    /// Adds to the answer's text.
    ///
    /// @param scores the log-probabilities of the tokens of it
    void text(String delta, List<Object> scores) throws IOException {
        write(false, delta, scores);
    }

    /// Adds to what the model thinks before it answers.
    void thought(String delta) throws IOException {
        write(true, delta, List.of());
    }

    private void write(boolean thought, String delta, List<Object> scores) throws IOException {
        if (delta.isEmpty()) {
            return;
        }
        Open to = open;
        if (to == null || to.thought != thought) {
            close("completed");
            to = begin(thought);
        }
        to.text.append(delta);
        Map<String, @Nullable Object> fields = to.at("delta", delta);
        if (!thought) {
            to.logprobs.addAll(scores);
            fields.put("logprobs", withLogprobs ? scores : List.of());
        }
        listener.event(to.kind() + ".delta", fields);
    }

    private Open begin(boolean thought) throws IOException {
        Open begun = new Open(thought);
        open = begun;
        add(begun.item);
        listener.event("content_part.added", begun.at("part", begun.part()));
        return begun;
    }

    private void add(Map<String, @Nullable Object> item) throws IOException {
        items.add(item);
        listener.event("output_item.added", item(items.size() - 1, item));
    }

    // A copy: the item changes, and events may be kept.
    private static Map<String, @Nullable Object> item(
            int index, Map<String, @Nullable Object> item) {
        return HttpJson.object("output_index", index, "item", new LinkedHashMap<>(item));
    }

    /// A complete call of a function.
    void call(String name, String arguments) throws IOException {
        close("completed");
        int index = items.size();
        Map<String, @Nullable Object> item =
                HttpJson.object(
                        "id",
                        "fc_" + OpenAiChatReply.newId(),
                        "type",
                        "function_call",
                        "status",
                        "in_progress",
                        "call_id",
                        "call_" + OpenAiChatReply.newId(),
                        "name",
                        name,
                        "arguments",
                        "");
        add(item);
        Map<String, @Nullable Object> at =
                HttpJson.object("item_id", item.get("id"), "output_index", index);
        Map<String, @Nullable Object> delta = new LinkedHashMap<>(at);
        delta.put("delta", arguments);
        listener.event("function_call_arguments.delta", delta);
        Map<String, @Nullable Object> done = new LinkedHashMap<>(at);
        done.put("name", name);
        done.put("arguments", arguments);
        listener.event("function_call_arguments.done", done);
        item.put("arguments", arguments);
        item.put("status", "completed");
        listener.event("output_item.done", item(index, item));
    }

    /// Ends the text that is being written, if there is one.
    ///
    /// @param status completed or incomplete
    void close(String status) throws IOException {
        Open done = open;
        if (done == null) {
            return;
        }
        open = null;
        Map<String, @Nullable Object> fields = done.at("text", done.text.toString());
        if (!done.thought) {
            fields.put("logprobs", List.copyOf(done.logprobs));
        }
        listener.event(done.kind() + ".done", fields);
        listener.event("content_part.done", done.at("part", done.part()));
        done.item.put("status", status);
        done.item.put("content", List.of(done.part()));
        listener.event("output_item.done", item(done.index, done.item));
    }
}
