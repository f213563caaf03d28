package dev.jebena.cli;

import dev.jebena.base.HttpJson;
import dev.jebena.tracking.RunComparison;
import dev.jebena.tracking.RunRecord;
import dev.jebena.training.TensorDifferences;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `jebena reproduce` found, for people and as JSON.
///
/// @param begin where tensors differ first; null where they do not, or no hashes are there
/// @param tensors of each stored file of tensors that differs
record ReproductionReport(
        RunRecord first,
        RunRecord second,
        RunComparison comparison,
        TensorDifferences.@Nullable Begin begin,
        Map<String, List<TensorDifferences.InFile>> tensors) {
    private static final int MOST_LINES = 10;

    static ReproductionReport of(RunRecord first, RunRecord second, RunComparison comparison) {
        Map<String, List<TensorDifferences.InFile>> tensors = new LinkedHashMap<>();
        for (RunComparison.OutputDifference output : comparison.outputs()) {
            if (output.path().endsWith(".safetensors")
                    && output.first() != null
                    && output.second() != null) {
                tensors.put(output.path(), TensorDifferences.inFile(first, second, output.path()));
            }
        }
        return new ReproductionReport(
                first,
                second,
                comparison,
                comparison.identical() ? null : TensorDifferences.begin(first, second),
                tensors);
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json =
                HttpJson.object("run", first.id(), "reproduced", second.id());
        json.putAll(comparison.json());
        if (begin != null) {
            json.put(
                    "begin",
                    HttpJson.object(
                            "equal_until_step", begin.equal(),
                            "differs_at_step", begin.step(),
                            "tensors", begin.tensors()));
        }
        Map<String, @Nullable Object> files = new LinkedHashMap<>();
        tensors.forEach((path, found) ->
                files.put(
                        path,
                        found.stream()
                                .map(t ->
                                        HttpJson.object(
                                                "tensor", t.tensor(), "difference", t.what()))
                                .toList()));
        json.put("tensors", files);
        return json;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "run %s (%s), made again as %s".formatted(first.id(), first.name(), second.id()));
        if (comparison.identical()) {
            line(
                    text,
                    "identical: %,d values of metrics and %,d files"
                            .formatted(comparison.points(), comparison.files()));
            return text.toString();
        }
        line(text, "DIFFERENT" + where());
        List<List<String>> rows = new ArrayList<>();
        for (RunComparison.MetricDifference metric : most(comparison.metrics())) {
            rows.add(
                    List.of(
                            "  " + metric.metric(),
                            "from step " + metric.step(),
                            shown(metric.first()),
                            shown(metric.second())));
        }
        more(rows, comparison.metrics().size());
        for (RunComparison.OutputDifference output : most(comparison.outputs())) {
            rows.add(
                    List.of(
                            "  " + output.path(),
                            "file",
                            hash(output.first()),
                            hash(output.second())));
            for (TensorDifferences.InFile tensor :
                    most(tensors.getOrDefault(output.path(), List.of()))) {
                rows.add(List.of("    " + tensor.tensor(), tensor.what(), "", ""));
            }
        }
        more(rows, comparison.outputs().size());
        text.append(Tables.of(rows));
        causes(text);
        return text.toString();
    }

    private String where() {
        if (begin == null) {
            return comparison.metrics().isEmpty()
                    ? ""
                    : " from step " + comparison.metrics().getFirst().step() + " on";
        }
        String names =
                String.join(", ", most(begin.tensors()))
                        + (begin.tensors().size() > MOST_LINES ? ", ..." : "");
        return begin.step() == 0
                ? " before the first step, in " + names
                : " between step %d, when all tensors are equal, and step %d, in %s"
                        .formatted(Math.max(0, begin.equal()), begin.step(), names);
    }

    private void causes(StringBuilder text) {
        if (comparison.causes().isEmpty()) {
            line(
                    text,
                    "Nothing that is recorded is different: not settings, data, code, JDK or CPU.\n"
                            + "The program itself gives other results each time.");
            return;
        }
        line(text, "What is different, the likeliest cause first:");
        List<List<String>> rows = new ArrayList<>();
        for (RunComparison.Cause cause : most(comparison.causes())) {
            rows.add(List.of("  " + cause.what(), cause.first(), "then " + cause.second()));
        }
        more(rows, comparison.causes().size());
        text.append(Tables.of(rows));
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }

    private static <T> List<T> most(List<T> all) {
        return all.subList(0, Math.min(all.size(), MOST_LINES));
    }

    private static void more(List<List<String>> rows, int count) {
        if (count > MOST_LINES) {
            rows.add(List.of("  and " + (count - MOST_LINES) + " more", "", "", ""));
        }
    }

    private static String shown(@Nullable Double value) {
        return value == null ? "missing" : value.toString();
    }

    private static String hash(@Nullable String hex) {
        return hex == null ? "missing" : hex.substring(0, Math.min(12, hex.length()));
    }
}
