package dev.jebena.governance;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The evaluation results of a card (`model-index`): what the hub requires of each.
record ModelIndexCheck(Card card, List<CardFinding> findings) {
    void run() {
        Object index = card.data().get("model-index");
        if (!(index instanceof List<?> models)) {
            error(
                    "model-index",
                    index,
                    "\"model-index\" must be an array",
                    "write it as a list: - name: ...");
            return;
        }
        for (int i = 0; i < models.size(); i++) {
            String field = "model-index[" + i + "]";
            if (map(field, models.get(i)) instanceof Map<?, ?> model) {
                text(field + ".name", model.get("name"));
                results(field + ".results", model.get("results"));
            }
        }
    }

    private void results(String field, @Nullable Object value) {
        if (!(value instanceof List<?> results)) {
            error(
                    field,
                    value,
                    required(field, value, "an array"),
                    "write it as a list: - task: ...");
            return;
        }
        for (int i = 0; i < results.size(); i++) {
            String at = field + "[" + i + "]";
            if (map(at, results.get(i)) instanceof Map<?, ?> result) {
                if (map(at + ".task", result.get("task")) instanceof Map<?, ?> task) {
                    text(at + ".task.type", task.get("type"));
                }
                if (map(at + ".dataset", result.get("dataset")) instanceof Map<?, ?> dataset) {
                    text(at + ".dataset.type", dataset.get("type"));
                    text(at + ".dataset.name", dataset.get("name"));
                }
                metrics(at + ".metrics", result.get("metrics"));
                if (result.get("source") instanceof Map<?, ?> source) {
                    text(at + ".source.url", source.get("url"));
                }
            }
        }
    }

    private void metrics(String field, @Nullable Object value) {
        if (!(value instanceof List<?> metrics)) {
            error(
                    field,
                    value,
                    required(field, value, "an array"),
                    "write it as a list: - type: accuracy");
            return;
        }
        for (int i = 0; i < metrics.size(); i++) {
            String at = field + "[" + i + "]";
            if (map(at, metrics.get(i)) instanceof Map<?, ?> metric) {
                text(at + ".type", metric.get("type"));
                if (metric.get("value") == null) {
                    error(
                            at + ".value",
                            null,
                            "\"" + at + ".value\" is required",
                            "add the number");
                }
            }
        }
    }

    private @Nullable Object map(String field, @Nullable Object value) {
        if (!(value instanceof Map<?, ?>)) {
            error(field, value, required(field, value, "of type object"), "");
            return null;
        }
        return value;
    }

    private void text(String field, @Nullable Object value) {
        if (!(value instanceof String text) || text.isBlank()) {
            error(field, value, required(field, value, "a string"), "");
        }
    }

    private static String required(String field, @Nullable Object value, String type) {
        return value == null
                ? "\"" + field + "\" is required"
                : "\"" + field + "\" must be " + type;
    }

    private void error(String field, @Nullable Object value, String message, String remedy) {
        findings.add(
                CardFinding.of(
                        card,
                        CardFinding.Level.ERROR,
                        field,
                        value == null ? "" : String.valueOf(value),
                        message,
                        remedy));
    }
}
