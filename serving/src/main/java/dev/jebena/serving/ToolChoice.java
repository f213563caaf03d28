package dev.jebena.serving;

import dev.jebena.llm.CallForm;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.Tool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether the model may or must call a tool.
///
/// @param tools those it may call
record ToolChoice(Kind kind, List<Tool> tools) {
    enum Kind {
        /// No calls.
        NONE,
        /// The model decides; calls are recognized in its text.
        AUTO,
        /// One call of one of the tools, enforced by constrained decoding.
        FORCED
    }

    /// `tool_choice`: none, auto, required, or `{"type": "function", "function": {"name": ...}}`.
    static ToolChoice of(RequestFields request, List<Tool> tools) {
        Object choice = request.value("tool_choice");
        if (choice instanceof String word) {
            return switch (word) {
                case "none" -> new ToolChoice(Kind.NONE, List.of());
                case "auto" -> auto(tools);
                case "required", "any" -> forced(request, tools);
                default ->
                        throw request.invalid(
                                "tool_choice", "expected none, auto, required or a function");
            };
        }
        RequestFields named = request.object("tool_choice");
        if (named == null) {
            return auto(tools);
        }
        RequestFields function = named.object("function");
        String name = function == null ? named.required("name") : function.required("name");
        return forced(request, tools.stream().filter(t -> t.name().equals(name)).toList());
    }

    static ToolChoice auto(List<Tool> tools) {
        return new ToolChoice(tools.isEmpty() ? Kind.NONE : Kind.AUTO, tools);
    }

    /// Throws [dev.jebena.base.HttpException] 400 when there is none to force.
    static ToolChoice forced(RequestFields request, List<Tool> tools) {
        if (tools.isEmpty()) {
            throw request.invalid("tool_choice", "'tools' has no such function");
        }
        return new ToolChoice(Kind.FORCED, tools);
    }

    /// What enforces the call, in the form that the model writes; null when none is forced.
    @Nullable Constraint constraint(ModelLease lease) {
        return kind == Kind.FORCED ? CallForm.of(lease.template()).forced(tools) : null;
    }
}
