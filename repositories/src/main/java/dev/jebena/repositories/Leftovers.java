package dev.jebena.repositories;

import dev.jebena.base.ContentId;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import dev.jebena.hub.GitHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;

/// What deleted branches, forced pushes and squashed histories leave behind: commits that no ref
/// leads to, and large files that only those name. A day later the former go, and what is left of
/// the latter is treated like an upload that no commit named.
final class Leftovers {
    private final SqlDatabase data;
    private final GitStorage git;
    private final Clock clock;

    Leftovers(SqlDatabase data, GitStorage git, Clock clock) {
        this.data = data;
        this.git = git;
        this.clock = clock;
    }

    /// Looks at the repositories in which something was left.
    ///
    /// @param kept how long it stays
    void sweep(Duration kept) {
        long since = clock.millis() - kept.toMillis();
        List<Long> repositories =
                data.read(sql ->
                        sql.list(
                                "SELECT repository FROM git_left WHERE since <= ?",
                                row -> row.number(1),
                                since));
        for (long repository : repositories) {
            git.dropUnreachable(repository, kept);
            forgetLargeFiles(repository);
        }
    }

    private static Map<String, String> refs(SqlConnection sql, long repository) {
        Map<String, String> refs = new TreeMap<>();
        sql.each(
                "SELECT name, target FROM git_ref WHERE repository = ?",
                row -> refs.put(row.text(1), row.text(2)),
                repository);
        return refs;
    }

    /// Only when no ref has moved since the files were looked through: a commit that came meanwhile
    /// may name what nothing named before.
    private void forgetLargeFiles(long repository) {
        Map<String, String> before = data.read(sql -> refs(sql, repository));
        Set<ContentId> named = named(repository, before);
        data.write(sql -> {
            GitRefs.lock(sql, repository);
            if (!refs(sql, repository).equals(before)) {
                return false;
            }
            List<String> used =
                    sql.list(
                            "SELECT oid FROM lfs_object WHERE repository = ? AND used = 1",
                            row -> row.text(1),
                            repository);
            for (String oid : used) {
                if (!named.contains(new ContentId(oid))) {
                    sql.update(
                            "UPDATE lfs_object SET used = 0, created = ?"
                                    + " WHERE repository = ? AND oid = ?",
                            clock.millis(),
                            repository,
                            oid);
                }
            }
            sql.update("DELETE FROM git_left WHERE repository = ?", repository);
            return true;
        });
    }

    /// The large files that some commit names which a ref leads to.
    private Set<ContentId> named(long repository, Map<String, String> refs) {
        try (GitRepository at = git.open(repository)) {
            return GitHistory.largeFiles(
                            at, refs.values().stream().map(ObjectId::fromString).toList())
                    .keySet();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
