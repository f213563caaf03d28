package dev.jebena.governance;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What a tracked run tells for a card.
///
/// @param params settings by name
/// @param metrics last values by name
/// @param datasets names of data sets that were read
/// @param time how long it ran; zero where that is not known
public record RunFacts(
        String id,
        String name,
        Map<String, String> params,
        Map<String, Double> metrics,
        List<String> datasets,
        Duration time) {
    void into(CardFacts facts) {
        facts.training().putAll(params);
        metrics.forEach((metric, value) -> facts.metrics().put(metric, String.valueOf(value)));
        facts.origin().add("It was made by the run `%s` (`%s`).".formatted(name, id));
        if (!time.isZero()) {
            facts.detail(
                    "training time",
                    time.toString().substring(2).toLowerCase(java.util.Locale.ROOT));
        }
        List<String> ids = datasets.stream().filter(d -> d.matches("[\\w.-]+/[\\w.-]+")).toList();
        facts.put("datasets", ids);
        if (!datasets.isEmpty()) {
            facts.origin().add("The run read: " + String.join(", ", datasets) + ".");
        }
    }
}
