package dev.jebena.repositories;

import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import dev.jebena.base.SqlDialect;
import java.util.Optional;
import org.eclipse.jgit.internal.storage.dfs.DfsRefDatabase;
import org.eclipse.jgit.internal.storage.dfs.DfsRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.ReflogReader;
import org.eclipse.jgit.lib.SymbolicRef;
import org.eclipse.jgit.util.RefList;
import org.jspecify.annotations.Nullable;

/// Branches and tags of one git repository, in the database: a change is compared and made in one
/// transaction, so of two servers one wins. `HEAD` is always `main`.
final class GitRefs extends DfsRefDatabase {
    private final SqlDatabase data;
    private final long repository;

    GitRefs(DfsRepository git, SqlDatabase data, long repository) {
        super(git);
        this.data = data;
        this.repository = repository;
    }

    @Override
    protected RefCache scanAllRefs() {
        return data.read(sql -> {
            RefList.Builder<Ref> all = new RefList.Builder<>();
            RefList.Builder<Ref> symbolic = new RefList.Builder<>();
            Ref[] main = {
                new ObjectIdRef.Unpeeled(Ref.Storage.NEW, Constants.R_HEADS + Repo.MAIN, null)
            };
            sql.each(
                    "SELECT name, target, peeled FROM git_ref WHERE repository = ? ORDER BY name",
                    row -> {
                        Ref ref = ref(row.text(1), row.text(2), row.textOrNull(3));
                        all.add(ref);
                        if (ref.getName().equals(main[0].getName())) {
                            main[0] = ref;
                        }
                    },
                    repository);
            Ref head = new SymbolicRef(Constants.HEAD, main[0]);
            all.add(head);
            symbolic.add(head);
            all.sort();
            return new RefCache(all.toRefList(), symbolic.toRefList());
        });
    }

    private static Ref ref(String name, String target, @Nullable String peeled) {
        ObjectId id = ObjectId.fromString(target);
        if (peeled != null) {
            return new ObjectIdRef.PeeledTag(
                    Ref.Storage.PACKED, name, id, ObjectId.fromString(peeled));
        }
        return name.startsWith(Constants.R_TAGS)
                ? new ObjectIdRef.Unpeeled(Ref.Storage.PACKED, name, id)
                : new ObjectIdRef.PeeledNonTag(Ref.Storage.PACKED, name, id);
    }

    @Override
    protected boolean compareAndPut(Ref before, Ref after) {
        ObjectId target = after.getObjectId();
        if (after.isSymbolic() || target == null) {
            return false;
        }
        ObjectId peeled = after.getPeeledObjectId();
        return data.write(sql -> {
            if (before.getObjectId() != null) {
                // By a push, perhaps a forced one.
                leave(sql, repository);
            }
            return change(sql, repository, after.getName(), before.getObjectId(), target, peeled);
        });
    }

    /// Moves a ref from one commit to another; false when it is not at the first one any more.
    ///
    /// @param before null for a ref that is to be made
    static boolean change(
            SqlConnection sql,
            long repository,
            String name,
            @Nullable ObjectId before,
            ObjectId after,
            @Nullable ObjectId peeled) {
        if (!current(sql, repository, name).equals(Optional.ofNullable(before))) {
            return false;
        }
        sql.update(
                "INSERT INTO git_ref (repository, name, target, peeled) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (repository, name) DO UPDATE SET target = excluded.target,"
                        + " peeled = excluded.peeled",
                repository,
                name,
                after.name(),
                peeled == null ? null : peeled.name());
        return true;
    }

    /// Other servers wait with their changes to the repository until this transaction ends.
    static void lock(SqlConnection sql, long repository) {
        if (sql.dialect() == SqlDialect.POSTGRES) {
            sql.number("SELECT id FROM repository WHERE id = ? FOR UPDATE", repository);
        }
    }

    /// What the ref points to; other servers wait with their changes until this transaction ends.
    private static Optional<ObjectId> current(SqlConnection sql, long repository, String name) {
        lock(sql, repository);
        return sql.first(
                "SELECT target FROM git_ref WHERE repository = ? AND name = ?",
                row -> ObjectId.fromString(row.text(1)),
                repository,
                name);
    }

    @Override
    public ReflogReader getReflogReader(Ref ref) {
        throw new UnsupportedOperationException("no log of changes to refs is kept");
    }

    @Override
    protected boolean compareAndRemove(Ref before) {
        return data.write(sql -> remove(sql, repository, before.getName(), before.getObjectId()));
    }

    static boolean remove(
            SqlConnection sql, long repository, String name, @Nullable ObjectId before) {
        if (!current(sql, repository, name).equals(Optional.ofNullable(before))) {
            return false;
        }
        leave(sql, repository);
        return sql.update("DELETE FROM git_ref WHERE repository = ? AND name = ?", repository, name)
                > 0;
    }

    /// Commits may have been left behind that no ref leads to any more: see [Leftovers].
    static void leave(SqlConnection sql, long repository) {
        sql.update(
                "INSERT INTO git_left (repository, since) VALUES (?, ?)"
                        + " ON CONFLICT (repository) DO NOTHING",
                repository,
                System.currentTimeMillis());
    }
}
