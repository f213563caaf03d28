package dev.jebena.serving;

import dev.jebena.llm.Tool;
import java.util.ArrayList;
import java.util.List;

/// The tools of a request.
final class RequestTools {
    private RequestTools() {}

    /// Field `tools`: `[{"type": "function", "function": {name, description, parameters}}]`.
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
                            parameters == null ? Tool.NO_PARAMETERS : parameters.values()));
        }
        return tools;
    }
}
