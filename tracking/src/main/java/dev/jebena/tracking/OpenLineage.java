package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A lineage as events of OpenLineage (specification 2-0-2): one for each tracked run, and one for
/// each other step, such as a quantization.
public final class OpenLineage {
    private static final String SCHEMA =
            "https://openlineage.io/spec/2-0-2/OpenLineage.json#/definitions/RunEvent";
    private static final String PRODUCER = "https://jebena.dev";
    private static final String NAMESPACE = "jebena";
    private static final String RUN = "run:";

    private OpenLineage() {}

    /// The events, the earliest first.
    public static List<Map<String, @Nullable Object>> events(LineageGraph graph) {
        Map<String, Event> events = new LinkedHashMap<>();
        for (LineageEdge edge : graph.edges()) {
            boolean into = edge.target().id().startsWith(RUN);
            boolean from = edge.source().id().startsWith(RUN);
            LineageItem run = into ? edge.target() : edge.source();
            String key = into || from ? run.id() : edge.target().id() + "\n" + edge.job();
            Event event =
                    events.computeIfAbsent(
                            key, _ -> new Event(runId(key), into || from ? name(run) : edge.job()));
            event.time = Math.max(event.time, edge.time());
            if (!from) {
                event.inputs.put(edge.source().id(), edge.source());
            }
            if (!into) {
                event.outputs.put(edge.target().id(), edge.target());
            }
        }
        return events.values().stream()
                .sorted(java.util.Comparator.comparingLong(e -> e.time))
                .map(Event::json)
                .toList();
    }

    private static String name(LineageItem run) {
        return run.name().isEmpty() ? run.id() : run.name();
    }

    /// A run's own id as a UUID; for other steps one that is the same every time.
    private static String runId(String key) {
        String hex = key.startsWith(RUN) ? key.substring(RUN.length()) : "";
        return hex.matches("[0-9a-f]{32}")
                ? hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5")
                : UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static final class Event {
        private final String runId;
        private final String job;
        private final Map<String, LineageItem> inputs = new LinkedHashMap<>();
        private final Map<String, LineageItem> outputs = new LinkedHashMap<>();
        private long time;

        Event(String runId, String job) {
            this.runId = runId;
            this.job = job;
        }

        Map<String, @Nullable Object> json() {
            return HttpJson.object(
                    "eventType", "COMPLETE",
                    "eventTime", Instant.ofEpochMilli(time).toString(),
                    "run", Map.of("runId", runId),
                    "job", Map.of("namespace", NAMESPACE, "name", job),
                    "inputs", inputs.values().stream().map(Event::dataset).toList(),
                    "outputs", outputs.values().stream().map(Event::dataset).toList(),
                    "producer", PRODUCER,
                    "schemaURL", SCHEMA);
        }

        private static Map<String, Object> dataset(LineageItem item) {
            Map<String, Object> dataset = new LinkedHashMap<>();
            dataset.put("namespace", NAMESPACE);
            dataset.put("name", item.id());
            if (!item.name().isEmpty()) {
                dataset.put(
                        "facets",
                        Map.of(
                                "documentation",
                                Map.of(
                                        "_producer",
                                        PRODUCER,
                                        "_schemaURL",
                                        "https://openlineage.io/spec/facets/1-1-0/DocumentationDatasetFacet.json#/$defs/DocumentationDatasetFacet",
                                        "description",
                                        item.kind() + " " + item.name())));
            }
            return dataset;
        }
    }
}
