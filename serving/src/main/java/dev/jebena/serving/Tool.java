package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A function that the model may call.
///
/// @param definition the tool as the request gave it, for the chat template
/// @param parameters JSON Schema of the arguments; an empty object schema when none was given
record Tool(
        String name,
        Map<String, @Nullable Object> definition,
        Map<String, @Nullable Object> parameters) {
    /// The tools of a request: `[{"type": "function", "function": {name, description,
    /// parameters}}]`.
    static List<Tool> of(RequestFields request) {
        List<Tool> tools = new ArrayList<>();
        for (RequestFields tool : request.objects("tools")) {
            String type = tool.string("type", "function");
            if (!type.equals("function")) {
                throw tool.invalid("type", "only function tools are supported, found " + type);
            }
            RequestFields function = tool.object("function");
            if (function == null) {
                throw tool.invalid("function", "a function tool needs its definition");
            }
            RequestFields parameters = function.object("parameters");
            tools.add(
                    new Tool(
                            function.required("name"),
                            tool.values(),
                            parameters == null
                                    ? HttpJson.object("type", "object", "properties", Map.of())
                                    : parameters.values()));
        }
        return tools;
    }
}
