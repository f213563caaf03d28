package dev.jebena.accounts;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlDatabase;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who came in or was turned away, and who changed accounts. Nothing removes entries.
public final class AuditTrail {
    private static final int LONGEST = 500;

    private final SqlDatabase data;
    private final Clock clock;

    AuditTrail(SqlDatabase data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    /// Adds an entry.
    ///
    /// @param actor a user, or who wanted to be one
    /// @param address where the request came from
    /// @param action such as `login`, `user.create`
    /// @param subject what it was done to
    public void add(
            String actor,
            String address,
            String action,
            String subject,
            boolean allowed,
            String detail) {
        data.write(sql ->
                sql.update(
                        "INSERT INTO audit (time, actor, address, action, subject, allowed,"
                                + " detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
                        clock.millis(),
                        cut(actor),
                        cut(address),
                        action,
                        cut(subject),
                        allowed,
                        cut(detail)));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    /// The newest entries.
    ///
    /// @param actor whose; empty for all
    /// @param before only entries with smaller ids, for the next page; 0 for the first one
    public List<Map<String, @Nullable Object>> list(String actor, long before, int most) {
        return data.read(sql ->
                sql.list(
                        "SELECT id, time, actor, address, action, subject, allowed, detail"
                                + " FROM audit WHERE (? = '' OR actor = ?) AND (? = 0 OR id < ?)"
                                + " ORDER BY id DESC LIMIT ?",
                        row ->
                                HttpJson.object(
                                        "id", row.number(1),
                                        "time", row.number(2),
                                        "actor", row.text(3),
                                        "address", row.text(4),
                                        "action", row.text(5),
                                        "subject", row.text(6),
                                        "allowed", row.flag(7),
                                        "detail", row.text(8)),
                        actor,
                        actor,
                        before,
                        before,
                        most));
    }
}
