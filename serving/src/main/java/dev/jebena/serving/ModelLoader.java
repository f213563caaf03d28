package dev.jebena.serving;

import dev.jebena.hub.StoredModel;
import dev.jebena.llm.AdapterFile;
import dev.jebena.llm.Llm;
import dev.jebena.llm.LlmOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes an engine for a stored model: `(model, options) -> Llm.load(model.path(), options)`.
@FunctionalInterface
public interface ModelLoader {
    Llm load(StoredModel model, LlmOptions options);

    /// The adapters that are part of a stored model.
    static List<AdapterFile> adapters(StoredModel model) {
        List<AdapterFile> files = new ArrayList<>();
        for (Path file : model.adapters()) {
            files.add(AdapterFile.of(file).name("own-" + files.size()));
        }
        return files;
    }

    /// Loads with [Llm#load].
    static ModelLoader standard() {
        return (model, options) -> Llm.load(model.path(), options);
    }
}
