package dev.jebena.repositories;

import dev.jebena.base.SqlRow;

/// A repository as the database knows it.
///
/// @param gated `false`, `auto` or `manual`: whether access must be asked for, and who grants it
/// @param head commit of `main`
/// @param summary what its files say about it, as JSON; see [RepoSummary]
/// @param blocksUnsafe whether files that a check found unsafe are not given out
record Repo(
        long id,
        RepoName name,
        boolean hidden,
        String gated,
        long created,
        long modified,
        String head,
        long downloads,
        long likes,
        String summary,
        boolean blocksUnsafe) {
    static final String MAIN = "main";
    static final String COLUMNS =
            "repository.id, kind, namespace, repository.name, private, gated, created, modified,"
                    + " head, downloads, likes, summary,"
                    + " blocks_unsafe";

    static Repo of(SqlRow row) {
        return new Repo(
                row.number(1),
                new RepoName(RepoKind.of(row.text(2)), row.text(3), row.text(4)),
                row.flag(5),
                row.text(6),
                row.number(7),
                row.number(8),
                row.text(9),
                row.number(10),
                row.number(11),
                row.text(12),
                row.flag(13));
    }

    boolean isGated() {
        return !gated.equals("false");
    }

    /// The id that stays when the name changes: 24 hexadecimal digits.
    String stableId() {
        return "%024x".formatted(id);
    }
}
