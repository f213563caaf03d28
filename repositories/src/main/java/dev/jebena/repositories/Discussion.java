package dev.jebena.repositories;

import dev.jebena.base.SqlRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A discussion of a repository, or a pull request.
///
/// @param num counts within the repository, from 1
/// @param author an account's id
/// @param status `open`, `closed`, and of pull requests also `draft` and `merged`
/// @param base full name of the branch that a pull request is for; empty for discussions
/// @param mergeCommit the commit by which a pull request was merged
record Discussion(
        long id,
        long num,
        String title,
        long author,
        String status,
        boolean pullRequest,
        String base,
        @Nullable String mergeCommit,
        long created) {
    static final String OPEN = "open";
    static final String CLOSED = "closed";
    static final String DRAFT = "draft";
    static final String MERGED = "merged";

    static final String COLUMNS =
            "discussion.id, num, title, author, discussion.status, pull_request, base,"
                    + " merge_commit, discussion.created";

    static Discussion of(SqlRow row) {
        return new Discussion(
                row.number(1),
                row.number(2),
                row.text(3),
                row.number(4),
                row.text(5),
                row.flag(6),
                row.text(7),
                row.textOrNull(8),
                row.number(9));
    }

    /// Where the commits of a pull request are.
    String ref() {
        return RefRoutes.PULL_REQUESTS + num;
    }

    /// Whether commits may be added to a pull request, or it may be merged.
    boolean goesOn() {
        return pullRequest && List.of(OPEN, DRAFT).contains(status);
    }
}
