package dev.jebena.accounts;

import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import dev.jebena.base.SqlDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Logins of browsers. The cookie's secret is kept as a hash only.
public final class Sessions {
    private final SqlDatabase data;
    private final Clock clock;
    private final Duration time;

    Sessions(SqlDatabase data, Clock clock, Duration time) {
        this.data = data;
        this.clock = clock;
        this.time = time;
    }

    Duration time() {
        return time;
    }

    /// Begins a session and returns its secret.
    String begin(User user, String address) {
        String secret = Secrets.create("");
        long now = clock.millis();
        data.write(sql -> {
            sql.update("DELETE FROM session WHERE expires <= ?", now);
            return sql.update(
                    "INSERT INTO session (digest, account, created, expires, address)"
                            + " VALUES (?, ?, ?, ?, ?)",
                    Secrets.digest(secret),
                    user.id(),
                    now,
                    now + time.toMillis(),
                    address);
        });
        return secret;
    }

    Optional<Caller> caller(String secret) {
        String digest = Secrets.digest(secret);
        return data.read(sql ->
                sql.first(
                        "SELECT "
                                + User.COLUMNS
                                + " FROM session JOIN account ON account.id = session.account"
                                + " WHERE digest = ? AND expires > ? AND disabled = 0",
                        row -> new Caller(User.of(row), Level.MANAGE, digest),
                        digest,
                        clock.millis()));
    }

    /// The sessions of a user that still hold, the newest first. The id is a part of the digest:
    /// with it a session can be ended, but not used.
    ///
    /// @param current the digest of the one that asks; empty for none
    List<Map<String, @Nullable Object>> list(long account, String current) {
        return data.read(sql ->
                sql.list(
                        "SELECT substr(digest, 1, 16), created, expires, address,"
                                + " CASE WHEN digest = ? THEN 1 ELSE 0 END FROM session WHERE account = ? AND expires > ?"
                                + " ORDER BY created DESC, digest",
                        row ->
                                HttpJson.object(
                                        "id", row.text(1),
                                        "created", row.number(2),
                                        "expires", row.number(3),
                                        "address", row.text(4),
                                        "current", row.flag(5)),
                        current,
                        account,
                        clock.millis()));
    }

    /// Ends one of a user. Throws NOT_FOUND where there is no such one.
    void end(long account, String id) {
        int removed =
                data.write(sql ->
                        sql.update(
                                "DELETE FROM session WHERE account = ? AND substr(digest, 1, 16) = ?",
                                account,
                                id));
        if (removed == 0) {
            throw Problem.notFound("There is no session " + id);
        }
    }

    /// Ends one, by its digest.
    void end(String digest) {
        data.write(sql -> sql.update("DELETE FROM session WHERE digest = ?", digest));
    }

    /// Ends all of a user.
    void endAll(long account) {
        data.write(sql -> sql.update("DELETE FROM session WHERE account = ?", account));
    }
}
