package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One item of a response's output while it is being written.
final class OpenItem {
    /// What an item holds, and how events and fields call it.
    enum Kind {
        TEXT("output_text", "output_text", "content_part", "content"),
        THOUGHT("reasoning_text", "reasoning_text", "content_part", "content"),
        SUMMARY("reasoning_summary_text", "summary_text", "reasoning_summary_part", "summary"),
        CALL("function_call_arguments", "", "", "arguments");

        /// The events of its pieces begin with this.
        final String event;

        final String part;
        final String partEvent;
        final String field;

        Kind(String event, String part, String partEvent, String field) {
            this.event = event;
            this.part = part;
            this.partEvent = partEvent;
            this.field = field;
        }

        boolean hasParts() {
            return this != CALL;
        }
    }

    private final Kind kind;
    private final int index;
    private final String name;
    private final String id;
    private final String callId = "call_" + OpenAiChatReply.newId();
    private final StringBuilder text = new StringBuilder();
    private final List<Object> logprobs = new ArrayList<>();
    private String status = "in_progress";

    /// @param index its place in the output
    /// @param name of the function of a call
    OpenItem(Kind kind, int index, String name) {
        this.kind = kind;
        this.index = index;
        this.name = name;
        String prefix =
                switch (kind) {
                    case TEXT -> "msg_";
                    case THOUGHT, SUMMARY -> "rs_";
                    case CALL -> "fc_";
                };
        id = prefix + OpenAiChatReply.newId();
    }

    Kind kind() {
        return kind;
    }

    int index() {
        return index;
    }

    /// Adds a piece; returns the fields of its event.
    ///
    /// @param scores the log-probabilities of the tokens of it
    Map<String, @Nullable Object> add(String delta, List<Object> scores) {
        text.append(delta);
        logprobs.addAll(scores);
        return withLogprobs(place("delta", delta), scores);
    }

    /// The fields of the event that tells all of it.
    Map<String, @Nullable Object> whole() {
        String field = kind.hasParts() ? "text" : kind.field;
        Map<String, @Nullable Object> fields =
                withLogprobs(place(field, text.toString()), logprobs);
        if (kind == Kind.CALL) {
            fields.put("name", name);
        }
        return fields;
    }

    /// The fields of an event about its one part.
    Map<String, @Nullable Object> ofPart() {
        return place("part", part());
    }

    private Map<String, @Nullable Object> place(String field, Object value) {
        Map<String, @Nullable Object> fields =
                HttpJson.object("item_id", id, "output_index", index);
        if (kind.hasParts()) {
            fields.put(kind.field + "_index", 0);
        }
        fields.put(field, value);
        return fields;
    }

    private Map<String, @Nullable Object> withLogprobs(
            Map<String, @Nullable Object> fields, List<Object> scores) {
        if (kind == Kind.TEXT) {
            fields.put("logprobs", List.copyOf(scores));
        }
        return fields;
    }

    private Map<String, @Nullable Object> part() {
        Map<String, @Nullable Object> part =
                HttpJson.object("type", kind.part, "text", text.toString());
        if (kind == Kind.TEXT) {
            part.put("annotations", List.of());
        }
        return withLogprobs(part, logprobs);
    }

    /// @param status completed or incomplete
    void end(String status) {
        this.status = status;
    }

    /// The item as it is now; its parts are told when it has ended.
    Map<String, @Nullable Object> json() {
        List<Object> parts = status.equals("in_progress") ? List.of() : List.of(part());
        Map<String, @Nullable Object> item = HttpJson.object("id", id);
        switch (kind) {
            case TEXT -> {
                item.put("type", "message");
                item.put("role", "assistant");
                item.put("content", parts);
            }
            case THOUGHT -> {
                item.put("type", "reasoning");
                item.put("summary", List.of());
                item.put("content", parts);
            }
            case SUMMARY -> {
                item.put("type", "reasoning");
                item.put("summary", parts);
            }
            case CALL -> {
                item.put("type", "function_call");
                item.put("call_id", callId);
                item.put("name", name);
                item.put("arguments", text.toString());
            }
        }
        item.put("status", status);
        return item;
    }
}
