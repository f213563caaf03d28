package dev.jebena.repositories;

import dev.jebena.base.Blobs;
import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jgit.internal.storage.dfs.DfsObjDatabase;
import org.eclipse.jgit.internal.storage.dfs.DfsOutputStream;
import org.eclipse.jgit.internal.storage.dfs.DfsPackDescription;
import org.eclipse.jgit.internal.storage.dfs.DfsReaderOptions;
import org.eclipse.jgit.internal.storage.dfs.DfsRepository;
import org.eclipse.jgit.internal.storage.dfs.ReadableChannel;
import org.eclipse.jgit.internal.storage.pack.PackExt;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/// The objects of one git repository: packs listed in the database, small ones with their bytes,
/// large ones as blobs. A pack is there for all servers once its rows are committed.
final class GitObjects extends DfsObjDatabase {
    /// Larger files of packs are blobs.
    private static final int MOST_IN_DATABASE = 64 << 10;

    private final SqlDatabase data;
    private final Blobs blobs;
    private final Path work;
    private final long repository;

    /// What is being written: by pack and extension.
    private final Map<String, Map<PackExt, SpooledBytes>> pending = new HashMap<>();

    GitObjects(DfsRepository git, GitStorage storage, long repository) {
        super(git, new DfsReaderOptions());
        this.data = storage.data();
        this.blobs = storage.blobs();
        this.work = storage.work();
        this.repository = repository;
    }

    /// A file of a pack as it is written to the database.
    private record StoredFile(
            String extension, long size, byte @Nullable [] content, @Nullable String blob) {}

    @Override
    protected DfsPackDescription newPack(PackSource source) {
        String name = "pack-" + UUID.randomUUID() + "-" + source.name();
        return new DfsPackDescription(getRepository().getDescription(), name, source);
    }

    @Override
    protected List<DfsPackDescription> listPacks() {
        Map<Long, DfsPackDescription> packs = new LinkedHashMap<>();
        data.reading(sql -> {
            packs.clear();
            sql.each(
                    "SELECT git_pack.id, git_pack.name, source, modified, objects, deltas,"
                            + " extension, size FROM git_pack JOIN git_pack_file"
                            + " ON git_pack_file.pack = git_pack.id"
                            + " WHERE repository = ? AND replaced IS NULL ORDER BY git_pack.id",
                    row -> {
                        PackSource source = PackSource.valueOf(row.text(3));
                        String name = row.text(2);
                        DfsPackDescription pack =
                                packs.computeIfAbsent(
                                        row.number(1),
                                        _ ->
                                                new DfsPackDescription(
                                                        getRepository().getDescription(),
                                                        name,
                                                        source));
                        PackExt extension = extension(row.text(7));
                        pack.setLastModified(row.number(4))
                                .setObjectCount(row.number(5))
                                .setDeltaCount(row.number(6))
                                .setFileSize(extension, row.number(8));
                        pack.addFileExt(extension);
                    },
                    repository);
        });
        return new ArrayList<>(packs.values());
    }

    private static PackExt extension(String text) {
        for (PackExt extension : PackExt.values()) {
            if (extension.getExtension().equals(text)) {
                return extension;
            }
        }
        throw new Problem(Problem.Code.CORRUPT, "unknown file of a git pack: " + text);
    }

    @Override
    protected void commitPackImpl(
            Collection<DfsPackDescription> packs, @Nullable Collection<DfsPackDescription> replaced)
            throws IOException {
        try (Blobs.Hold _ = blobs.hold()) {
            Map<DfsPackDescription, List<StoredFile>> files = new LinkedHashMap<>();
            for (DfsPackDescription pack : packs) {
                files.put(pack, stored(pack));
            }
            data.write(sql -> {
                files.forEach((pack, parts) -> insert(sql, pack, parts));
                if (replaced != null) {
                    for (DfsPackDescription old : replaced) {
                        sql.update(
                                "UPDATE git_pack SET replaced = ? WHERE name = ?",
                                System.currentTimeMillis(),
                                old.getPackName());
                    }
                }
                return true;
            });
        } finally {
            rollbackPack(packs);
        }
        clearCache();
    }

