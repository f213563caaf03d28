package dev.jebena.repositories;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import dev.jebena.base.SqlDatabase;
import dev.jebena.hub.GitHistory;
import dev.jebena.hub.HubClient;
import dev.jebena.hub.HubSettings;
import dev.jebena.hub.RemoteRepo;
import dev.jebena.hub.RepoId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;

/// Another hub, from which repositories are fetched when somebody asks for them here: their history
/// at once, a large file when it is read first. What has been fetched stays, also while the other
/// hub is away. Mirrored repositories are changed there, not here.
final class Mirror {
    /// A repository is asked for anew when so much time has passed.
    private static final Duration FRESH = Duration.ofMinutes(1);

    /// Nobody fetches a first time for so long.
    private static final Duration ABANDONED = Duration.ofMinutes(10);

    private final HubClient upstream;
    private final GitStorage git;
    private final RepoCatalog catalog;
    private final Commits commits;
    private final SqlDatabase data;
    private final Path work;
    private final Clock clock;
    private final Map<String, Object> locks = new ConcurrentHashMap<>();
    private final Map<String, Long> missing = new ConcurrentHashMap<>();
    private final Map<ContentId, ArrivingFile> arriving = new ConcurrentHashMap<>();

    Mirror(
            HubSettings upstream,
            GitStorage git,
            RepoCatalog catalog,
            Commits commits,
            Path work,
            Clock clock) {
        this.upstream = HubClient.of(upstream);
        this.git = git;
        this.catalog = catalog;
        this.commits = commits;
        this.data = git.data();
        this.work = work;
        this.clock = clock;
        try {
            ArrivingFile.clean(work);
            removeUnfinished();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return upstream.settings().endpoint();
    }

    /// Fetches a repository that is not here. Empty when the other hub has none of this name.
    /// Throws a Problem when it does not answer.
    Optional<Repo> obtain(RepoName name) {
        Long asked = missing.get(name.path());
        if (asked != null && clock.millis() - asked < FRESH.toMillis()) {
            return Optional.empty();
        }
        synchronized (lock(name)) {
            Optional<Repo> there = catalog.find(name);
            return there.isPresent() ? there : fetchNew(name);
        }
    }

    private Object lock(RepoName name) {
        return locks.computeIfAbsent(name.path(), _ -> new Object());
    }

    private Optional<Repo> fetchNew(RepoName name) {
        RemoteRepo found;
        try {
            found = upstream.repo(id(name), Repo.MAIN);
        } catch (Problem e) {
            boolean none =
                    e.code() == Problem.Code.NOT_FOUND
                            || e.code() == Problem.Code.UNAUTHORIZED
                            || e.code() == Problem.Code.FORBIDDEN;
            if (!none) {
                throw e;
            }
            missing.put(name.path(), clock.millis());
            return Optional.empty();
        }
        Repo repo = catalog.create(name, found.isPrivate() || found.isGated());
        note(repo, 0);
        boolean done = false;
        try {
            fetch(repo);
            done = true;
        } finally {
            if (!done) {
                catalog.delete(repo);
            }
        }
        return catalog.find(name);
    }

    private static RepoId id(RepoName name) {
        return new RepoId(RepoId.Kind.valueOf(name.kind().name()), name.id());
    }

    private void fetch(Repo repo) {
        try (GitRepository at = git.open(repo.id())) {
            GitHistory.fetch(upstream.settings(), id(repo.name()), at, ProgressListener.none());
        }
        try (GitRepository at = git.open(repo.id())) {
            Map<ContentId, Long> large = GitHistory.largeFiles(at);
            data.write(sql -> {
                for (Map.Entry<ContentId, Long> one : large.entrySet()) {
                    sql.update(
                            "INSERT INTO mirror_object (repository, oid, size) VALUES (?, ?, ?)"
                                    + " ON CONFLICT (repository, oid) DO NOTHING",
                            repo.id(),
                            one.getKey().hex(),
                            one.getValue());
                }
                return true;
            });
            Ref main = at.getRefDatabase().exactRef(Constants.R_HEADS + Repo.MAIN);
            ObjectId head = main == null ? null : main.getObjectId();
            if (head != null && !head.name().equals(repo.head())) {
                commits.refresh(repo, head);
            }
            note(repo, clock.millis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param fetched when; 0 while it is fetched for the first time
    private void note(Repo repo, long fetched) {
        data.write(sql ->
                sql.update(
                        "INSERT INTO mirror (repository, address, fetched) VALUES (?, ?, ?)"
                                + " ON CONFLICT (repository)"
                                + " DO UPDATE SET fetched = excluded.fetched",
                        repo.id(),
                        address(),
                        fetched));
    }

    /// Removes what a killed server had begun to fetch.
    private void removeUnfinished() {
        long settled = clock.millis() - ABANDONED.toMillis();
        data.read(sql ->
                        sql.list(
                                "SELECT repository FROM mirror WHERE fetched = 0",
                                row -> row.number(1)))
                .forEach(id ->
                        catalog.byId(id)
                                .filter(repo -> repo.modified() < settled)
                                .ifPresent(catalog::delete));
    }

    /// The repository as the other hub has it now, if it is a mirrored one; as it was when that hub
    /// does not answer.
    Repo fresh(Repo repo) {
        if (repo.head().isEmpty()) {
            synchronized (lock(repo.name())) { // it is being fetched
                return catalog.byId(repo.id()).orElse(repo);
            }
        }
        if (!isStale(repo)) {
            return repo;
        }
        synchronized (lock(repo.name())) {
            if (isStale(repo)) {
                try {
                    fetch(repo);
                } catch (Problem _) {
                    // What is here goes on being served; the other hub is asked later again.
                    note(repo, clock.millis());
                }
            }
        }
        return catalog.byId(repo.id()).orElse(repo);
    }

    private boolean isStale(Repo repo) {
        return data.read(sql ->
                        sql.first(
                                "SELECT fetched FROM mirror WHERE repository = ?",
                                row -> row.number(1),
                                repo.id()))
                .filter(fetched -> clock.millis() - fetched >= FRESH.toMillis())
                .isPresent();
    }

    /// Whether the repository is changed elsewhere.
    boolean holds(Repo repo) {
        return data.read(sql ->
                sql.first(
                                "SELECT address FROM mirror WHERE repository = ?",
                                row -> row.text(1),
                                repo.id())
                        .isPresent());
    }

    /// The size of a large file that the other hub has for a mirrored repository.
    Optional<Long> size(long repository, ContentId oid) {
        return data.read(sql ->
                sql.first(
                        "SELECT size FROM mirror_object WHERE repository = ? AND oid = ?",
                        row -> row.number(1),
                        repository,
                        oid.hex()));
    }

    /// Reads a large file of a mirrored repository while it is fetched.
    ///
    /// @param store puts it where it stays
    SeekableByteChannel open(long repository, ContentId oid, long size, ArrivingFile.Store store) {
        Repo repo = catalog.byId(repository).orElseThrow(() -> HubError.missing("It is gone"));
        synchronized (arriving) {
            try {
                ArrivingFile known = arriving.get(oid);
                ArrivingFile file = known != null ? known : new ArrivingFile(work, size);
                SeekableByteChannel reader = file.open();
                if (known == null) {
                    arriving.put(oid, file);
                    Thread.ofVirtual().start(() -> fetch(repo, oid, size, file, store));
                }
                return reader;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void fetch(
            Repo repo, ContentId oid, long size, ArrivingFile file, ArrivingFile.Store store) {
        file.fetch(out -> upstream.copyLarge(id(repo.name()), oid, size, out), store);
        synchronized (arriving) {
            arriving.remove(oid);
        }
    }
}
