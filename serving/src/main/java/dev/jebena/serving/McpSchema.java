package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON Schema of an object, written field by field.
final class McpSchema {
    private final Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    private final List<Object> required = new ArrayList<>();
    private String last = "";

    private McpSchema() {}

    static McpSchema object() {
        return new McpSchema();
    }

    /// A field of a simple type: `string`, `number`, `integer`, `boolean`, `object`.
    McpSchema field(String name, String type, String description) {
        return field(name, HttpJson.object("type", type, "description", description));
    }

    /// An array of values of a simple type.
    McpSchema list(String name, String type, String description) {
        return field(
                name,
                HttpJson.object(
                        "type",
                        "array",
                        "items",
                        HttpJson.object("type", type),
                        "description",
                        description));
    }

    McpSchema field(String name, Map<String, @Nullable Object> schema) {
        properties.put(name, schema);
        last = name;
        return this;
    }

    /// The field before this has to be there.
    McpSchema required() {
        required.add(last);
        return this;
    }

    Map<String, @Nullable Object> schema() {
        Map<String, @Nullable Object> schema =
                HttpJson.object("type", "object", "properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }
}
