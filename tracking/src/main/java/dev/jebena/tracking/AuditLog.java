package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who changed what in the registry, and what a gate refused. Nothing removes entries.
record AuditLog(SqlDatabase data, Clock clock) {
    static final String REVIEW = "review";

    /// @param actor account or address
    /// @param subject a model, or `MODEL/VERSION`
    /// @param allowed false for what was refused, and for a review that disapproves
    record Entry(String actor, String action, String subject, boolean allowed, String detail) {}

    void write(SqlConnection sql, Entry entry) {
        sql.update(
                "INSERT INTO audit (time, actor, action, subject, allowed, detail)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                clock.millis(),
                entry.actor(),
                entry.action(),
                entry.subject(),
                entry.allowed(),
                entry.detail());
    }

    /// The newest entries.
    ///
    /// @param model whose; empty for all
    List<Map<String, @Nullable Object>> list(String model, long most) {
        return data.read(sql ->
                sql.list(
                        "SELECT time, actor, action, subject, allowed, detail FROM audit"
                                + " WHERE ? = '' OR subject = ? OR (subject >= ? AND subject < ?)"
                                + " ORDER BY id DESC LIMIT ?",
                        row ->
                                HttpJson.object(
                                        "time", row.number(1),
                                        "actor", row.text(2),
                                        "action", row.text(3),
                                        "subject", row.text(4),
                                        "allowed", row.flag(5),
                                        "detail", row.text(6)),
                        model,
                        model,
                        model + "/",
                        model + "0",
                        most));
    }
}
