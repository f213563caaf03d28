package dev.jebena.mcp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A tool as its server describes it.
///
/// @param name what it is called by
/// @param title for people; null for none
/// @param description for the model
/// @param inputSchema JSON Schema of the arguments, an object
/// @param outputSchema JSON Schema of [McpToolResult#structured]; null when it gives none
/// @param annotations hints: `readOnlyHint`, `destructiveHint`, `idempotentHint`, `openWorldHint`
public record McpTool(
        String name,
        @Nullable String title,
        String description,
        Map<String, @Nullable Object> inputSchema,
        @Nullable Map<String, @Nullable Object> outputSchema,
        Map<String, @Nullable Object> annotations) {
    /// A tool that says that it changes nothing.
    public boolean readOnly() {
        return Boolean.TRUE.equals(annotations.get("readOnlyHint"));
    }

    static McpTool of(Map<String, @Nullable Object> fields) {
        String name = McpJson.string(fields, "name");
        if (name == null || name.isEmpty() || name.length() > 256) {
            throw new McpException(
                    McpException.INVALID_PARAMS, "the server lists a tool without a usable name");
        }
        return new McpTool(
                name,
                McpJson.string(fields, "title"),
                McpJson.string(fields, "description", ""),
                McpJson.map(fields, "inputSchema"),
                McpJson.map(fields.get("outputSchema")),
                McpJson.map(fields, "annotations"));
    }

    Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = McpJson.object("name", name);
        if (title != null) {
            fields.put("title", title);
        }
        fields.put("description", description);
        fields.put("inputSchema", inputSchema);
        if (outputSchema != null) {
            fields.put("outputSchema", outputSchema);
        }
        if (!annotations.isEmpty()) {
            fields.put("annotations", annotations);
        }
        return fields;
    }
}
