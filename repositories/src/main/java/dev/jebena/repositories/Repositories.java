package dev.jebena.repositories;

import dev.jebena.base.BlobStore;
import dev.jebena.base.Blobs;
import dev.jebena.base.ContentId;
import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import dev.jebena.base.SqlDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The repositories, accounts and files of one hub. What a method wrote is durable when it returns.
/// Safe for use by many threads; several servers may share one PostgreSQL database.
///
/// ```java
/// try (Repositories repositories = Repositories.open(RepositoryOptions.in(folder))) {
///     repositories.accounts().createUser("ada", false);
///     RepositoryRoutes.mount(router, repositories);
/// }
/// ```
public final class Repositories implements AutoCloseable {
    private static final Duration KEPT_UNUSED = Duration.ofDays(7);

    /// Clients remember for three weeks which chunks they have uploaded.
    private static final Duration KEPT_XORBS = Duration.ofDays(28);

    private static final Duration KEPT_UNREACHABLE = Duration.ofDays(1);

    /// Readers of a pack that was replaced have this long to finish.
    private static final Duration KEPT_REPLACED = Duration.ofHours(1);

    private final RepositoryOptions options;
    private final SqlDatabase data;
    private final Blobs blobs;
    private final Clock clock = Clock.systemUTC();
    private final Accounts accounts;
    private final RepoCatalog catalog;
    private final GitStorage git;
    private final ChunkStore chunks;
    private final LfsObjects large;
    private final Scans scans;
    private final Commits commits;
    private final Discussions discussions;
    private final PullRequests pullRequests;
    private final Signatures signatures;
    private final AccessRequests requests;
    private final Downloads downloads;
    private final OciStore registry;
    private final @Nullable Mirror mirror;
    private final Housekeeping housekeeping;
    private volatile UserDirectory directory = (_, _) -> Optional.empty();

    private Repositories(RepositoryOptions options, SqlDatabase data) {
        this.options = options;
        this.data = data;
        Path folder = options.folder();
        Blobs given = options.blobs();
        blobs = given == null ? BlobStore.open(folder.resolve("blobs")) : given;
        accounts = new Accounts(data, clock);
        catalog = new RepoCatalog(data, clock);
        git = new GitStorage(data, blobs, folder.resolve("work"));
        chunks = new ChunkStore(data, blobs, clock);
        large = new LfsObjects(data, blobs, chunks, clock);
        scans = new Scans(data, options.checks(), clock);
        commits = new Commits(git, catalog, large, scans, clock);
        discussions = new Discussions(data, clock);
        pullRequests = new PullRequests(git, commits, discussions);
        signatures = new Signatures(data, clock);
        requests = new AccessRequests(data, clock);
        downloads = new Downloads(catalog);
        registry = new OciStore(data, blobs, clock);
        makeOwner();
        StoreMark.check(data, blobs);
        mirror =
                options.upstream() == null
                        ? null
                        : new Mirror(
                                options.upstream(),
                                git,
                                catalog,
                                commits,
                                folder.resolve("arriving"),
                                clock);
        large.mirroredBy(mirror);
        housekeeping = new Housekeeping(this);
    }

    /// Lets in users whose accounts are kept elsewhere, beside those with a token of the hub.
    public void letIn(UserDirectory users) {
        directory = users;
    }

    UserDirectory directory() {
        return directory;
    }

