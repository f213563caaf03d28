package dev.jebena.llm;

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
}
