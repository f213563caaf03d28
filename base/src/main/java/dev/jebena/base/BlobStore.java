package dev.jebena.base;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A folder of immutable blobs, each named by the SHA-256 of its bytes. Safe for use by many
/// threads and processes at once, and against being killed at any moment: a blob is there
/// completely or not at all.
///
/// Blobs that nothing refers to are removed by [#collect]. Whoever writes blobs and only then the
/// thing that refers to them takes a [#hold] around both, so that a collection in another process
/// cannot come between.
public final class BlobStore implements Blobs {
    /// Downloads that nobody went on with, and uploads that nobody used, are kept this long.
    private static final Duration KEPT_UNUSED = Duration.ofDays(7);

    private final Path folder;

    private BlobStore(Path folder) {
        this.folder = folder;
    }

    /// The store in this folder, which is made when it is missing.
    public static BlobStore open(Path folder) {
        try {
            Files.createDirectories(folder.resolve("partial"));
            Files.createDirectories(folder.resolve("pinned"));
        } catch (IOException e) {
            throw Problem.unwritable("cannot make the blob folder " + folder, e);
        }
        return new BlobStore(folder);
    }

    public Path folder() {
        return folder;
    }

    @Override
    public boolean contains(ContentId id) {
        return Files.isRegularFile(file(id));
    }

    /// Where the blob lies. Throws NOT_FOUND when it is not there. The file must not be changed.
    public Path path(ContentId id) {
        Path file = file(id);
        if (!Files.isRegularFile(file)) {
            throw Problem.notFound("blob " + id + " is not in " + folder);
        }
        return file;
    }

    @Override
    public long size(ContentId id) {
        try {
            return Files.size(path(id));
        } catch (IOException e) {
            throw Problem.storage("cannot read blob " + id, e);
        }
    }

    @Override
    public SeekableByteChannel open(ContentId id) {
        try {
            return FileChannel.open(path(id), StandardOpenOption.READ);
        } catch (IOException e) {
            throw Problem.storage("cannot read blob " + id, e);
        }
    }

    /// All bytes of a small blob; one larger than `limit` is refused.
    public byte[] read(ContentId id, int limit) {
        long size = size(id);
        if (size > limit) {
            throw new Problem(
                    Problem.Code.TOO_LARGE,
                    "blob %s has %,d bytes; at most %,d are read at once"
                            .formatted(id, size, limit));
        }
        try {
            return Files.readAllBytes(path(id));
        } catch (IOException e) {
            throw Problem.storage("cannot read blob " + id, e);
        }
    }

