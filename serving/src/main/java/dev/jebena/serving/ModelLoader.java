package dev.jebena.serving;

import dev.jebena.hub.StoredModel;
import dev.jebena.llm.Llm;
import dev.jebena.llm.LlmOptions;

/// Makes an engine for a stored model: `(model, options) -> Llm.load(model.path(), options)`.
@FunctionalInterface
public interface ModelLoader {
    Llm load(StoredModel model, LlmOptions options);

    /// Loads with [Llm#load].
    static ModelLoader standard() {
        return (model, options) -> Llm.load(model.path(), options);
    }
}
