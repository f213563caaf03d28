package dev.jebena.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// How well the network does on what was held out.
///
/// @param step after how many steps
/// @param metrics `loss`, then for classes `accuracy`; for numbers `rmse`, `mae`, `r2`; for text
///   `accuracy`, `perplexity`
public record Evaluation(long step, Map<String, Double> metrics) {
    /// Keeps the order.
    public Evaluation {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        metrics.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : "  ")
                        .append(name)
                        .append(String.format(java.util.Locale.ROOT, " %.4f", value)));
        return text.toString();
    }
}