    @Override
    public String claim(String owner) {
        Path file = folder.resolve("database");
        try {
            if (!Files.exists(file)) {
                DurableFiles.write(file, owner);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw Problem.unwritable("cannot read " + file, e);
        }
    }

    @Override
    public PathLock hold() {
        return PathLock.shared(collectLock());
    }

    public ContentId put(byte[] bytes) {
        ContentId id = ContentId.of(bytes);
        return contains(id)
                ? id
                : put(new ByteArrayInputStream(bytes), Long.MAX_VALUE, id, _ -> {});
    }

    @Override
    public ContentId put(
            InputStream in, long limit, @Nullable ContentId expected, LongConsumer written) {
        Path temporary = DurableFiles.temporary(folder);
        try (PathLock _ = hold()) {
            try {
                ContentId id = DurableFiles.receive(in, temporary, limit, expected, written);
                DurableFiles.move(temporary, file(id));
                return id;
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw Problem.unwritable("cannot store a blob in " + folder, e);
        }
    }

    /// Stores a copy of a file.
    public ContentId put(Path source, LongConsumer written) {
        try (InputStream in = Files.newInputStream(source)) {
            return put(in, Long.MAX_VALUE, null, written);
        } catch (IOException e) {
            throw Problem.storage("cannot read " + source, e);
        }
    }

    /// A download that can be continued later, also by another process. Waits while another thread
    /// or process works on the same one.
    ///
    /// @param key names the download: the expected content id, or an address and version
    /// @param whileWaiting is called a few times a second while somebody else has it
    public PartialBlob partial(String key, Runnable whileWaiting) {
        PathLock hold = hold();
        try {
            String name = ContentId.of(key).hex();
            PathLock lock =
                    PathLock.exclusive(
                            folder.resolve("partial").resolve(name + ".lock"), whileWaiting);
            return PartialBlob.open(
                    this, folder.resolve("partial").resolve(name + ".part"), hold, lock);
        } catch (RuntimeException e) {
            hold.close();
            throw e;
        }
    }

    /// Keeps a blob that nothing refers to yet (an upload) for a week, whatever [#collect] finds.
    public void pin(ContentId id) {
        try {
            DurableFiles.write(folder.resolve("pinned").resolve(id.fileName()), "");
        } catch (IOException e) {
            throw Problem.storage("cannot pin blob " + id, e);
        }
    }

    public void unpin(ContentId id) {
        try {
            DurableFiles.delete(folder.resolve("pinned").resolve(id.fileName()));
        } catch (IOException e) {
            throw Problem.storage("cannot unpin blob " + id, e);
        }
    }

    /// Reads the whole blob and compares its hash. A damaged blob is removed, so that it can be
    /// fetched again; false then, and when there is none.
    public boolean verify(ContentId id) {
        if (!contains(id)) {
            return false;
        }
        if (ContentId.of(file(id)).equals(id)) {
            return true;
        }
        try {
            DurableFiles.delete(file(id));
        } catch (IOException e) {
            throw Problem.storage("cannot remove the damaged blob " + id, e);
        }
        return false;
    }

    /// All blobs there are.
    public List<ContentId> list() {
        List<ContentId> ids = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.map(f -> String.valueOf(f.getFileName()))
                    .filter(n -> n.matches("sha256-[0-9a-f]{64}"))
                    .forEach(n -> ids.add(ContentId.parse(n)));
        } catch (IOException e) {
            throw Problem.storage("cannot list " + folder, e);
        }
        return ids;
    }

    /// Removes also what killed processes left, and keeps what is pinned.
    @Override
    public Optional<Collected> collect(Supplier<Set<ContentId>> referenced) {
        Optional<PathLock> lock = PathLock.tryExclusive(collectLock());
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try (PathLock _ = lock.get()) {
            Set<ContentId> kept = referenced.get();
            int blobs = 0;
            long bytes = 0;
            for (ContentId id : list()) {
                if (!kept.contains(id) && !pinned(id)) {
                    bytes += size(id);
                    blobs++;
                    Files.deleteIfExists(file(id));
                }
            }
            removeLeftovers();
            DurableFiles.syncFolder(folder);
            return Optional.of(new Collected(blobs, bytes));
        } catch (IOException e) {
            throw Problem.storage("cannot clean up " + folder, e);
        }
    }

    private boolean pinned(ContentId id) throws IOException {
        return isYoung(folder.resolve("pinned").resolve(id.fileName()));
    }

    /// Nobody writes now, so temporary files and lock files belong to nobody.
    private void removeLeftovers() throws IOException {
        for (Path file : files(folder)) {
            if (String.valueOf(file.getFileName()).startsWith(DurableFiles.TEMPORARY_PREFIX)) {
                Files.deleteIfExists(file);
            }
        }
        for (Path file : files(folder.resolve("partial"))) {
            if (!file.toString().endsWith(".part") || !isYoung(file)) {
                Files.deleteIfExists(file);
            }
        }
        for (Path file : files(folder.resolve("pinned"))) {
            if (!isYoung(file)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static boolean isYoung(Path file) throws IOException {
        try {
            Instant modified = Files.getLastModifiedTime(file).toInstant();
            return modified.isAfter(Instant.now().minus(KEPT_UNUSED));
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private Path collectLock() {
        return folder.resolve("collect.lock");
    }

    Path file(ContentId id) {
        return folder.resolve(id.fileName());
    }
}
