package dev.jebena.llm;

import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an answer's text must look like. At every step only tokens are allowed that can still lead
/// to such a text, and the end only where the text is complete. Close to the limit of tokens only
/// those are allowed with which the text still gets complete; a limit that is too small for any
/// such text cuts it off.
public sealed interface Constraint {
    /// Any JSON object.
    record JsonObject() implements Constraint {}

    /// A JSON value that is valid under `schema` (JSON Schema 2020-12, as parsed JSON).
    record JsonSchema(Map<String, ? extends @Nullable Object> schema) implements Constraint {}

    /// A text of the rule `root` of a grammar in llama.cpp's notation (GBNF).
    record Gbnf(String text) implements Constraint {}

    /// A text that the regular expression matches from its beginning to its end: the part of
    /// ECMA-262 that describes a regular language.
    record Regex(String pattern) implements Constraint {}

    /// One of these texts.
    record Choice(List<String> texts) implements Constraint {
        public Choice {
            texts = List.copyOf(texts);
        }
    }

    static Constraint json() {
        return new JsonObject();
    }

    static Constraint schema(Map<String, ? extends @Nullable Object> schema) {
        return new JsonSchema(schema);
    }

    /// The same of a schema as JSON text.
    static Constraint schema(String json) {
        try {
            return new JsonSchema(Json.object(Json.parse(json)));
        } catch (JsonException e) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST, "the JSON schema: " + e.getMessage(), e);
        }
    }

    static Constraint grammar(String gbnf) {
        return new Gbnf(gbnf);
    }

    static Constraint regex(String pattern) {
        return new Regex(pattern);
    }

    static Constraint choice(List<String> texts) {
        return new Choice(texts);
    }
}
