package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What `POST /v1/responses` asks for, checked.
///
/// @param fields the request itself
/// @param tools all functions that the model is told of
/// @param oneCall whether only the first call of a function counts
/// @param wish what it says about thinking
/// @param summary whether thinking is told as a summary, the one form that OpenAI's models have
/// @param truncate whether the oldest messages go when the conversation is too long
/// @param logprobs likeliest tokens to tell with each token; -1 for no log-probabilities
record ResponseRequest(
        RequestFields fields,
        String model,
        List<Tool> tools,
        ToolChoice choice,
        boolean oneCall,
        @Nullable Constraint format,
        ThinkingWish wish,
        boolean summary,
        boolean truncate,
        boolean store,
        boolean background,
        boolean stream,
        int logprobs,
        Map<String, @Nullable Object> metadata) {
    private static final Set<String> INCLUDED = Set.of("message.output_text.logprobs");
    private static final Set<String> SUMMARIES = Set.of("auto", "concise", "detailed");

    static ResponseRequest of(RequestFields fields) {
        List<Tool> tools = tools(fields);
        boolean store = fields.flag("store", true);
        boolean background = fields.flag("background", false);
        if (background && !store) {
            throw fields.invalid("background", "needs 'store': true");
        }
        String truncation = fields.string("truncation", "disabled");
        if (!truncation.equals("auto") && !truncation.equals("disabled")) {
            throw fields.invalid("truncation", "expected auto or disabled, found " + truncation);
        }
        if (fields.has("prompt")) {
            throw fields.invalid("prompt", "stored prompts are not supported; send 'instructions'");
        }
        List<String> include = fields.strings("include");
        boolean scored = include != null && include.stream().anyMatch(INCLUDED::contains);
        int top = fields.integer("top_logprobs", 0, 20, 0);
        return new ResponseRequest(
                fields,
                fields.required("model"),
                tools,
                choice(fields, tools),
                !fields.flag("parallel_tool_calls", true),
                format(fields),
                ThinkingWish.ofOpenAi(fields),
                summary(fields),
                truncation.equals("auto"),
                store,
                background,
                fields.flag("stream", false),
                scored || top > 0 ? top : -1,
                Metadata.of(fields));
    }

    /// Functions stand flat in this API: `{type, name, description, parameters, strict}`.
    private static List<Tool> tools(RequestFields request) {
        List<Object> nested = new ArrayList<>();
        for (RequestFields tool : request.objects("tools")) {
            String type = tool.required("type");
            if (!type.equals("function")) {
                throw tool.invalid(
                        "type",
                        "tools of type '" + type + "' run at OpenAI; only function is supported");
            }
            tool.required("name");
            Map<String, @Nullable Object> function = HttpJson.object();
            tool.values()
                    .forEach((name, value) -> {
                        if (!name.equals("type") && value != null) {
                            function.put(name, value);
                        }
                    });
            nested.add(HttpJson.object("type", "function", "function", function));
        }
        return RequestTools.of(new RequestFields(HttpJson.object("tools", nested)));
    }

    private static ToolChoice choice(RequestFields request, List<Tool> tools) {
        RequestFields choice =
                request.value("tool_choice") instanceof Map<?, ?>
                        ? request.object("tool_choice")
                        : null;
        if (choice == null || !"allowed_tools".equals(choice.string("type"))) {
            return ToolChoice.of(request, tools);
        }
        Set<String> names =
                choice.objects("tools").stream()
                        .map(tool -> tool.required("name"))
                        .collect(Collectors.toSet());
        List<Tool> allowed = tools.stream().filter(t -> names.contains(t.name())).toList();
        return choice.string("mode", "auto").equals("required")
                ? ToolChoice.forced(request, allowed)
                : ToolChoice.auto(allowed);
    }

    private static boolean summary(RequestFields request) {
        RequestFields reasoning = request.object("reasoning");
        if (reasoning == null) {
            return false;
        }
        String name = reasoning.has("summary") ? "summary" : "generate_summary";
        String summary = reasoning.string(name);
        if (summary != null && !SUMMARIES.contains(summary)) {
            throw reasoning.invalid(name, "expected auto, concise or detailed, found " + summary);
        }
        return summary != null;
    }

    private static @Nullable Constraint format(RequestFields request) {
        RequestFields text = request.object("text");
        RequestFields format = text == null ? null : text.object("format");
        if (format == null) {
            return null;
        }
        String type = format.required("type");
        return switch (type) {
            case "text" -> null;
            case "json_object" -> new Constraint.JsonObject();
            case "json_schema" -> OutputFormat.schema(format, "schema");
            default ->
                    throw format.invalid(
                            "type", "expected text, json_object or json_schema, found " + type);
        };
    }

    Generation options(ModelLease lease) {
        Generation options = SamplingFields.of(fields, lease, Generation.defaults());
        Long limit = fields.integer("max_output_tokens", 1, Integer.MAX_VALUE);
        if (limit != null) {
            options = options.maxTokens(limit.intValue());
        }
        Constraint call = choice.constraint(lease);
        return options.logprobs(logprobs).constraint(call == null ? format : call);
    }

    @Nullable String previous() {
        return fields.string("previous_response_id");
    }

    /// Id of the conversation that the response belongs to.
    @Nullable String conversation() {
        Object given = fields.value("conversation");
        String id =
                given instanceof Map<?, ?>
                        ? new RequestFields(HttpJson.objectOf(given)).required("id")
                        : fields.string("conversation");
        if (id != null && previous() != null) {
            throw HttpException.invalid(
                    "previous_response_id",
                    "Mutually exclusive parameters: 'previous_response_id' and 'conversation'");
        }
        return id;
    }
}
