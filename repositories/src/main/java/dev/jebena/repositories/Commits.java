package dev.jebena.repositories;

import dev.jebena.base.ContentId;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.jspecify.annotations.Nullable;

/// Makes commits. A commit is acknowledged when its objects and the branch that leads to it are
/// durable; when another one came first, the changes are made again on top of that.
final class Commits {
    private static final int TRIES = 100;

    /// Commits to a repository after which its packs are joined.
    private static final int EVERY = 64;

    private final GitStorage git;
    private final RepoCatalog catalog;
    private final LfsObjects large;
    private final Scans scans;
    private final Clock clock;
    private final Map<Long, Integer> made = new ConcurrentHashMap<>();
    private final ReentrantLock[] locks = new ReentrantLock[64];

    Commits(GitStorage git, RepoCatalog catalog, LfsObjects large, Scans scans, Clock clock) {
        this.git = git;
        this.catalog = catalog;
        this.large = large;
        this.scans = scans;
        this.clock = clock;
        for (int i = 0; i < locks.length; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    NewCommit begin(Repo repo) {
        return new NewCommit(repo, git.open(repo.id()), large, scans);
    }

    /// The commit that a new repository begins with.
    void first(Repo repo, Account author, @Nullable String sdk) throws IOException {
        try (NewCommit commit = begin(repo)) {
            FirstFiles.add(commit, repo.name(), sdk);
            onto(repo, Constants.R_HEADS + Repo.MAIN, null, commit, "initial commit", author);
        }
    }

    PersonIdent person(Account account) {
        Instant now = clock.instant();
        return new PersonIdent(account.name(), account.commitEmail(), now, ZoneOffset.UTC);
    }

    /// Puts the commit on top of a branch.
    ///
    /// @param branch full name of the ref
    /// @param parent the commit that the caller saw there; status 412 when it is not there any
    ///   more. Null to build on whatever is there
    ObjectId onto(
            Repo repo,
            String branch,
            @Nullable ObjectId parent,
            NewCommit changes,
            String message,
            Account author) {
        PersonIdent person = person(author);
        ReentrantLock lock = locks[(int) (repo.id() % locks.length)];
        // Within one server commits to a repository take turns; the loop is for other servers.
        lock.lock();
        try {
            for (int i = 0; i < TRIES; i++) {
                ObjectId head = head(repo, branch);
                if (parent != null && !parent.equals(head)) {
                    throw HubError.stale(
                            "A commit has happened since. Please refresh and try again."
                                    + " Expected parent "
                                    + parent.name()
                                    + ", the branch is at "
                                    + (head == null ? "no commit" : head.name()));
                }
                ObjectId commit = changes.write(head, message, person);
                if (publish(repo, branch, head, commit, changes.used(), _ -> {})) {
                    compactNowAndThen(repo.id());
                    return commit;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
        throw HubError.stale(
                "Too many commits happen to " + branch + " at once. Please try again.");
    }

    /// Each commit is a pack of its own.
    private void compactNowAndThen(long repository) {
        if (made.merge(repository, 1, Integer::sum) >= EVERY) {
            made.remove(repository);
            git.compact(repository);
        }
    }

    private @Nullable ObjectId head(Repo repo, String branch) throws IOException {
        try (GitRepository now = git.open(repo.id())) {
            Ref ref = now.getRefDatabase().exactRef(branch);
            return ref == null ? null : ref.getObjectId();
        }
    }

    /// Moves a branch from one commit to another; false when it is not at the first one any more.
    ///
    /// @param used large files that the commit names
    /// @param also is done in the same transaction
    boolean publish(
            Repo repo,
            String branch,
            @Nullable ObjectId before,
            ObjectId commit,
            Set<ContentId> used,
            Consumer<SqlConnection> also) {
        RepoSummary summary = isMain(branch) ? summary(repo, commit) : null;
        SqlDatabase data = git.data();
        return data.write(sql -> {
            if (!GitRefs.change(sql, repo.id(), branch, before, commit, null)) {
                return false;
            }
            LfsObjects.use(sql, repo.id(), used);
            if (summary != null) {
                catalog.changeHead(sql, repo.id(), commit.name(), summary);
            }
            also.accept(sql);
            return true;
        });
    }

    /// Writes a commit, durable on return; no branch leads to it yet.
    static ObjectId insert(GitRepository at, CommitBuilder commit) throws IOException {
        try (ObjectInserter inserter = at.newObjectInserter()) {
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id;
        }
    }

    static boolean isMain(String ref) {
        return ref.equals(Constants.R_HEADS + Repo.MAIN);
    }

    private RepoSummary summary(Repo repo, ObjectId commit) {
        try (Snapshot files = Snapshot.of(git.open(repo.id()), commit.name())) {
            return RepoSummary.of(repo.name().kind(), files);
        }
    }

    /// Finishes what a killed server had begun: repositories without their first commit, and
    /// branches whose files have not been looked at since they moved.
    void heal(Account author) throws IOException {
        for (Repo repo : catalog.unfinished()) {
            ObjectId head = head(repo, Constants.R_HEADS + Repo.MAIN);
            if (head == null) {
                first(repo, author, null);
            } else {
                refresh(repo, head);
            }
        }
    }

    /// `main` was moved by other means: what it says is read anew.
    void refresh(Repo repo, ObjectId head) {
        RepoSummary summary = summary(repo, head);
        git.data()
                .write(sql -> {
                    catalog.changeHead(sql, repo.id(), head.name(), summary);
                    return true;
                });
    }
}
