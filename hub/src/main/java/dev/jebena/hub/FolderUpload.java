package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import dev.jebena.json.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes one commit of files on this machine: asks which of them are large, sends those first, then
/// the commit with the small ones inside.
final class FolderUpload {
    private static final int SAMPLE = 512;
    private static final int BATCH = 256;
    private static final Set<String> SKIPPED = Set.of(".git", ".cache", ".DS_Store");

    private final HubClient client;
    private final HubCalls calls;
    private final RepoId id;
    private final UploadOptions options;
    private final ProgressListener listener;

    FolderUpload(HubClient client, RepoId id, UploadOptions options, ProgressListener listener) {
        this.client = client;
        this.calls = client.calls();
        this.id = id;
        this.options = options;
        this.listener = listener;
    }

    /// A file of ours.
    ///
    /// @param path in the repository
    record Local(Path file, String path, long size) {}

    UploadReport upload(Path from, String path) {
        List<Local> files = files(from, path);
        Map<String, RemoteFile> there =
                client.files(id, options.revision()).stream()
                        .collect(Collectors.toMap(RemoteFile::path, f -> f, (a, _) -> a));
        List<String> gone = gone(there.keySet(), files, path);
        Map<String, Boolean> large = modes(files);
        Map<String, ContentId> hashes = hashes(files, large);
        List<Local> changed =
                files.stream()
                        .filter(f -> large.containsKey(f.path()))
                        .filter(f -> !isThere(f, there.get(f.path()), hashes.get(f.path())))
                        .toList();
        int unchanged = files.size() - changed.size();
        if (changed.isEmpty() && gone.isEmpty()) {
            String commit = client.repo(id, options.revision()).commit();
            return new UploadReport(commit, "", null, 0, unchanged, 0);
        }
        new LfsUpload(calls, id, options, listener)
                .send(
                        changed.stream()
                                .filter(f -> Boolean.TRUE.equals(large.get(f.path())))
                                .toList(),
                        hashes);
        JsonObject reply = commit(changed, hashes, gone, message(from));
        Object pull = reply.get("pullRequestUrl");
        return new UploadReport(
                reply.string("commitOid", ""),
                reply.string("commitUrl", ""),
                pull instanceof String url && !url.isEmpty() ? url : null,
                changed.size(),
                unchanged,
                gone.size());
    }

    private String message(Path from) {
        return options.message() != null
                ? options.message()
                : "Upload " + from.toAbsolutePath().normalize().getFileName() + " with jebena";
    }

    private List<Local> files(Path from, String path) {
        String inside = path.replaceAll("^/+|/+$", "");
        try {
            if (Files.isRegularFile(from)) {
                String name = inside.isEmpty() ? String.valueOf(from.getFileName()) : inside;
                return List.of(new Local(from, name, Files.size(from)));
            }
            if (!Files.isDirectory(from)) {
                throw Problem.notFound("no such file or folder: " + from);
            }
            PathFilter filter = new PathFilter(options.include(), options.exclude());
            List<Local> files = new ArrayList<>();
            try (Stream<Path> paths = Files.walk(from)) {
                for (Path file : paths.filter(Files::isRegularFile).sorted().toList()) {
                    Path relative = from.relativize(file);
                    String name = relative.toString().replace('\\', '/');
                    if (filter.accepts(name) && !isSkipped(relative)) {
                        String whole = inside.isEmpty() ? name : inside + "/" + name;
                        files.add(new Local(file, whole, Files.size(file)));
                    }
                }
            }
            return files;
        } catch (IOException e) {
            throw Problem.storage("cannot read " + from, e);
        }
    }

    private static boolean isSkipped(Path relative) {
        for (Path part : relative) {
            if (SKIPPED.contains(part.toString())) {
                return true;
            }
        }
        return false;
    }

    /// Paths of the repository, below the upload's, that go away.
    private List<String> gone(Set<String> there, List<Local> files, String path) {
        if (options.delete().isEmpty()) {
            return List.of();
        }
        String inside = path.replaceAll("^/+|/+$", "");
        String prefix = inside.isEmpty() ? "" : inside + "/";
        PathFilter filter = new PathFilter(options.delete(), List.of(".gitattributes"));
        Set<String> sent = files.stream().map(Local::path).collect(Collectors.toSet());
        return there.stream()
                .filter(p -> p.startsWith(prefix) && !sent.contains(p))
                .filter(p -> filter.accepts(p.substring(prefix.length())))
                .sorted()
                .toList();
    }

