package dev.jebena.llm;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A function that the model may call.
///
/// @param definition what chat templates see: `{"type": "function", "function": {name, description,
///   parameters}}`
/// @param parameters JSON Schema of the arguments, an object's
public record Tool(
        String name,
        Map<String, @Nullable Object> definition,
        Map<String, @Nullable Object> parameters) {
    /// The schema of a function without arguments.
    public static final Map<String, @Nullable Object> NO_PARAMETERS =
            Map.of("type", "object", "properties", Map.of());

    public static Tool of(
            String name, String description, Map<String, @Nullable Object> parameters) {
        Map<String, @Nullable Object> function = new LinkedHashMap<>();
        function.put("name", name);
        function.put("description", description);
        function.put("parameters", parameters);
        Map<String, @Nullable Object> definition = new LinkedHashMap<>();
        definition.put("type", "function");
        definition.put("function", function);
        return new Tool(name, definition, parameters);
    }
}
