package dev.jebena.repositories;

import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// Which repositories there are, under which names.
final class RepoCatalog {
    private static final List<String> OWNED =
            List.of(
                    "repository_alias",
                    "repository_tag",
                    "access_request",
                    "git_ref",
                    "git_left",
                    "lfs_object",
                    "lfs_part",
                    "file_scan",
                    "mirror",
                    "mirror_object",
                    "xorb");

    private final SqlDatabase data;
    private final Clock clock;

    RepoCatalog(SqlDatabase data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    Optional<Repo> find(RepoName name) {
        return data.read(sql -> find(sql, name));
    }

    private static Optional<Repo> find(SqlConnection sql, RepoName name) {
        return sql.first(
                "SELECT " + Repo.COLUMNS + " FROM repository WHERE kind = ? AND folded = ?",
                Repo::of,
                name.kind().word(),
                name.folded());
    }

    /// The repository that had this name before it was moved.
    Optional<Repo> findMoved(RepoName name) {
        return data.read(sql ->
                sql.first(
                        "SELECT "
                                + Repo.COLUMNS
                                + " FROM repository WHERE id = (SELECT repository FROM"
                                + " repository_alias WHERE kind = ? AND folded = ?)",
                        Repo::of,
                        name.kind().word(),
                        name.folded()));
    }

    Optional<Repo> byId(long id) {
        return data.read(sql ->
                sql.first(
                        "SELECT " + Repo.COLUMNS + " FROM repository WHERE id = ?", Repo::of, id));
    }

    /// Makes an empty repository. Throws status 409 when the name is taken.
    Repo create(RepoName name, boolean hidden) {
        return data.write(sql -> {
            if (find(sql, name).isPresent()) {
                throw HubError.conflict(
                        "You already created this " + name.kind().word() + " repo: " + name.id());
            }
            forgetAlias(sql, name);
            long now = clock.millis();
            sql.update(
                    "INSERT INTO repository (kind, namespace, name, folded, private, gated,"
                            + " created, modified, head, downloads, likes, summary)"
                            + " VALUES (?, ?, ?, ?, ?, 'false', ?, ?, '', 0, 0, '{}')",
                    name.kind().word(),
                    name.namespace(),
                    name.name(),
                    name.folded(),
                    hidden,
                    now,
                    now);
            return find(sql, name).orElseThrow();
        });
    }

    private static void forgetAlias(SqlConnection sql, RepoName name) {
        sql.update(
                "DELETE FROM repository_alias WHERE kind = ? AND folded = ?",
                name.kind().word(),
                name.folded());
    }

    /// Repositories whose row does not know the commit of `main`, and that nobody is making now.
    List<Repo> unfinished() {
        long settled = clock.millis() - 60_000;
        return data.read(sql ->
                sql.list(
                        "SELECT "
                                + Repo.COLUMNS
                                + " FROM repository WHERE modified < ? AND head <> coalesce((SELECT"
                                + " target FROM git_ref WHERE git_ref.repository = repository.id"
                                + " AND git_ref.name = 'refs/heads/main'), 'none')"
                                + " AND id NOT IN (SELECT repository FROM mirror)",
                        Repo::of,
                        settled));
    }

    /// Gives a repository another name; the old one leads to it until somebody else takes it.
    void move(Repo repo, RepoName to) {
        data.write(sql -> {
            Optional<Repo> there = find(sql, to);
            if (there.isPresent() && there.get().id() != repo.id()) {
                throw HubError.conflict("The name " + to.id() + " is taken");
            }
            forgetAlias(sql, to);
            if (!to.folded().equals(repo.name().folded())) {
                sql.update(
                        "INSERT INTO repository_alias (kind, folded, repository) VALUES (?, ?, ?)"
                                + " ON CONFLICT (kind, folded)"
                                + " DO UPDATE SET repository = excluded.repository",
                        repo.name().kind().word(),
                        repo.name().folded(),
                        repo.id());
            }
            return sql.update(
                    "UPDATE repository SET namespace = ?, name = ?, folded = ? WHERE id = ?",
                    to.namespace(),
                    to.name(),
                    to.folded(),
                    repo.id());
        });
    }

    void changePrivate(Repo repo, boolean hidden) {
        data.write(sql ->
                sql.update("UPDATE repository SET private = ? WHERE id = ?", hidden, repo.id()));
    }

    void changeGated(Repo repo, String gated) {
        data.write(sql ->
                sql.update("UPDATE repository SET gated = ? WHERE id = ?", gated, repo.id()));
    }

    void changeBlocksUnsafe(Repo repo, boolean blocks) {
        data.write(sql ->
                sql.update(
                        "UPDATE repository SET blocks_unsafe = ? WHERE id = ?", blocks, repo.id()));
    }

    /// Removes a repository with all that belongs to it; bytes go with the next collection.
    void delete(Repo repo) {
        data.write(sql -> {
            for (String table : OWNED) {
                sql.update("DELETE FROM " + table + " WHERE repository = ?", repo.id());
            }
            sql.update(
                    "DELETE FROM git_pack_file WHERE pack IN"
                            + " (SELECT id FROM git_pack WHERE repository = ?)",
                    repo.id());
            sql.update("DELETE FROM git_pack WHERE repository = ?", repo.id());
            sql.update(
                    "DELETE FROM discussion_event WHERE discussion IN"
                            + " (SELECT id FROM discussion WHERE repository = ?)",
                    repo.id());
            sql.update("DELETE FROM discussion WHERE repository = ?", repo.id());
            return sql.update("DELETE FROM repository WHERE id = ?", repo.id());
        });
    }

    /// What became of `main`: its commit and what the files there say.
    void changeHead(SqlConnection sql, long repository, String head, RepoSummary summary) {
        sql.update(
                "UPDATE repository SET head = ?, modified = ?, summary = ? WHERE id = ?",
                head,
                clock.millis(),
                summary.text(),
                repository);
        sql.update("DELETE FROM repository_tag WHERE repository = ?", repository);
        for (String tag : summary.tags()) {
            sql.update(
                    "INSERT INTO repository_tag (repository, tag) VALUES (?, ?)"
                            + " ON CONFLICT (repository, tag) DO NOTHING",
                    repository,
                    tag);
        }
    }

    void countDownload(long repository, long times) {
        data.write(sql ->
                sql.update(
                        "UPDATE repository SET downloads = downloads + ? WHERE id = ?",
                        times,
                        repository));
    }
}
