package dev.jebena.transformers;

import java.util.LinkedHashMap;
import java.util.Map;

/// A class and how sure the model is of it.
///
/// @param score a probability, unless the options or the model want otherwise
public record Classification(String label, float score) {
    Map<String, Object> json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("label", label);
        fields.put("score", (double) score);
        return fields;
    }
}