    private List<StoredFile> stored(DfsPackDescription pack) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        for (Map.Entry<PackExt, SpooledBytes> file :
                pending.getOrDefault(pack.getPackName(), Map.of()).entrySet()) {
            SpooledBytes bytes = file.getValue();
            String extension = file.getKey().getExtension();
            if (bytes.size() <= MOST_IN_DATABASE) {
                files.add(
                        new StoredFile(
                                extension, bytes.size(), bytes.toArray(MOST_IN_DATABASE), null));
            } else {
                try (InputStream in = bytes.stream()) {
                    ContentId id = blobs.put(in, Long.MAX_VALUE, null, _ -> {});
                    files.add(new StoredFile(extension, bytes.size(), null, id.hex()));
                }
            }
        }
        return files;
    }

    private void insert(SqlConnection sql, DfsPackDescription pack, List<StoredFile> files) {
        long id =
                sql.insert(
                        "INSERT INTO git_pack (repository, name, source, modified, objects,"
                                + " deltas) VALUES (?, ?, ?, ?, ?, ?)",
                        repository,
                        pack.getPackName(),
                        pack.getPackSource().name(),
                        pack.getLastModified() == 0
                                ? System.currentTimeMillis()
                                : pack.getLastModified(),
                        pack.getObjectCount(),
                        pack.getDeltaCount());
        for (StoredFile file : files) {
            sql.update(
                    "INSERT INTO git_pack_file (pack, extension, size, content, blob)"
                            + " VALUES (?, ?, ?, ?, ?)",
                    id,
                    file.extension(),
                    file.size(),
                    file.content(),
                    file.blob());
        }
    }

    @Override
    protected void rollbackPack(Collection<DfsPackDescription> packs) {
        for (DfsPackDescription pack : packs) {
            Map<PackExt, SpooledBytes> files = pending.remove(pack.getPackName());
            if (files != null) {
                files.values().forEach(GitObjects::closeQuietly);
            }
        }
    }

    private static void closeQuietly(SpooledBytes bytes) {
        try {
            bytes.close();
        } catch (IOException _) {
            // Its file has no name any more.
        }
    }

    @Override
    protected ReadableChannel openFile(DfsPackDescription pack, PackExt extension)
            throws IOException {
        StoredFile file =
                data.read(sql ->
                                sql.first(
                                        "SELECT extension, size, content, blob FROM git_pack_file"
                                                + " WHERE extension = ? AND pack ="
                                                + " (SELECT id FROM git_pack WHERE name = ?)",
                                        row ->
                                                new StoredFile(
                                                        row.text(1),
                                                        row.number(2),
                                                        row.bytes(3),
                                                        row.textOrNull(4)),
                                        extension.getExtension(),
                                        pack.getPackName()))
                        .orElseThrow(() -> new FileNotFoundException(pack.getFileName(extension)));
        String blob = file.blob();
        SeekableByteChannel channel =
                blob == null ? new BytesChannel(file.content()) : blobs.open(new ContentId(blob));
        return new PackChannel(channel);
    }

    @Override
    protected DfsOutputStream writeFile(DfsPackDescription pack, PackExt extension) {
        SpooledBytes bytes = new SpooledBytes(work);
        pending.computeIfAbsent(pack.getPackName(), _ -> new LinkedHashMap<>())
                .put(extension, bytes);
        return new PackOutput(bytes);
    }

    @Override
    public Set<ObjectId> getShallowCommits() {
        return Set.of();
    }

    @Override
    public void setShallowCommits(Set<ObjectId> shallowCommits) {
        throw new UnsupportedOperationException("a repository of the hub is never shallow");
    }

    @Override
    public long getApproximateObjectCount() {
        return data.read(sql ->
                sql.number(
                        "SELECT coalesce(sum(objects), 0) FROM git_pack"
                                + " WHERE repository = ? AND replaced IS NULL",
                        repository));
    }
}
