package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Discussions and pull requests of all repositories, with what happened in them.
final class Discussions {
    static final int PAGE = 50;

    private final SqlDatabase data;
    private final Clock clock;

    Discussions(SqlDatabase data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    /// Which ones are listed: null for all.
    record Filter(@Nullable Boolean pullRequest, @Nullable Boolean closed, @Nullable Long author) {}

    /// @param total how many there are on all pages
    record Page(List<Discussion> discussions, long start, long total) {}

    /// The newest first.
    Page list(long repository, Filter filter, int page) {
        StringBuilder where = new StringBuilder(" FROM discussion WHERE repository = ?");
        List<Object> values = new ArrayList<>(List.of(repository));
        if (filter.pullRequest() != null) {
            where.append(" AND pull_request = ?");
            values.add(filter.pullRequest());
        }
        if (filter.closed() != null) {
            where.append(filter.closed() ? " AND" : " AND NOT")
                    .append(" status IN ('closed', 'merged')");
        }
        if (filter.author() != null) {
            where.append(" AND author = ?");
            values.add(filter.author());
        }
        long start = (long) page * PAGE;
        return data.read(sql -> {
            long total = sql.number("SELECT count(*)" + where, values.toArray());
            List<Object> paged = new ArrayList<>(values);
            paged.add(PAGE);
            paged.add(start);
            List<Discussion> found =
                    sql.list(
                            "SELECT "
                                    + Discussion.COLUMNS
                                    + where
                                    + " ORDER BY num DESC LIMIT ? OFFSET ?",
                            Discussion::of,
                            paged.toArray());
            return new Page(found, start, total);
        });
    }

    Optional<Discussion> find(long repository, long num) {
        return data.read(sql -> find(sql, repository, num));
    }

    private static Optional<Discussion> find(SqlConnection sql, long repository, long num) {
        return sql.first(
                "SELECT "
                        + Discussion.COLUMNS
                        + " FROM discussion WHERE repository = ? AND num = ?",
                Discussion::of,
                repository,
                num);
    }

    List<DiscussionEvent> events(Discussion discussion) {
        return data.read(sql ->
                sql.list(
                        "SELECT id, kind, author, data, created FROM discussion_event"
                                + " WHERE discussion = ? ORDER BY id",
                        DiscussionEvent::of,
                        discussion.id()));
    }

    /// Begins a discussion with a first comment.
    ///
    /// @param base the branch that a pull request is for; null for a discussion
    Discussion create(
            SqlConnection sql,
            long repository,
            Account author,
            String title,
            String description,
            @Nullable String base,
            String status) {
        // Two servers must not give one number twice.
        GitRefs.lock(sql, repository);
        long num =
                sql.number(
                        "SELECT coalesce(max(num), 0) + 1 FROM discussion WHERE repository = ?",
                        repository);
        sql.insert(
                "INSERT INTO discussion (repository, num, title, author, status, pull_request,"
                        + " base, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                repository,
                num,
                title,
                author.id(),
                status,
                base != null,
                base == null ? "" : base,
                clock.millis());
        Discussion made = find(sql, repository, num).orElseThrow();
        add(sql, made, DiscussionEvent.COMMENT, author, DiscussionEvent.comment(description));
        return made;
    }

    DiscussionEvent add(
            SqlConnection sql,
            Discussion discussion,
            String kind,
            Account author,
            Map<String, @Nullable Object> what) {
        long now = clock.millis();
        long id =
                sql.insert(
                        "INSERT INTO discussion_event (discussion, kind, author, data, created)"
                                + " VALUES (?, ?, ?, ?, ?)",
                        discussion.id(),
                        kind,
                        author.id(),
                        HttpJson.text(what),
                        now);
        return new DiscussionEvent(id, kind, author.id(), what, now);
    }

    DiscussionEvent comment(Discussion discussion, Account author, String text) {
        return data.write(sql ->
                add(
                        sql,
                        discussion,
                        DiscussionEvent.COMMENT,
                        author,
                        DiscussionEvent.comment(text)));
    }

    DiscussionEvent rename(Discussion discussion, Account author, String title) {
        return data.write(sql -> {
            sql.update("UPDATE discussion SET title = ? WHERE id = ?", title, discussion.id());
            return add(
                    sql,
                    discussion,
                    "title-change",
                    author,
                    HttpJson.object("from", discussion.title(), "to", title));
        });
    }

    DiscussionEvent changeStatus(
            SqlConnection sql, Discussion discussion, Account author, String status) {
        sql.update("UPDATE discussion SET status = ? WHERE id = ?", status, discussion.id());
        return add(sql, discussion, "status-change", author, HttpJson.object("status", status));
    }

    void merged(SqlConnection sql, Discussion discussion, Account by, String commit) {
        sql.update("UPDATE discussion SET merge_commit = ? WHERE id = ?", commit, discussion.id());
        changeStatus(sql, discussion, by, Discussion.MERGED);
    }

    Optional<DiscussionEvent> findComment(Discussion discussion, long id) {
        return events(discussion).stream()
                .filter(e -> e.id() == id && e.kind().equals(DiscussionEvent.COMMENT))
                .findFirst();
    }

    /// Replaces a comment's text, or hides it for good.
    ///
    /// @param text null to hide it
    DiscussionEvent change(DiscussionEvent comment, @Nullable String text) {
        Map<String, @Nullable Object> now = HttpJson.object();
        now.putAll(comment.data());
        long edits = now.get("edits") instanceof Long count ? count : 0;
        now.put("raw", text == null ? "" : text);
        now.put("edits", text == null ? edits : edits + 1);
        now.put("hidden", text == null);
        now.put("changed", Times.text(clock.millis()));
        data.write(sql ->
                sql.update(
                        "UPDATE discussion_event SET data = ? WHERE id = ?",
                        HttpJson.text(now),
                        comment.id()));
        return new DiscussionEvent(
                comment.id(), comment.kind(), comment.author(), now, comment.created());
    }
}
