package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.llm.Tool;
import java.util.ArrayList;
import java.util.List;

/// Anthropic's `tools` and `tool_choice`.
final class AnthropicTools {
    private AnthropicTools() {}

    /// The tools that the client runs: `{name, description, input_schema}`. Those that Anthropic's
    /// own servers run are refused.
    static List<Tool> of(RequestFields request) {
        List<Tool> tools = new ArrayList<>();
        for (RequestFields tool : request.objects("tools")) {
            String type = tool.string("type", "custom");
            if (!type.equals("custom")) {
                throw tool.invalid(
                        "type", "only tools that the client runs are supported, found " + type);
            }
            RequestFields schema = tool.object("input_schema");
            if (schema == null) {
                throw tool.invalid("input_schema", "missing");
            }
            String name = tool.required("name");
            tools.add(
                    new Tool(
                            name,
                            HttpJson.object(
                                    "type",
                                    "function",
                                    "function",
                                    HttpJson.object(
                                            "name", name,
                                            "description", tool.string("description", ""),
                                            "parameters", schema.values())),
                            schema.values()));
        }
        return tools;
    }

    /// `{"type": "auto" | "any" | "none"}` or `{"type": "tool", "name": ...}`.
    static ToolChoice choice(RequestFields request, List<Tool> tools) {
        RequestFields choice = request.object("tool_choice");
        String type = choice == null ? "auto" : choice.required("type");
        return switch (type) {
            case "auto" -> ToolChoice.auto(tools);
            case "any" -> ToolChoice.forced(request, tools);
            case "tool" -> {
                String name = choice == null ? "" : choice.required("name");
                yield ToolChoice.forced(
                        request, tools.stream().filter(t -> t.name().equals(name)).toList());
            }
            case "none" -> new ToolChoice(ToolChoice.Kind.NONE, List.of());
            default ->
                    throw request.invalid(
                            "tool_choice", "expected auto, any, tool or none, found " + type);
        };
    }

    /// `thinking`: `{"type": "enabled", "budget_tokens": ...}`, `adaptive` or `disabled`, which is
    /// what a request without it means.
    static ThinkingWish thinking(RequestFields request) {
        RequestFields thinking = request.object("thinking");
        String type = thinking == null ? "disabled" : thinking.required("type");
        return switch (type) {
            case "disabled" -> new ThinkingWish(false, null, -1, true);
            case "adaptive" -> new ThinkingWish(true, null, -1, true);
            case "enabled" -> {
                Long budget =
                        thinking == null ? null : thinking.integer("budget_tokens", 1, 1 << 24);
                if (budget == null) {
                    throw HttpException.invalid(
                            "thinking.budget_tokens", "thinking.budget_tokens: Field required");
                }
                yield new ThinkingWish(true, null, budget.intValue(), true);
            }
            default ->
                    throw request.invalid(
                            "thinking", "expected enabled, adaptive or disabled, found " + type);
        };
    }
}
