package dev.jebena.accounts;

import dev.jebena.base.SqlDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

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

    /// Ends one, by its digest.
    void end(String digest) {
        data.write(sql -> sql.update("DELETE FROM session WHERE digest = ?", digest));
    }

    /// Ends all of a user.
    void endAll(long account) {
        data.write(sql -> sql.update("DELETE FROM session WHERE account = ?", account));
    }
}