    public static Repositories open(RepositoryOptions options) {
        String address = options.database();
        SqlDatabase data =
                address == null
                        ? SqlDatabase.open(options.folder().resolve("repositories.db"), schema())
                        : SqlDatabase.open(address, schema());
        try {
            return new Repositories(options, data);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    private static List<String> schema() {
        return List.of(
                step("schema-1.sql"),
                step("schema-2.sql"),
                step("schema-3.sql"),
                step("schema-4.sql"),
                step("schema-5.sql"),
                step("schema-6.sql"),
                step("schema-7.sql"));
    }

    private static String step(String name) {
        try (InputStream in =
                Objects.requireNonNull(Repositories.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void makeOwner() {
        if (accounts.find(options.owner()).isEmpty()) {
            accounts.createUser(options.owner(), true);
        }
        String given = options.ownerToken();
        if (given != null) {
            accounts.addToken(options.owner(), "owner", TokenRole.ADMIN, given);
        } else if (!Files.exists(tokenFile(options.folder()))) {
            writeToken(accounts.createToken(options.owner(), "owner", TokenRole.ADMIN));
        }
    }

    /// Where the owner's token is kept for the programs of this machine's user.
    public static Path tokenFile(Path folder) {
        return folder.resolve("token");
    }

    private void writeToken(String secret) {
        Path file = tokenFile(options.folder());
        try {
            DurableFiles.write(file, secret + "\n");
            if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        } catch (IOException e) {
            throw Problem.unwritable("cannot write " + file, e);
        }
    }

    /// Removes what nobody needs any more: bytes of deleted repositories, uploads that no commit
    /// named for a week. Empty while somebody writes.
    public Optional<Blobs.Collected> collect() {
        return collect(clock.millis());
    }

    Optional<Blobs.Collected> collect(long now) {
        long unused = now - KEPT_UNUSED.toMillis();
        long bundled = now - KEPT_XORBS.toMillis();
        long replaced = now - KEPT_REPLACED.toMillis();
        data.write(sql -> {
            sql.update("DELETE FROM lfs_object WHERE used = 0 AND created < ?", unused);
            sql.update("DELETE FROM lfs_part WHERE created < ?", unused);
            sql.update(
                    "DELETE FROM oci_chunk WHERE upload IN"
                            + " (SELECT id FROM oci_upload WHERE created < ?)",
                    unused);
            sql.update("DELETE FROM oci_upload WHERE created < ?", unused);
            ChunkStore.forget(sql, bundled);
            sql.update(
                    "DELETE FROM git_pack_file WHERE pack IN"
                            + " (SELECT id FROM git_pack WHERE replaced < ?)",
                    replaced);
            return sql.update("DELETE FROM git_pack WHERE replaced < ?", replaced);
        });
        return blobs.collect(this::referenced);
    }

    /// Drops what no ref has led to for a day.
    void sweep() {
        sweep(KEPT_UNREACHABLE);
    }

    void sweep(Duration kept) {
        new Leftovers(data, git, clock).sweep(kept);
    }

    /// Makes chunks of large files that came in one piece.
    void repack(BooleanSupplier stopping) {
        Repacking.all(this, options.folder().resolve("work"), stopping);
    }

    /// Finishes what a killed server had begun.
    void heal() {
        try {
            commits.heal(accounts.get(options.owner()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Set<ContentId> referenced() {
        return data.read(sql -> {
            Set<ContentId> found = new HashSet<>();
            for (String column :
                    List.of(
                            "oid FROM lfs_object WHERE oid NOT IN (SELECT oid FROM chunked_file)",
                            "blob FROM lfs_part",
                            "blob FROM xorb",
                            "blob FROM chunk_bundle",
                            "digest FROM oci_blob",
                            "blob FROM oci_chunk",
                            "blob FROM git_pack_file WHERE blob IS NOT NULL")) {
                sql.each("SELECT " + column, row -> found.add(new ContentId(row.text(1))));
            }
            return found;
        });
    }

    RepositoryOptions options() {
        return options;
    }

    public Accounts accounts() {
        return accounts;
    }

    SqlDatabase data() {
        return data;
    }

    Blobs blobs() {
        return blobs;
    }

    RepoCatalog catalog() {
        return catalog;
    }

    GitStorage git() {
        return git;
    }

    ChunkStore chunks() {
        return chunks;
    }

    /// Throws for a repository that is changed on another hub.
    void checkOwn(Repo repo) {
        Mirror hub = mirror;
        if (hub != null && hub.holds(repo)) {
            throw HubError.forbidden(
                    "%s is mirrored from %s and is changed there"
                            .formatted(repo.name().id(), hub.address()));
        }
    }

    /// The hub that repositories are fetched from; null for none.
    @Nullable Mirror mirror() {
        return mirror;
    }

    LfsObjects large() {
        return large;
    }

    Scans scans() {
        return scans;
    }

    Commits commits() {
        return commits;
    }

    Discussions discussions() {
        return discussions;
    }

    PullRequests pullRequests() {
        return pullRequests;
    }

    Signatures signatures() {
        return signatures;
    }

    AccessRequests requests() {
        return requests;
    }

    OciStore registry() {
        return registry;
    }

    Downloads downloads() {
        return downloads;
    }

    Clock clock() {
        return clock;
    }

    /// The files of a repository at a revision.
    Snapshot snapshot(Repo repo, @Nullable String revision) {
        return Snapshot.of(git.open(repo.id()), revision == null ? Repo.MAIN : revision);
    }

    @Override
    public void close() {
        housekeeping.close();
        downloads.flush();
        data.close();
    }
}
