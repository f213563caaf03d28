package dev.jebena.repositories;

import dev.jebena.base.SqlDatabase;
import java.time.Clock;
import java.util.List;

/// Who has asked to read a gated repository, and the answers.
final class AccessRequests {
    static final String PENDING = "pending";
    static final String ACCEPTED = "accepted";
    static final String REJECTED = "rejected";

    private final SqlDatabase data;
    private final Clock clock;

    AccessRequests(SqlDatabase data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    record Request(long id, long account, String status, long created) {}

    boolean isAccepted(long repository, long account) {
        return data.read(sql ->
                sql.number(
                        "SELECT count(*) FROM access_request WHERE repository = ?"
                                + " AND account = ? AND status = 'accepted'",
                        repository,
                        account))
                > 0;
    }

    /// The account asks; one who was refused stays so.
    void ask(Repo repo, long account) {
        String status = repo.gated().equals("auto") ? ACCEPTED : PENDING;
        data.write(sql ->
                sql.update(
                        "INSERT INTO access_request (repository, account, status, created)"
                                + " VALUES (?, ?, ?, ?) ON CONFLICT (repository, account)"
                                + " DO NOTHING",
                        repo.id(),
                        account,
                        status,
                        clock.millis()));
    }

    List<Request> list(long repository, String status) {
        return data.read(sql ->
                sql.list(
                        "SELECT id, account, status, created FROM access_request"
                                + " WHERE repository = ? AND status = ? ORDER BY id",
                        row ->
                                new Request(
                                        row.number(1), row.number(2), row.text(3), row.number(4)),
                        repository,
                        status));
    }

    /// Answers a request; false when the account has not asked.
    boolean handle(long repository, long account, String status) {
        return data.write(sql ->
                sql.update(
                        "UPDATE access_request SET status = ?"
                                + " WHERE repository = ? AND account = ?",
                        status,
                        repository,
                        account))
                > 0;
    }

    /// Accepts an account that need not have asked.
    void grant(long repository, long account) {
        data.write(sql ->
                sql.update(
                        "INSERT INTO access_request (repository, account, status, created)"
                                + " VALUES (?, ?, 'accepted', ?) ON CONFLICT (repository, account)"
                                + " DO UPDATE SET status = excluded.status",
                        repository,
                        account,
                        clock.millis()));
    }
}
