package dev.jebena.mcp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a tool gave.
///
/// @param content blocks: `{"type": "text", "text": ...}`, images, sound, links, resources
/// @param structured the same as data, where the tool has an output schema
/// @param error the tool ran and failed; the content says how, for the model to mend its call
public record McpToolResult(
        List<Map<String, @Nullable Object>> content,
        @Nullable Map<String, @Nullable Object> structured,
        boolean error) {
    /// A text.
    public static McpToolResult text(String text) {
        return new McpToolResult(
                List.of(McpJson.object("type", "text", "text", text)), null, false);
    }

    /// Data, with its JSON as text for clients that know no structured content.
    public static McpToolResult of(Map<String, @Nullable Object> structured) {
        return new McpToolResult(text(McpJson.text(structured)).content(), structured, false);
    }

    /// A text for people and models, and the same as data.
    public static McpToolResult of(String text, Map<String, @Nullable Object> structured) {
        return new McpToolResult(text(text).content(), structured, false);
    }

    /// A failure that the model may mend.
    public static McpToolResult failed(String message) {
        return new McpToolResult(text(message).content(), null, true);
    }

    static McpToolResult ofFields(Map<String, @Nullable Object> fields) {
        return new McpToolResult(
                McpJson.maps(fields, "content"),
                McpJson.map(fields.get("structuredContent")),
                Boolean.TRUE.equals(fields.get("isError")));
    }

    Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = McpJson.object("content", content);
        if (structured != null) {
            fields.put("structuredContent", structured);
        }
        fields.put("isError", error);
        return fields;
    }

    /// Everything as text for a model: texts as they are, data where there is no text, and the kind
    /// of what cannot be shown.
    public String text() {
        List<String> parts = new ArrayList<>();
        for (Map<String, @Nullable Object> block : content) {
            parts.add(text(block));
        }
        String text = String.join("\n", parts);
        return text.isEmpty() && structured != null ? McpJson.text(structured) : text;
    }

    private static String text(Map<String, @Nullable Object> block) {
        String type = McpJson.string(block, "type", "");
        return switch (type) {
            case "text" -> McpJson.string(block, "text", "");
            case "resource" -> {
                Map<String, @Nullable Object> resource = McpJson.map(block, "resource");
                String text = McpJson.string(resource, "text");
                yield text != null ? text : "[" + McpJson.string(resource, "uri", "resource") + "]";
            }
            case "resource_link" -> "[" + McpJson.string(block, "uri", "link") + "]";
            default -> "[" + type + ", " + McpJson.string(block, "mimeType", "unknown type") + "]";
        };
    }
}
