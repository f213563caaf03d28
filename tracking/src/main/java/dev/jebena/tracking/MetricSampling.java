package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlDatabase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Histories of several runs for charts: all points, or as many steps as a chart can show.
final class MetricSampling {
    private static final int MOST_RUNS = 100;
    private static final int MOST_POINTS = 2500;
    private static final int MOST_BULK = 25_000;

    private MetricSampling() {}

    private record Series(String run, List<MetricPoint> points) {}

    private static List<Series> series(
            SqlDatabase data, RequestFields f, String runField, Predicate<RunRow> readable) {
        List<String> ids = f.texts(runField);
        if (ids.isEmpty()) {
            throw MlflowError.required(runField);
        }
        if (ids.size() > MOST_RUNS) {
            throw MlflowError.invalid(
                    "GetMetricHistoryBulk request cannot specify more than %d %s. Received %d %s."
                            .formatted(MOST_RUNS, runField, ids.size(), runField));
        }
        String key = f.required("metric_key");
        return data.read(sql -> {
            List<Series> found = new ArrayList<>();
            for (String id : ids) {
                Optional<RunRow> run = RunRow.find(sql, id).filter(readable);
                run.ifPresent(r -> found.add(new Series(id, Metrics.history(sql, r.id(), key))));
            }
            return found;
        });
    }

    /// All points of the runs, at most 25,000.
    static Map<String, @Nullable Object> bulk(
            SqlDatabase data, RequestFields f, Predicate<RunRow> readable) {
        List<Object> metrics = new ArrayList<>();
        long most = f.number("max_results", 1, MOST_BULK, MOST_BULK);
        for (Series series : series(data, f, "run_id", readable)) {
            for (MetricPoint point : series.points()) {
                if (metrics.size() < most) {
                    metrics.add(json(f, series, point));
                }
            }
        }
        return HttpJson.object("metrics", metrics);
    }

    private static Map<String, @Nullable Object> json(
            RequestFields f, Series series, MetricPoint point) {
        Map<String, @Nullable Object> json = Runs.point(f.text("metric_key"), point);
        json.put("run_id", series.run());
        return json;
    }

    /// At most `max_results` steps, evenly taken from all steps between `start_step` and
    /// `end_step`, and each run's last one.
    static Map<String, @Nullable Object> interval(
            SqlDatabase data, RequestFields f, Predicate<RunRow> readable) {
        long most = f.number("max_results", 1, MOST_POINTS, 320);
        long start = f.number("start_step", Long.MIN_VALUE);
        long end = f.number("end_step", Long.MAX_VALUE);
        if (start > end) {
            throw MlflowError.invalid(
                    "end_step must be greater than start_step. Found start_step=%d and end_step=%d."
                            .formatted(start, end));
        }
        List<Series> all = series(data, f, "run_ids", readable);
        TreeSet<Long> steps = new TreeSet<>();
        TreeSet<Long> kept = new TreeSet<>();
        for (Series series : all) {
            List<Long> own =
                    series.points().stream()
                            .map(MetricPoint::step)
                            .filter(s -> s >= start && s <= end)
                            .toList();
            steps.addAll(own);
            own.stream().max(Comparator.naturalOrder()).ifPresent(kept::add);
        }
        kept.addAll(sampled(List.copyOf(steps), (int) most));
        List<Object> metrics = new ArrayList<>();
        for (Series series : all) {
            series.points().stream()
                    .filter(p -> kept.contains(p.step()))
                    .sorted(MetricPoint.BY_STEP)
                    .limit(most)
                    .forEach(p -> metrics.add(json(f, series, p)));
        }
        return Run.filled("metrics", metrics);
    }

    private static List<Long> sampled(List<Long> steps, int most) {
        if (steps.size() <= most) {
            return steps;
        }
        List<Long> sampled = new ArrayList<>();
        double distance = (double) steps.size() / most;
        for (int i = 0; i < most; i++) {
            sampled.add(steps.get((int) (i * distance)));
        }
        return sampled;
    }
}
