package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/// A whole repository as one file, to be carried where no network goes: a zip with
///
/// - `repository.json`: what it is, its branches and tags, the hash of each other entry
/// - `history.bundle`: all commits, a bundle that `git clone` takes too
/// - `lfs/<SHA-256>`: all large files that any commit names
///
/// Every hash is verified before anything reaches a hub.
public final class RepoArchive {
    private static final String DESCRIPTION = "repository.json";
    private static final String HISTORY = "history.bundle";
    private static final String FORMAT = "jebena-repository-1";
    private static final int MAX_DESCRIPTION = 64 << 20;

    private RepoArchive() {}

    /// What an archive holds.
    ///
    /// @param refs branch or tag, with `refs/heads/` or `refs/tags/` → commit
    /// @param large SHA-256 → bytes
    public record Contents(
            RepoId id, boolean isPrivate, Map<String, String> refs, Map<ContentId, Long> large) {
        public long bytes() {
            return large.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /// Writes a repository of a hub to a file, which is complete or not there.
    public static Contents write(HubClient hub, RepoId id, Path file, ProgressListener listener) {
        boolean isPrivate = hub.repo(id, "main").isPrivate();
        try (GitCopy git = GitCopy.of(hub.settings(), id, listener)) {
            Contents contents = new Contents(id, isPrivate, git.refs(), git.largeFiles());
            Path folder = file.toAbsolutePath().getParent();
            Path temporary = DurableFiles.temporary(folder == null ? Path.of(".") : folder);
            try {
                write(hub, contents, git, temporary, listener);
                DurableFiles.sync(temporary);
                DurableFiles.move(temporary, file);
            } finally {
                Files.deleteIfExists(temporary);
            }
            return contents;
        } catch (IOException e) {
            throw Problem.storage("cannot write " + file, e);
        }
    }

    private static void write(
            HubClient hub, Contents contents, GitCopy git, Path file, ProgressListener listener)
            throws IOException {
        Path bundle = Files.createTempFile("jebena", ".bundle");
        try (ZipOutputStream zip =
                new ZipOutputStream(
                        new BufferedOutputStream(Files.newOutputStream(file), 1 << 20))) {
            // Weights do not get smaller; compressing them would take longer than copying.
            zip.setLevel(Deflater.NO_COMPRESSION);
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(bundle))) {
                git.bundle(out);
            }
            zip.putNextEntry(new ZipEntry(DESCRIPTION));
            zip.write(describe(contents, bundle).getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry(HISTORY));
            Files.copy(bundle, zip);
            LargeFiles large = new LargeFiles(hub, contents.id());
            SharedMeter meter =
                    new SharedMeter(
                            listener, contents.id().toString(), "exporting", contents.bytes());
            for (Map.Entry<ContentId, Long> one : contents.large().entrySet()) {
                zip.putNextEntry(new ZipEntry("lfs/" + one.getKey().hex()));
                large.copy(one.getKey(), one.getValue(), zip, meter);
            }
        } finally {
            Files.deleteIfExists(bundle);
        }
    }

    private static String describe(Contents contents, Path bundle) throws IOException {
        Map<String, Object> history = new LinkedHashMap<>();
        history.put("sha256", ContentId.of(bundle).hex());
        history.put("size", Files.size(bundle));
        List<Map<String, Object>> large = new ArrayList<>();
        contents.large().forEach((id, size) -> large.add(Map.of("sha256", id.hex(), "size", size)));
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("format", FORMAT);
        description.put("type", contents.id().kind().toString());
        description.put("id", contents.id().name());
        description.put("private", contents.isPrivate());
        description.put("refs", contents.refs());
        description.put("history", history);
        description.put("large", large);
        return Json.write(description);
    }

    /// Reads and verifies an archive: every entry is there with its hash, and git's history names
    /// no large file that is missing.
    public static Contents verify(Path file, ProgressListener listener) {
        try (FileSystem zip = open(file);
                GitCopy git = history(zip, file, listener)) {
            return verified(zip, file, git, listener);
        } catch (IOException e) {
            throw bad(file, String.valueOf(e.getMessage()));
        }
    }

