package dev.jebena.langchain4j;

import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import dev.jebena.llm.Message;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// LangChain4j's messages as chat templates see them.
final class ChatMessages {
    private ChatMessages() {}

    static List<Message> of(Iterable<ChatMessage> messages) {
        List<Message> all = new ArrayList<>();
        messages.forEach(message -> all.add(of(message)));
        return all;
    }

    static Message of(ChatMessage message) {
        return switch (message) {
            case SystemMessage system -> Message.system(system.text());
            case UserMessage user -> user(user);
            case AiMessage answer -> answer(answer);
            case ToolExecutionResultMessage result -> result(result);
            default ->
                    throw new UnsupportedFeatureException(
                            "messages of type " + message.type() + " are not supported");
        };
    }

    private static Message user(UserMessage user) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("role", "user");
        fields.put("content", text(user.contents()));
        if (user.name() != null) {
            fields.put("name", user.name());
        }
        return new Message(fields);
    }

    private static String text(List<Content> contents) {
        List<String> texts = new ArrayList<>();
        for (Content content : contents) {
            if (!(content instanceof TextContent text)) {
                throw new UnsupportedFeatureException(
                        "content of type " + content.type() + " is not supported, only text");
            }
            texts.add(text.text());
        }
        return String.join("\n", texts);
    }

    private static Message answer(AiMessage answer) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("role", "assistant");
        fields.put("content", answer.text() == null ? "" : answer.text());
        if (answer.hasToolExecutionRequests()) {
            fields.put(
                    "tool_calls",
                    answer.toolExecutionRequests().stream().map(ChatMessages::call).toList());
        }
        return new Message(fields);
    }

    private static Map<String, @Nullable Object> call(ToolExecutionRequest request) {
        Map<String, @Nullable Object> function = new LinkedHashMap<>();
        function.put("name", request.name());
        function.put("arguments", arguments(request.arguments()));
        Map<String, @Nullable Object> call = new LinkedHashMap<>();
        call.put("id", request.id());
        call.put("type", "function");
        call.put("function", function);
        return call;
    }

    /// Templates want an object; what is no JSON stays the text that it is.
    private static Object arguments(@Nullable String json) {
        if (json == null || json.isBlank()) {
            return Map.of();
        }
        try {
            Object value = Json.parse(json);
            return value == null ? json : value;
        } catch (JsonException _) {
            return json;
        }
    }

    private static Message result(ToolExecutionResultMessage result) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("role", "tool");
        fields.put("name", result.toolName());
        fields.put("tool_call_id", result.id());
        fields.put("content", text(result.contents()));
        return new Message(fields);
    }
}
