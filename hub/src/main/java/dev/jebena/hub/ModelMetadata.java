package dev.jebena.hub;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a model's file says about itself.
///
/// @param values the header of the file: `general.architecture`, `llama.context_length`, ... Long
///   arrays (vocabularies) are left out. Of a folder: its `config.json` under the same names where
///   they are known
/// @param template the chat template inside the model, or null
/// @param capabilities `completion`, `tools`, `insert`, `embedding`
public record ModelMetadata(
        Map<String, Object> values, @Nullable String template, List<String> capabilities) {
    public ModelMetadata {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        capabilities = List.copyOf(capabilities);
    }
}
