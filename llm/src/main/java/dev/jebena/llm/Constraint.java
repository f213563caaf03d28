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

    /// Exactly this text. Where it spells special tokens of the model, these tokens are meant.
    record Text(String text) implements Constraint {}

    /// Any text in which none of these stands.
    record Free(List<String> without) implements Constraint {
        public Free {
            without = List.copyOf(without);
        }
    }

    /// Texts of these, one after the other.
    record Sequence(List<Constraint> parts) implements Constraint {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /// A text of one of these.
    record Either(List<Constraint> alternatives) implements Constraint {
        public Either {
            alternatives = List.copyOf(alternatives);
        }
    }

    /// Texts of `part` one after the other.
    ///
    /// @param least at least so many
    /// @param most at most so many; -1 for any number
    record Repeated(Constraint part, int least, int most) implements Constraint {}

    /// Free text in which parts have a form: where a trigger stands one of the tags that begin with
    /// it goes on.
    ///
    /// @param triggers beginnings of tags
    /// @param without what the free text does not contain
    /// @param atLeastOne whether a tag comes first
    /// @param onlyFirst whether the text ends with the first tag
    record Tagged(
            List<String> triggers,
            List<Tag> tags,
            List<String> without,
            boolean atLeastOne,
            boolean onlyFirst)
            implements Constraint {
        public Tagged {
            triggers = List.copyOf(triggers);
            tags = List.copyOf(tags);
            without = List.copyOf(without);
        }
    }

    /// A part of a text with a form of its own.
    ///
    /// @param end one of these ends it
    record Tag(String begin, Constraint content, List<String> end) {
        public Tag {
            end = List.copyOf(end);
        }
    }

    /// Free text until a trigger comes; from there on a text of `then`, of which the trigger is the
    /// beginning. A text without a trigger may end anywhere.
    record Lazy(Constraint then, List<Trigger> triggers) implements Constraint {
        public Lazy {
            triggers = List.copyOf(triggers);
        }
    }

    /// What ends the free text of a lazy constraint.
    sealed interface Trigger {
        /// This text.
        record Word(String text) implements Trigger {}

        /// The token with this id.
        record TokenId(int id) implements Trigger {}

        /// Where this regular expression matches.
        ///
        /// @param whole whether it must match all of the text so far; then the constraint holds
        ///   from its first group with a text on
        record Pattern(String pattern, boolean whole) implements Trigger {}
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