    /// Path → whether the hub wants it as a large file. Paths that the hub's rules ignore are not
    /// in it.
    private Map<String, Boolean> modes(List<Local> files) {
        Map<String, Boolean> large = new LinkedHashMap<>();
        String address =
                HubClient.api(id) + "/preupload/" + HubCalls.part(options.revision()) + proposal();
        for (int i = 0; i < files.size(); i += BATCH) {
            List<Map<String, Object>> questions = new ArrayList<>();
            for (Local file : files.subList(i, Math.min(files.size(), i + BATCH))) {
                questions.add(
                        Map.of("path", file.path(), "size", file.size(), "sample", sample(file)));
            }
            JsonObject reply =
                    calls.post(address, Map.of("files", questions))
                            .object("the hub's answer to an upload");
            for (JsonObject answer : reply.objects("files")) {
                if (!Boolean.TRUE.equals(answer.get("shouldIgnore"))) {
                    large.put(answer.string("path"), answer.string("uploadMode").equals("lfs"));
                }
            }
            listener.on(Progress.status(id.toString(), "preparing %,d files".formatted(i + 1)));
        }
        return large;
    }

    private String proposal() {
        return options.pullRequest() ? "?create_pr=1" : "";
    }

    private static String sample(Local file) {
        try (InputStream in = Files.newInputStream(file.file())) {
            return Base64.getEncoder().encodeToString(in.readNBytes(SAMPLE));
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file.file(), e);
        }
    }

    /// Of the large files.
    private Map<String, ContentId> hashes(List<Local> files, Map<String, Boolean> large) {
        List<Local> wanted =
                files.stream().filter(f -> Boolean.TRUE.equals(large.get(f.path()))).toList();
        long total = wanted.stream().mapToLong(Local::size).sum();
        SharedMeter meter = new SharedMeter(listener, "hashing", "hashing", total);
        Map<String, ContentId> hashes = new ConcurrentHashMap<>();
        int threads = Math.min(options.threads(), Runtime.getRuntime().availableProcessors());
        Transfers.each(
                wanted,
                threads,
                file -> {
                    hashes.put(file.path(), ContentId.of(file.file()));
                    meter.add(file.size());
                });
        return hashes;
    }

    private static boolean isThere(
            Local file, @Nullable RemoteFile there, @Nullable ContentId sha256) {
        if (there == null || there.size() != file.size()) {
            return false;
        }
        if (sha256 != null || there.sha256() != null) {
            return sha256 != null && sha256.equals(there.sha256());
        }
        return FileBytes.git(bytes(file)).equals(there.gitId());
    }

    private static byte[] bytes(Local file) {
        try {
            byte[] bytes = Files.readAllBytes(file.file());
            if (bytes.length != file.size()) {
                throw new Problem(
                        Problem.Code.CONFLICT,
                        "%s has changed while it was uploaded: %,d bytes instead of %,d"
                                .formatted(file.file(), bytes.length, file.size()));
            }
            return bytes;
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file.file(), e);
        }
    }

    /// Sends the commit as lines of JSON from a file: memory stays flat, and it can be sent again.
    private JsonObject commit(
            List<Local> files, Map<String, ContentId> hashes, List<String> gone, String message) {
        @Nullable Path lines = null;
        try {
            lines = Files.createTempFile("jebena-commit", ".ndjson");
            try (BufferedWriter out = Files.newBufferedWriter(lines, StandardCharsets.UTF_8)) {
                write(out, "header", header(message));
                for (Local file : files) {
                    ContentId sha256 = hashes.get(file.path());
                    write(out, sha256 == null ? "file" : "lfsFile", value(file, sha256));
                }
                for (String path : gone) {
                    write(out, "deletedFile", Map.of("path", path));
                }
            }
            Path body = lines;
            Map<String, String> headers = new LinkedHashMap<>(calls.credentials());
            headers.put("Content-Type", "application/x-ndjson");
            String address =
                    HubClient.api(id) + "/commit/" + HubCalls.part(options.revision()) + proposal();
            listener.on(Progress.status(id.toString(), "committing"));
            return calls.send(
                            "POST", calls.uri(address), headers, () -> BodyPublishers.ofFile(body))
                    .object("the hub's answer to a commit");
        } catch (IOException e) {
            throw Problem.storage("cannot prepare the commit", e);
        } finally {
            remove(lines);
        }
    }

    private static void remove(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException _) {
            // A temporary file: the system removes it.
        }
    }

    private Map<String, Object> header(String message) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("summary", message);
        header.put("description", options.description());
        if (options.parent() != null) {
            header.put("parentCommit", options.parent());
        }
        return header;
    }

    private static Map<String, Object> value(Local file, @Nullable ContentId sha256) {
        return sha256 == null
                ? Map.of(
                        "path",
                        file.path(),
                        "encoding",
                        "base64",
                        "content",
                        Base64.getEncoder().encodeToString(bytes(file)))
                : Map.of(
                        "path",
                        file.path(),
                        "algo",
                        "sha256",
                        "oid",
                        sha256.hex(),
                        "size",
                        file.size());
    }

    private static void write(BufferedWriter out, String key, Map<String, Object> value)
            throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("key", key);
        line.put("value", value);
        out.write(Json.write(line));
        out.write('\n');
    }
}
