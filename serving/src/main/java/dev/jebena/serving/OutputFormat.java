package dev.jebena.serving;

import dev.jebena.llm.Constraint;
import dev.jebena.llm.LlmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a request says of the answer's form.
final class OutputFormat {
    private OutputFormat() {}

    /// OpenAI's `response_format` with Hugging Face's and llama.cpp's variants of it, vLLM's
    /// `structured_outputs` and `guided_...`, llama.cpp's `grammar` and `json_schema`; null for
    /// free text.
    static @Nullable Constraint ofOpenAi(RequestFields request) {
        RequestFields structured = request.object("structured_outputs");
        Constraint vllm = structured == null ? ofVllm(request, "guided_") : ofVllm(structured, "");
        Constraint llamaCpp = ofLlamaCpp(request);
        Constraint openAi = ofResponseFormat(request);
        List<Constraint> all =
                Stream.of(vllm, llamaCpp, openAi).flatMap(Stream::ofNullable).toList();
        if (all.size() > 1) {
            throw request.invalid(
                    "response_format", "there is another constraint in the same request");
        }
        return all.isEmpty() ? null : all.getFirst();
    }

    /// vLLM's `json`, `regex`, `choice`, `grammar`, `structural_tag` and `json_object`, of which
    /// one may be there.
    private static @Nullable Constraint ofVllm(RequestFields fields, String prefix) {
        List<String> given =
                Stream.of("json", "regex", "choice", "grammar", "structural_tag")
                        .map(kind -> prefix + kind)
                        .filter(fields::has)
                        .toList();
        boolean any = fields.flag(prefix + "json_object", false);
        if (given.size() + (any ? 1 : 0) > 1) {
            throw fields.invalid(given.getLast(), "only one constraint is possible at a time");
        }
        if (any) {
            return Constraint.json();
        }
        if (given.isEmpty()) {
            return null;
        }
        String name = given.getFirst();
        return switch (name.substring(prefix.length())) {
            case "json" -> schema(fields, name);
            case "regex" -> Constraint.regex(fields.required(name));
            case "choice" -> choice(fields, name);
            case "structural_tag" -> StructuralTag.of(fields, name);
            default -> Constraint.grammar(fields.required(name));
        };
    }

    private static Constraint choice(RequestFields fields, String name) {
        List<String> texts = fields.strings(name);
        if (texts == null || texts.isEmpty()) {
            throw fields.invalid(name, "expected an array of texts");
        }
        return Constraint.choice(texts);
    }

    /// llama.cpp's `grammar` or `json_schema`; null for free text.
    static @Nullable Constraint ofLlamaCpp(RequestFields request) {
        String grammar =
                request.value("grammar") instanceof Map<?, ?> ? "" : request.string("grammar", "");
        if (!grammar.isEmpty() && request.has("json_schema")) {
            throw request.invalid(
                    "grammar", "either 'grammar' or 'json_schema' can be given, not both");
        }
        if (!grammar.isEmpty()) {
            return LazyGrammar.of(request, Constraint.grammar(grammar));
        }
        return request.has("json_schema")
                ? LazyGrammar.of(request, schema(request, "json_schema"))
                : null;
    }

    /// TGI's `grammar`: `{type, value}` with a JSON schema or a regular expression.
    static @Nullable Constraint ofTgi(RequestFields parameters) {
        RequestFields grammar = parameters.object("grammar");
        if (grammar == null) {
            return null;
        }
        String type = grammar.required("type");
        return switch (type) {
            case "json" -> schema(grammar, "value");
            case "json_object" ->
                    grammar.has("value") ? schema(grammar, "value") : Constraint.json();
            case "json_schema" -> {
                RequestFields named = grammar.object("value");
                if (named == null) {
                    throw grammar.invalid("value", "expected {name, schema}");
                }
                yield named.has("schema") ? schema(named, "schema") : schema(grammar, "value");
            }
            case "regex" -> Constraint.regex(grammar.required("value"));
            default ->
                    throw grammar.invalid(
                            "type",
                            "expected json, json_object, json_schema or regex, found " + type);
        };
    }

    private static @Nullable Constraint ofResponseFormat(RequestFields request) {
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
            case "regex" -> Constraint.regex(format.required("value"));
            case "structural_tag" -> StructuralTag.of(format);
            case "json_schema" -> {
                RequestFields named = format.object("json_schema");
                if (named == null) {
                    throw format.invalid("json_schema", "expected {name, schema}");
                }
                yield schema(named, named.has("schema") ? "schema" : "value");
            }
            default ->
                    throw format.invalid(
                            "type",
                            "expected text, json_object, json_schema, structural_tag or regex, found "
                                    + type);
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

    /// The constraint for the JSON schema in field `name`: an object, or JSON text.
    static Constraint schema(RequestFields fields, String name) {
        if (fields.value(name) instanceof String text) {
            try {
                return Constraint.schema(text);
            } catch (LlmException e) {
                throw fields.invalid(name, String.valueOf(e.getMessage()));
            }
        }
        RequestFields schema = fields.object(name);
        if (schema == null) {
            throw fields.invalid(name, "expected a JSON schema");
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>(schema.values());
        return Constraint.schema(values);
    }
}
