package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.llm.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The conversation of a Messages request, as chat templates want it: the system text first, tool
/// results as messages of their own, turns of the same role in one. Thinking of earlier answers is
/// left out.
///
/// @param prefill how the answer begins: the text of the last message when it is the assistant's
record AnthropicConversation(List<Message> messages, String prefill) {
    /// Throws [HttpException] 400 when there are no messages or one of them is not valid.
    static AnthropicConversation of(RequestFields request) {
        Reader reader = new Reader();
        String system = text(request, "system");
        if (!system.isEmpty()) {
            reader.messages.add(Message.system(system));
        }
        List<RequestFields> turns = request.objects("messages");
        turns.forEach(reader::turn);
        List<Message> messages = reader.messages;
        String prefill = "";
        if (!messages.isEmpty() && isPlain(messages.getLast(), "assistant")) {
            prefill = content(messages.removeLast());
        }
        if (messages.stream().allMatch(m -> "system".equals(m.fields().get("role")))) {
            throw HttpException.invalid(
                    "messages", "messages: at least one message of the user is required");
        }
        return new AnthropicConversation(messages, prefill);
    }

    private static boolean isPlain(Message message, String role) {
        return role.equals(message.fields().get("role"))
                && !message.fields().containsKey("tool_calls");
    }

    private static String content(Message message) {
        return String.valueOf(message.fields().get("content"));
    }

    /// Builds the messages in their order.
    private static final class Reader {
        final List<Message> messages = new ArrayList<>();

        /// Names of the called tools, by the ids of their calls.
        private final Map<String, String> called = new HashMap<>();

        void turn(RequestFields turn) {
            String role = turn.required("role");
            switch (role) {
                case "user" -> user(turn);
                case "assistant" -> assistant(turn);
                case "system" -> add("system", text(turn, "content"));
                default ->
                        throw turn.invalid(
                                "role", "expected user, assistant or system, found " + role);
            }
        }

        private void user(RequestFields turn) {
            List<String> texts = new ArrayList<>();
            for (RequestFields block : blocks(turn, "content")) {
                if (block.required("type").equals("tool_result")) {
                    result(block);
                } else {
                    texts.add(blockText(block));
                }
            }
            if (!texts.isEmpty()) {
                add("user", String.join("\n", texts));
            }
        }

        private void result(RequestFields block) {
            String id = block.required("tool_use_id");
            String text = text(block, "content");
            Map<String, @Nullable Object> fields =
                    HttpJson.object(
                            "role",
                            "tool",
                            "content",
                            block.flag("is_error", false) ? "Error: " + text : text,
                            "tool_call_id",
                            id);
            String name = called.get(id);
            if (name != null) {
                fields.put("name", name);
            }
            messages.add(new Message(fields));
        }

        private void assistant(RequestFields turn) {
            List<String> texts = new ArrayList<>();
            List<Object> calls = new ArrayList<>();
            for (RequestFields block : blocks(turn, "content")) {
                switch (block.required("type")) {
                    case "tool_use" -> calls.add(call(block));
                    case "thinking", "redacted_thinking" -> {}
                    default -> texts.add(blockText(block));
                }
            }
            String text = String.join("\n", texts);
            if (calls.isEmpty()) {
                add("assistant", text);
            } else {
                messages.add(
                        new Message(
                                HttpJson.object(
                                        "role", "assistant",
                                        "content", text,
                                        "tool_calls", calls)));
            }
        }

        private Map<String, @Nullable Object> call(RequestFields block) {
            String name = block.required("name");
            String id = block.required("id");
            called.put(id, name);
            RequestFields input = block.object("input");
            return HttpJson.object(
                    "id",
                    id,
                    "type",
                    "function",
                    "function",
                    HttpJson.object(
                            "name", name, "arguments", input == null ? Map.of() : input.values()));
        }

        /// Templates often insist on turns that alternate; Anthropic joins those that do not.
        private void add(String role, String text) {
            if (!messages.isEmpty()
                    && !role.equals("system")
                    && isPlain(messages.getLast(), role)) {
                messages.add(Message.of(role, content(messages.removeLast()) + "\n" + text));
            } else {
                messages.add(Message.of(role, text));
            }
        }
    }

    /// The text of a field that is a string or an array of blocks; empty when absent.
    private static String text(RequestFields fields, String name) {
        return String.join(
                "\n", blocks(fields, name).stream().map(AnthropicConversation::blockText).toList());
    }

    private static List<RequestFields> blocks(RequestFields fields, String name) {
        return fields.value(name) instanceof String text
                ? List.of(new RequestFields(HttpJson.object("type", "text", "text", text)))
                : fields.objects(name);
    }

    private static String blockText(RequestFields block) {
        String type = block.required("type");
        return switch (type) {
            case "text" -> block.required("text");
            case "document" -> document(block);
            case "image" -> throw block.invalid("type", "this model cannot see images");
            default ->
                    throw block.invalid("type", "blocks of type '" + type + "' are not supported");
        };
    }

    private static String document(RequestFields block) {
        RequestFields source = block.object("source");
        if (source == null) {
            throw block.invalid("source", "missing");
        }
        String type = source.required("type");
        String title = block.string("title", "");
        String text =
                switch (type) {
                    case "text" -> source.required("data");
                    case "content" -> text(source, "content");
                    default ->
                            throw source.invalid(
                                    "type", "only documents of text are supported, found " + type);
                };
        return title.isEmpty() ? text : title + "\n" + text;
    }
}
