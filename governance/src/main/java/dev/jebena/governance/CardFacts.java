package dev.jebena.governance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is known for a new card, gathered from files and runs.
final class CardFacts {
    private final String name;

    /// The block's fields.
    private final Map<String, Object> metadata = new LinkedHashMap<>();

    /// What a thing is, for its table: `parameters` and `134,515,008`.
    private final Map<String, String> details = new LinkedHashMap<>();

    private final Map<String, String> training = new LinkedHashMap<>();
    private final Map<String, String> metrics = new LinkedHashMap<>();
    private final List<String> origin = new ArrayList<>();

    CardFacts(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    Map<String, Object> metadata() {
        return metadata;
    }

    Map<String, String> details() {
        return details;
    }

    /// Settings of the training.
    Map<String, String> training() {
        return training;
    }

    /// Results of evaluations.
    Map<String, String> metrics() {
        return metrics;
    }

    /// Sentences on where it came from.
    List<String> origin() {
        return origin;
    }

    /// Sets a field of the block unless it is known already, or there is nothing to set.
    void put(String field, Object value) {
        if (!String.valueOf(value).isBlank() && !(value instanceof List<?> l && l.isEmpty())) {
            metadata.putIfAbsent(field, value);
        }
    }

    void detail(String what, Object value) {
        if (!String.valueOf(value).isBlank()) {
            details.putIfAbsent(what, String.valueOf(value));
        }
    }
}
