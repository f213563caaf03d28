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

/// API tokens, which programs send in place of a password. Of each only a hash is kept.
public final class Tokens {
    private static final String PREFIX = "jebena_";
    private static final int LONGEST_NAME = 200;
    private static final int MOST = 1000;

    /// How exactly the last use is known: not every request writes.
    private static final Duration USE = Duration.ofMinutes(10);

    private final SqlDatabase data;
    private final Clock clock;

    Tokens(SqlDatabase data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    /// Makes a token and returns its secret, which cannot be seen again.
    ///
    /// @param most what it may be used for at most
    /// @param life how long it holds; null for ever
    public String create(String username, String name, Level most, @Nullable Duration life) {
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            throw Problem.badRequest(
                    "A token needs a name of 1 to " + LONGEST_NAME + " characters");
        }
        if (life != null && (life.isNegative() || life.isZero())) {
            throw Problem.badRequest("A token must hold for some time, not " + life);
        }
        String secret = Secrets.create(PREFIX);
        long now = clock.millis();
        data.write(sql -> {
            long account = Users.get(sql, username).id();
            if (sql.number("SELECT count(*) FROM token WHERE account = ?", account) >= MOST) {
                throw Problem.badRequest("%s has %d tokens already".formatted(username, MOST));
            }
            return sql.update(
                    "INSERT INTO token (account, digest, name, level, created, expires, used)"
                            + " VALUES (?, ?, ?, ?, ?, ?, 0)",
                    account,
                    Secrets.digest(secret),
                    name,
                    most.name(),
                    now,
                    life == null ? Long.MAX_VALUE : now + life.toMillis());
        });
        return secret;
    }

    /// Who has this token.
    public Optional<Caller> caller(String secret) {
        record Found(Caller caller, long used) {}
        if (!secret.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String digest = Secrets.digest(secret);
        long now = clock.millis();
        Optional<Found> found =
                data.read(sql ->
                        sql.first(
                                "SELECT "
                                        + User.COLUMNS
                                        + ", token.level, token.used FROM token JOIN account"
                                        + " ON account.id = token.account WHERE digest = ?"
                                        + " AND expires > ? AND disabled = 0",
                                row ->
                                        new Found(
                                                new Caller(User.of(row), Level.of(row.text(6)), ""),
                                                row.number(7)),
                                digest,
                                now));
        if (found.isPresent() && now - found.get().used() > USE.toMillis()) {
            data.write(
                    sql -> sql.update("UPDATE token SET used = ? WHERE digest = ?", now, digest));
        }
        return found.map(Found::caller);
    }

    /// The tokens of a user, without their secrets.
    public List<Map<String, @Nullable Object>> list(long account) {
        return data.read(sql ->
                sql.list(
                        "SELECT id, name, level, created, expires, used FROM token"
                                + " WHERE account = ? ORDER BY id",
                        row ->
                                HttpJson.object(
                                        "id", row.number(1),
                                        "name", row.text(2),
                                        "level", row.text(3),
                                        "created", row.number(4),
                                        "expires",
                                                row.number(5) == Long.MAX_VALUE
                                                        ? null
                                                        : row.number(5),
                                        "used", row.number(6) == 0 ? null : row.number(6)),
                        account));
    }

    /// Ends a token. Throws NOT_FOUND where the user has no such one.
    public void delete(long account, long id) {
        int removed =
                data.write(sql ->
                        sql.update("DELETE FROM token WHERE id = ? AND account = ?", id, account));
        if (removed == 0) {
            throw Problem.notFound("There is no token " + id);
        }
    }
}
