package dev.jebena.serving;

import dev.jebena.llm.Constraint;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a request says of the answer's form.
final class OutputFormat {
    private OutputFormat() {}

    /// OpenAI's `response_format`, Hugging Face's and llama.cpp's variants of it, and vLLM's
    /// `structured_outputs` and `guided_json`; null for free text.
    static @Nullable Constraint ofOpenAi(RequestFields request) {
        RequestFields structured = request.object("structured_outputs");
        if (structured != null) {
            return schema(structured, "json");
        }
        if (request.has("guided_json")) {
            return schema(request, "guided_json");
        }
        RequestFields format = request.object("response_format");
        if (format == null) {
            return null;
        }
        String type = format.required("type");
        return switch (type) {
            case "text" -> null;
            case "json_object" ->
                    format.has("value")
                            ? schema(format, "value")
                            : format.has("schema")
                                    ? schema(format, "schema")
                                    : new Constraint.JsonObject();
            case "json" -> schema(format, "value");
            case "json_schema" -> {
                RequestFields named = format.object("json_schema");
                if (named == null) {
                    throw format.invalid("json_schema", "expected {name, schema}");
                }
                yield schema(named, named.has("schema") ? "schema" : "value");
            }
            default ->
                    throw format.invalid(
                            "type", "expected text, json_object or json_schema, found " + type);
        };
    }

    /// Ollama's `format`: `"json"` or a schema; null for free text.
    static @Nullable Constraint ofOllama(RequestFields request) {
        return switch (request.value("format")) {
            case null -> null;
            case String text when text.isEmpty() -> null;
            case String text when text.equals("json") -> new Constraint.JsonObject();
            case Map<?, ?> _ -> schema(request, "format");
            default -> throw request.invalid("format", "expected \"json\" or a JSON schema");
        };
    }

    /// Anthropic's `output_config.format`: `{"type": "json_schema", "schema": ...}`; null for free
    /// text.
    static @Nullable Constraint ofAnthropic(RequestFields request) {
        RequestFields config = request.object("output_config");
        RequestFields format = config == null ? null : config.object("format");
        if (format == null) {
            return null;
        }
        String type = format.required("type");
        if (!type.equals("json_schema")) {
            throw format.invalid("type", "expected json_schema, found " + type);
        }
        return schema(format, "schema");
    }

    /// The constraint for the JSON schema in field `name`.
    static Constraint schema(RequestFields fields, String name) {
        RequestFields schema = fields.object(name);
        if (schema == null) {
            throw fields.invalid(name, "expected a JSON schema");
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>(schema.values());
        return new Constraint.JsonSchema(values);
    }
}
