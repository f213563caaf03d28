package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.Tool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The settings of LM Studio's SDKs: layers of keys and values, of which later layers win.
final class LmStudioConfig {
    private static final String PREDICTION = "llm.prediction.";

    /// Settings that have another name in the other protocols.
    private static final Map<String, String> NAMES =
            Map.ofEntries(
                    Map.entry("temperature", "temperature"),
                    Map.entry("topKSampling", "top_k"),
                    Map.entry("topPSampling", "top_p"),
                    Map.entry("minPSampling", "min_p"),
                    Map.entry("repeatPenalty", "repeat_penalty"),
                    Map.entry("frequencyPenalty", "frequency_penalty"),
                    Map.entry("presencePenalty", "presence_penalty"),
                    Map.entry("locallyTypicalSampling", "typical_p"),
                    Map.entry("xtcProbability", "xtc_probability"),
                    Map.entry("xtcThreshold", "xtc_threshold"),
                    Map.entry("seed", "seed"),
                    Map.entry("stopStrings", "stop"),
                    Map.entry("logitBias", "logit_bias"));

    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> sent = new LinkedHashMap<>();

    private LmStudioConfig() {}

    /// The field `name` of a request; no settings when it is absent.
    static LmStudioConfig of(RequestFields request, String name) {
        LmStudioConfig config = new LmStudioConfig();
        RequestFields stack = request.object(name);
        if (stack == null) {
            return config;
        }
        for (RequestFields layer : stack.objects("layers")) {
            RequestFields own = layer.object("config");
            if (own != null) {
                for (RequestFields field : own.objects("fields")) {
                    config.sent.put(field.required("key"), field.value("value"));
                    config.values.put(field.required("key"), unchecked(field.value("value")));
                }
            }
        }
        return config;
    }

    /// `{"checked": true, "value": x}` is x, and unchecked nothing.
    private static @Nullable Object unchecked(@Nullable Object value) {
        return value instanceof Map<?, ?> map && map.get("checked") instanceof Boolean checked
                ? checked ? map.get("value") : null
                : value;
    }

    /// Positions wanted; 0 for no wish.
    int contextLength() {
        RequestFields fields = new RequestFields(values);
        for (String name : List.of("llm.load.contextLength", "embedding.load.contextLength")) {
            if (fields.has(name)) {
                return fields.integer(name, 1, Integer.MAX_VALUE, 0);
            }
        }
        return 0;
    }

    /// The settings of a loaded model.
    static Map<String, @Nullable Object> loaded(String type, int contextLength) {
        return HttpJson.object(
                "fields",
                List.of(
                        HttpJson.object(
                                "key", type + ".load.contextLength", "value", contextLength)));
    }

    /// The settings of a prediction as they were sent, as one list.
    Map<String, @Nullable Object> fields() {
        return HttpJson.object(
                "fields",
                sent.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(PREDICTION))
                        .map(entry ->
                                HttpJson.object("key", entry.getKey(), "value", entry.getValue()))
                        .toList());
    }

    private RequestFields prediction() {
        Map<String, @Nullable Object> own = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(PREDICTION)) {
                own.put(key.substring(PREDICTION.length()), value);
            }
        });
        return new RequestFields(own);
    }

    /// The sampling settings by the names of the other protocols.
    RequestFields sampling() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        prediction()
                .values()
                .forEach((key, value) -> {
                    String name = NAMES.get(key);
                    if (name != null && value != null) {
                        fields.put(name, value);
                    }
                });
        return new RequestFields(fields);
    }

    /// Tokens at most; -1 for as many as the context holds.
    int maxTokens() {
        return prediction().integer("maxPredictedTokens", -1, Integer.MAX_VALUE, -1);
    }

    /// Likeliest tokens to tell with each token; -1 for none.
    int logprobs() {
        return prediction().integer("logProbs", 0, 100, -1);
    }

    boolean shiftsContext() {
        return !prediction().string("contextOverflowPolicy", "").equals("stopAtLimit");
    }

    /// What the answer must look like; null for anything.
    @Nullable Constraint structured() {
        RequestFields structured = prediction().object("structured");
        String type = structured == null ? "none" : structured.string("type", "none");
        if (structured == null || type.equals("none")) {
            return null;
        }
        if (!type.equals("json")) {
            throw structured.invalid("type", "expected none or json, found " + type);
        }
        return structured.has("jsonSchema")
                ? OutputFormat.schema(structured, "jsonSchema")
                : new Constraint.JsonObject();
    }

    /// The functions that the model may call, and whether it must.
    ToolChoice tools() {
        RequestFields tools = prediction().object("tools");
        if (tools == null || !tools.string("type", "none").equals("toolArray")) {
            return ToolChoice.auto(List.of());
        }
        List<Tool> all = RequestTools.of(tools);
        return tools.flag("force", false) && !all.isEmpty()
                ? ToolChoice.forced(tools, all)
                : ToolChoice.auto(all);
    }

    /// A template in place of the model's; null for the model's own. Throws [HttpException] 400 for
    /// one that is not in Jinja.
    @Nullable String template() {
        RequestFields template = prediction().object("promptTemplate");
        if (template == null) {
            return null;
        }
        if (!template.required("type").equals("jinja")) {
            throw template.invalid("type", "only templates in Jinja are supported");
        }
        RequestFields jinja = template.object("jinjaPromptTemplate");
        return jinja == null ? null : jinja.required("template");
    }
}