    /// Verifies an archive and makes a hub's repository of it, which need not exist. Its branches
    /// and tags become the archive's.
    ///
    /// @param id its name there
    /// @param isPrivate for a new repository
    public static Contents read(
            HubClient hub, RepoId id, boolean isPrivate, Path file, ProgressListener listener) {
        try (FileSystem zip = open(file);
                GitCopy git = history(zip, file, listener)) {
            Contents contents = verified(zip, file, git, listener);
            hub.create(id, isPrivate);
            List<FolderUpload.Local> large = new ArrayList<>();
            Map<String, ContentId> hashes = new LinkedHashMap<>();
            contents.large()
                    .forEach((oid, size) -> {
                        large.add(new FolderUpload.Local(entry(zip, oid), oid.hex(), size));
                        hashes.put(oid.hex(), oid);
                    });
            // One at a time: entries of a zip are read in order.
            new LfsUpload(hub.calls(), id, UploadOptions.defaults().withThreads(1), listener)
                    .send(large, hashes);
            git.push(hub.settings(), id);
            return contents;
        } catch (IOException e) {
            throw bad(file, String.valueOf(e.getMessage()));
        }
    }

    private static FileSystem open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw Problem.notFound("there is no file " + file);
        }
        try {
            return FileSystems.newFileSystem(file);
        } catch (IOException | ProviderNotFoundException e) {
            throw bad(file, String.valueOf(e.getMessage()));
        }
    }

    private static Path entry(FileSystem zip, ContentId oid) {
        return zip.getPath("lfs", oid.hex());
    }

    private static GitCopy history(FileSystem zip, Path file, ProgressListener listener)
            throws IOException {
        JsonObject history = description(zip, file).object("history");
        Path inside = zip.getPath(HISTORY);
        checkEntry(file, inside, ContentId.parse(history.string("sha256")), null);
        Path bundle = Files.createTempFile("jebena", ".bundle");
        try {
            Files.copy(inside, bundle, StandardCopyOption.REPLACE_EXISTING);
            return GitCopy.of(bundle, listener);
        } finally {
            Files.deleteIfExists(bundle);
        }
    }

    private static JsonObject description(FileSystem zip, Path file) throws IOException {
        try (InputStream in = Files.newInputStream(zip.getPath(DESCRIPTION))) {
            byte[] bytes = in.readNBytes(MAX_DESCRIPTION);
            Object value = Json.parse(new String(bytes, StandardCharsets.UTF_8));
            JsonObject description = JsonObject.of(value, file + ": " + DESCRIPTION);
            if (!description.string("format").equals(FORMAT)) {
                throw bad(
                        file,
                        "its format is '%s' instead of '%s'"
                                .formatted(description.string("format"), FORMAT));
            }
            return description;
        } catch (NoSuchFileException _) {
            throw bad(file, "it has no " + DESCRIPTION);
        } catch (JsonException e) {
            throw bad(file, DESCRIPTION + ": " + String.valueOf(e.getMessage()));
        }
    }

    private static Contents verified(
            FileSystem zip, Path file, GitCopy git, ProgressListener listener) throws IOException {
        JsonObject description = description(zip, file);
        Map<ContentId, Long> large = new LinkedHashMap<>();
        for (JsonObject one : description.objects("large")) {
            large.put(ContentId.parse(one.string("sha256")), one.integer("size"));
        }
        git.largeFiles()
                .forEach((oid, size) -> {
                    if (!size.equals(large.get(oid))) {
                        throw bad(
                                file,
                                "its history names the large file %s of %,d bytes, which it does not hold"
                                        .formatted(oid.hex(), size));
                    }
                });
        RepoId.Kind kind =
                RepoId.parse(description.string("type") + "s/a", RepoId.Kind.MODEL).kind();
        Contents contents =
                new Contents(
                        new RepoId(kind, description.string("id")),
                        Boolean.TRUE.equals(description.get("private")),
                        git.refs(),
                        large);
        SharedMeter meter =
                new SharedMeter(listener, contents.id().toString(), "verifying", contents.bytes());
        for (ContentId oid : large.keySet()) {
            checkEntry(file, entry(zip, oid), oid, meter);
        }
        return contents;
    }

    private static void checkEntry(
            Path file, Path entry, ContentId expected, @Nullable SharedMeter meter)
            throws IOException {
        if (!Files.exists(entry)) {
            throw bad(file, "it has no " + entry);
        }
        MessageDigest digest = ContentId.sha256();
        byte[] buffer = new byte[1 << 18];
        try (InputStream in = new DigestInputStream(Files.newInputStream(entry), digest)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (meter != null) {
                    meter.add(n);
                }
            }
        }
        ContentId found = ContentId.of(digest);
        if (!found.equals(expected)) {
            throw bad(
                    file,
                    "%s is damaged: SHA-256 %s instead of %s"
                            .formatted(entry, found.hex(), expected.hex()));
        }
    }

    private static Problem bad(Path file, String what) {
        return new Problem(
                Problem.Code.BAD_FILE,
                "%s: %s".formatted(file, what),
                "it must be a file that `jebena hub export` wrote");
    }
}
