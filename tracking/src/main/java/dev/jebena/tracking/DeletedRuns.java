package dev.jebena.tracking;

import dev.jebena.base.Blobs;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlRow;
import java.time.Instant;
import java.util.List;

/// Removes for good what was deleted: runs with all they have, their files, and experiments in
/// which nothing is left.
///
/// ```java
/// DeletedRuns.remove(tracking, Instant.now().minus(Duration.ofDays(30)), false);
/// ```
public final class DeletedRuns {
    private static final List<String> TABLES =
            List.of(
                    "metric_block",
                    "latest_metric",
                    "param",
                    "run_tag",
                    "dataset_input",
                    "dataset_input_tag",
                    "model_input",
                    "model_output");

    private static final String NOTHING_LEFT =
            " AND NOT EXISTS (SELECT 1 FROM run r WHERE r.experiment = e.id)"
                    + " AND NOT EXISTS (SELECT 1 FROM logged_model m WHERE m.experiment = e.id)"
                    + " AND NOT EXISTS (SELECT 1 FROM trace t WHERE t.experiment = e.id)";

    private DeletedRuns() {}

    /// What was removed, or would be.
    ///
    /// @param runs ids
    /// @param experiments names
    /// @param files number of blobs that nothing names any more, and their size; 0 where another
    ///   process uses the store, whose next collection removes them
    public record Removed(List<String> runs, List<String> experiments, int files, long bytes) {}

    private record Found(long id, String uuid, String artifactUri) {
        static Found of(SqlRow row) {
            return new Found(row.number(1), row.text(2), row.text(3));
        }
    }

    /// @param before only what was deleted before this moment
    /// @param dryRun whether nothing is removed, only told
    public static Removed remove(Tracking tracking, Instant before, boolean dryRun) {
        long time = before.toEpochMilli();
        List<Found> runs =
                tracking.data()
                        .read(sql ->
                                sql.list(
                                        "SELECT id, uuid, artifact_uri FROM run WHERE lifecycle ="
                                                + " 'deleted' AND coalesce(deleted_time, 0) < ?"
                                                + " ORDER BY id",
                                        Found::of,
                                        time));
        List<String> ids = runs.stream().map(Found::uuid).toList();
        if (dryRun) {
            return new Removed(ids, tracking.data().read(sql -> empty(sql, time)), 0, 0);
        }
        for (Found run : runs) {
            if (tracking.data().write(sql -> remove(sql, run.id()))) {
                Artifacts.path(run.artifactUri())
                        .filter(path -> path.endsWith(run.uuid() + "/artifacts"))
                        .ifPresent(tracking.artifacts()::delete);
            }
        }
        List<String> experiments = tracking.data().write(sql -> removeEmpty(sql, time));
        Blobs.Collected files = tracking.artifacts().collect().orElse(new Blobs.Collected(0, 0));
        return new Removed(ids, experiments, files.blobs(), files.bytes());
    }

    /// A run that somebody has restored meanwhile stays.
    private static boolean remove(SqlConnection sql, long run) {
        int removed = sql.update("DELETE FROM run WHERE id = ? AND lifecycle = 'deleted'", run);
        if (removed > 0) {
            TABLES.forEach(table -> sql.update("DELETE FROM " + table + " WHERE run = ?", run));
        }
        return removed > 0;
    }

    private static List<String> empty(SqlConnection sql, long time) {
        return sql.list(
                "SELECT e.name FROM experiment e WHERE e.lifecycle = 'deleted' AND e.updated < ?"
                        + NOTHING_LEFT,
                row -> row.text(1),
                time);
    }

    private static List<String> removeEmpty(SqlConnection sql, long time) {
        List<String> names = empty(sql, time);
        for (String name : names) {
            long id = sql.number("SELECT id FROM experiment WHERE name = ?", name);
            sql.update("DELETE FROM experiment_tag WHERE experiment = ?", id);
            sql.update("DELETE FROM dataset WHERE experiment = ?", id);
            sql.update("DELETE FROM experiment WHERE id = ?", id);
        }
        return names;
    }
}
