package dev.jebena.repositories;

import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.eclipse.jgit.revwalk.RevObject;

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
        Set<String> named = named(repository, before);
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
                if (!named.contains(oid)) {
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
    private Set<String> named(long repository, Map<String, String> refs) {
        Set<String> named = new HashSet<>();
        try (GitRepository at = git.open(repository);
                ObjectReader reader = at.newObjectReader();
                ObjectWalk walk = new ObjectWalk(reader)) {
            for (String target : refs.values()) {
                walk.markStart(walk.parseAny(ObjectId.fromString(target)));
            }
            while (walk.next() != null) {
                // Commits come first, then what they hold.
            }
            for (RevObject object = walk.nextObject(); object != null; object = walk.nextObject()) {
                if (object.getType() == Constants.OBJ_BLOB) {
                    pointer(reader, object).ifPresent(p -> named.add(p.oid().hex()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return named;
    }

    private static Optional<LfsPointer> pointer(ObjectReader reader, ObjectId blob)
            throws IOException {
        long size = reader.getObjectSize(blob, Constants.OBJ_BLOB);
        return size < LfsPointer.SHORTEST || size > LfsPointer.LONGEST
                ? Optional.empty()
                : LfsPointer.parse(
                        reader.open(blob, Constants.OBJ_BLOB).getCachedBytes(LfsPointer.LONGEST));
    }
}
