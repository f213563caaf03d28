package dev.jebena.tracking;

import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlRow;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A run without its metrics, params and tags.
record RunRow(
        long id,
        String uuid,
        long experiment,
        String name,
        String user,
        String status,
        @Nullable Long startTime,
        @Nullable Long endTime,
        String lifecycle,
        String artifactUri) {
    static final String COLUMNS =
            "r.id, r.uuid, r.experiment, r.name, r.user_id, r.status, r.start_time, r.end_time,"
                    + " r.lifecycle, r.artifact_uri";

    static RunRow of(SqlRow row) {
        return new RunRow(
                row.number(1),
                row.text(2),
                row.number(3),
                row.text(4),
                row.text(5),
                row.text(6),
                row.numberOrNull(7),
                row.numberOrNull(8),
                row.text(9),
                row.text(10));
    }

    static Optional<RunRow> find(SqlConnection sql, String uuid) {
        return sql.first("SELECT " + COLUMNS + " FROM run r WHERE r.uuid = ?", RunRow::of, uuid);
    }

    /// Throws RESOURCE_DOES_NOT_EXIST when there is none.
    static RunRow get(SqlConnection sql, String uuid) {
        return find(sql, uuid)
                .orElseThrow(() -> MlflowError.missing("Run with id=" + uuid + " not found"));
    }

    /// A run that may be written to.
    static RunRow active(SqlConnection sql, String uuid) {
        RunRow run = get(sql, uuid);
        run.check("active");
        return run;
    }

    /// Throws when the run is in the other state.
    void check(String wanted) {
        if (!lifecycle.equals(wanted)) {
            throw MlflowError.invalid(
                    "The run %s must be in the '%s' state. Current state is %s."
                            .formatted(uuid, wanted, lifecycle));
        }
    }
}
