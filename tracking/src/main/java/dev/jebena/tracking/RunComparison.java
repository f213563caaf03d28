package dev.jebena.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Whether a run and another one that should be the same are the same, bit by bit: the series of
/// their metrics and the files that they have stored. Measurements of the machine (`system/…`) and
/// what describes the environment are left out.
///
/// @param points how many values of metrics were compared
/// @param files how many files
/// @param metrics the first difference of each metric, the earliest step first
/// @param outputs the files that differ
/// @param causes what differs in what the results depend on
public record RunComparison(
        long points,
        int files,
        List<MetricDifference> metrics,
        List<OutputDifference> outputs,
        List<Cause> causes) {
    /// Where a metric differs first.
    ///
    /// @param first the recorded value; null where it is missing
    /// @param second the other one's
    public record MetricDifference(
            String metric, long step, @Nullable Double first, @Nullable Double second) {}

    /// A file that differs; a hash is null where the file is missing.
    public record OutputDifference(String path, @Nullable String first, @Nullable String second) {}

    /// Something that results depend on.
    ///
    /// @param what such as `param seed`
    public record Cause(String what, String first, String second) {}

    public boolean identical() {
        return metrics.isEmpty() && outputs.isEmpty();
    }

    /// @param ignored names of metrics and paths of files that may differ
    public static RunComparison of(RunRecord first, RunRecord second, Set<String> ignored) {
        long points = 0;
        List<MetricDifference> metrics = new ArrayList<>();
        Set<String> names = new TreeSet<>(first.metrics());
        // What a run did not come to yet is no difference.
        boolean whole = first.status().equals("FINISHED");
        if (whole) {
            names.addAll(second.metrics());
        }
        names.removeIf(name -> name.startsWith("system/") || ignored.contains(name));
        boolean fromStart = whole && !first.params().containsKey("resumed_at");
        for (String name : names) {
            Map<Long, List<Double>> a = first.series(name);
            Map<Long, List<Double>> b = second.series(name);
            points += a.values().stream().mapToLong(List::size).sum();
            MetricDifference found = difference(name, a, b, fromStart);
            if (found != null) {
                metrics.add(found);
            }
        }
        metrics.sort((a, b) -> Long.compare(a.step(), b.step()));
        Map<String, String> stored = whole ? first.outputs() : Map.of();
        List<OutputDifference> outputs = outputs(stored, whole ? second.outputs() : Map.of());
        outputs.removeIf(output -> ignored.contains(output.path()));
        return new RunComparison(
                points, stored.size(), metrics, outputs, RunCauses.between(first, second));
    }

    private static @Nullable MetricDifference difference(
            String name,
            Map<Long, List<Double>> first,
            Map<Long, List<Double>> second,
            boolean bothWays) {
        Set<Long> steps = new TreeSet<>(first.keySet());
        if (bothWays) {
            steps.addAll(second.keySet());
        }
        for (long step : steps) {
            List<Double> a = first.getOrDefault(step, List.of());
            List<Double> b = second.getOrDefault(step, List.of());
            for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
                Double one = i < a.size() ? a.get(i) : null;
                Double other = i < b.size() ? b.get(i) : null;
                // Double.equals compares bits.
                if (!Objects.equals(one, other)) {
                    return new MetricDifference(name, step, one, other);
                }
            }
        }
        return null;
    }

    private static List<OutputDifference> outputs(
            Map<String, String> first, Map<String, String> second) {
        Set<String> paths = new TreeSet<>(first.keySet());
        paths.addAll(second.keySet());
        List<OutputDifference> found = new ArrayList<>();
        for (String path : paths) {
            if (!Objects.equals(first.get(path), second.get(path))) {
                found.add(new OutputDifference(path, first.get(path), second.get(path)));
            }
        }
        return found;
    }

    /// As JSON.
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new TreeMap<>();
        json.put("identical", identical());
        json.put("points", points);
        json.put("files", files);
        json.put(
                "metrics",
                metrics.stream()
                        .map(m ->
                                object(
                                        "metric", m.metric(),
                                        "step", m.step(),
                                        "recorded", m.first(),
                                        "found", m.second()))
                        .toList());
        json.put(
                "outputs",
                outputs.stream()
                        .map(o ->
                                object(
                                        "path", o.path(),
                                        "recorded", o.first(),
                                        "found", o.second()))
                        .toList());
        json.put(
                "causes",
                causes.stream()
                        .map(c ->
                                object(
                                        "what", c.what(),
                                        "recorded", c.first(),
                                        "found", c.second()))
                        .toList());
        return json;
    }

    private static Map<String, @Nullable Object> object(@Nullable Object... pairs) {
        return dev.jebena.base.HttpJson.object(pairs);
    }
}
