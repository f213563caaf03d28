package dev.jebena.tracking;

import dev.jebena.base.SqlConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Histories of metrics. What a request brings for one metric becomes one block, appended behind
/// all others; beside it the latest value of each metric is kept in a table of its own. A point
/// that a client sends twice, because a reply was lost, is in the history once.
final class Metrics {
    private static final String LATEST =
            """
            INSERT INTO latest_metric (run, key, experiment, value, nan, timestamp, step)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (run, key) DO UPDATE SET value = excluded.value, nan = excluded.nan,
                timestamp = excluded.timestamp, step = excluded.step
            WHERE (excluded.step, excluded.timestamp, excluded.value)
                > (latest_metric.step, latest_metric.timestamp, latest_metric.value)
            """;

    private Metrics() {}

    static void log(SqlConnection sql, RunRow run, List<Metric> metrics) {
        Map<String, List<MetricPoint>> byKey = new LinkedHashMap<>();
        for (Metric metric : metrics) {
            byKey.computeIfAbsent(metric.key(), _ -> new ArrayList<>()).add(metric.point());
        }
        byKey.forEach((key, points) -> {
            sql.update(
                    "INSERT INTO metric_block (run, key, points) VALUES (?, ?, ?)",
                    run.id(),
                    key,
                    MetricPoint.encode(points));
            MetricPoint latest = Collections.max(points, MetricPoint.BY_STEP);
            sql.update(
                    LATEST,
                    run.id(),
                    key,
                    run.experiment(),
                    latest.isNan() ? 0.0 : latest.value(),
                    latest.isNan(),
                    latest.timestamp(),
                    latest.step());
        });
        for (Metric metric : metrics) {
            if (metric.model() != null) {
                ofModel(sql, run, metric);
            }
        }
    }

    private static void ofModel(SqlConnection sql, RunRow run, Metric metric) {
        String name = metric.datasetName();
        String digest = metric.datasetDigest();
        sql.update(
                "INSERT INTO logged_model_metric (model_id, key, timestamp, step, run, value,"
                        + " dataset_name, dataset_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                metric.model(),
                metric.key(),
                metric.timestamp(),
                metric.step(),
                run.uuid(),
                Double.isNaN(metric.value()) ? 0.0 : metric.value(),
                name == null ? "" : name,
                digest == null ? "" : digest);
    }

    /// The whole history of one metric, by time, step and value.
    static List<MetricPoint> history(SqlConnection sql, long run, String key) {
        List<MetricPoint> points = new ArrayList<>();
        sql.each(
                "SELECT points FROM metric_block WHERE run = ? AND key = ? ORDER BY id",
                row -> MetricPoint.decode(row.bytes(1), points::add),
                run,
                key);
        points.sort(MetricPoint.BY_TIME);
        List<MetricPoint> once = new ArrayList<>(points.size());
        MetricPoint last = null;
        for (MetricPoint point : points) {
            if (!point.equals(last)) {
                once.add(point);
            }
            last = point;
        }
        return once;
    }

    /// Puts the blocks of a run's metrics together, one for each metric: for runs that have ended.
    static void compact(SqlConnection sql, long run) {
        List<String> keys =
                sql.list(
                        "SELECT key FROM metric_block WHERE run = ? GROUP BY key"
                                + " HAVING count(*) > 8",
                        row -> row.text(1),
                        run);
        for (String key : keys) {
            List<MetricPoint> points = history(sql, run, key);
            sql.update("DELETE FROM metric_block WHERE run = ? AND key = ?", run, key);
            for (int i = 0; i < points.size(); i += 4096) {
                sql.update(
                        "INSERT INTO metric_block (run, key, points) VALUES (?, ?, ?)",
                        run,
                        key,
                        MetricPoint.encode(points.subList(i, Math.min(points.size(), i + 4096))));
            }
        }
    }
}
