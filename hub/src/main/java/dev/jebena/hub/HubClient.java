package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Hugging Face-compatible hub, Jebena's own or another: its repositories, and what one does with
/// them.
///
/// ```java
/// HubClient hub = HubClient.standard();
/// Path folder = hub.snapshot(RepoId.model("org/name"), SnapshotOptions.defaults(), listener);
/// hub.create(RepoId.dataset("org/rows"), true);
/// hub.upload(RepoId.dataset("org/rows"), Path.of("rows"), "", UploadOptions.defaults(), listener);
/// ```
///
/// Downloads go to the cache of Hugging Face's Python client, in its layout: either program finds
/// what the other has fetched.
public final class HubClient {
    private static final int MAX_FILES = 1_000_000;

    private final HubSettings settings;
    private final HubCalls calls;

    private HubClient(HubSettings settings, HubCalls calls) {
        this.settings = settings;
        this.calls = calls;
    }

    /// The hub of the process's environment, see [HubSettings#of].
    public static HubClient standard() {
        return of(HubSettings.of(System.getenv()));
    }

    public static HubClient of(HubSettings settings) {
        return of(settings, new HttpFetch(Duration.ofSeconds(30), System.getenv()));
    }

    static HubClient of(HubSettings settings, HttpFetch http) {
        return new HubClient(settings, new HubCalls(http, settings));
    }

    public HubSettings settings() {
        return settings;
    }

    HubCalls calls() {
        return calls;
    }

    /// The name of the token's user. UNAUTHORIZED without a token, or with one that is not known.
    public String whoami() {
        return calls.get("/api/whoami-v2").object("the hub's answer to whoami").string("name");
    }

    /// Makes a repository; one that is there already is left as it is.
    public void create(RepoId id, boolean isPrivate) {
        Map<String, Object> body = naming(id);
        body.put("private", isPrivate);
        if (id.kind() == RepoId.Kind.SPACE) {
            body.put("sdk", "static");
        }
        try {
            calls.post("/api/repos/create", body);
        } catch (Problem e) {
            if (e.code() != Problem.Code.CONFLICT) {
                throw e;
            }
        }
    }

    /// Removes a repository with all its history.
    public void delete(RepoId id) {
        calls.delete("/api/repos/delete", naming(id));
    }

    private static Map<String, Object> naming(RepoId id) {
        String[] parts = id.name().split("/");
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", id.kind().toString());
        body.put("name", parts[parts.length - 1]);
        if (parts.length == 2) {
            body.put("organization", parts[0]);
        }
        return body;
    }

    /// @param revision a branch, a tag or a commit
    public RemoteRepo repo(RepoId id, String revision) {
        return RemoteRepo.of(id.kind(), info(id, revision));
    }

    JsonObject info(RepoId id, String revision) {
        return calls.get(api(id) + "/revision/" + HubCalls.part(revision))
                .object("the hub's description of " + id);
    }

    public List<RemoteRepo> search(RepoId.Kind kind, RepoSearch wanted) {
        String path = "/api/" + kind.plural() + wanted.query();
        return calls.pages(path, "the hub's list of " + kind.plural(), wanted.limit()).stream()
                .map(info -> RemoteRepo.of(kind, info))
                .toList();
    }

    /// All files at a revision, in folders too.
    public List<RemoteFile> files(RepoId id, String revision) {
        String path = api(id) + "/tree/" + HubCalls.part(revision) + "?recursive=true";
        return calls.pages(path, "the hub's file list of " + id, MAX_FILES).stream()
                .filter(file -> file.string("type", "file").equals("file"))
                .map(RemoteFile::of)
                .toList();
    }

    /// What differs from one revision to another, sorted by path.
    public List<RepoDifference> differences(RepoId id, String from, String to) {
        return RepoDifference.between(files(id, from), files(id, to));
    }

    public RepoRefs refs(RepoId id) {
        return RepoRefs.of(calls.get(api(id) + "/refs").object("the hub's refs of " + id));
    }

    /// Names a commit. CONFLICT when the tag is there already.
    ///
    /// @param revision what the tag names: a branch, a tag or a commit
    /// @param message of an annotated tag; null for a plain one
    public void tag(RepoId id, String tag, String revision, @Nullable String message) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("tag", tag);
        if (message != null) {
            body.put("message", message);
        }
        calls.post(api(id) + "/tag/" + HubCalls.part(revision), body);
    }

    public void deleteTag(RepoId id, String tag) {
        calls.delete(api(id) + "/tag/" + HubCalls.part(tag), null);
    }

    /// The bytes of one file, however large; nothing is kept.
    byte[] bytes(RepoId id, String revision, RemoteFile file, int most) {
        return new FileBytes(calls, id, revision).of(file, most);
    }

    /// A text file of at most so many bytes.
    ///
    /// @throws Problem TOO_LARGE when it is larger
    public String text(RepoId id, String revision, RemoteFile file, int most) {
        return new String(bytes(id, revision, file, most), StandardCharsets.UTF_8);
    }

    /// Brings a repository's files to the cache and returns the folder that shows them as they are
    /// at that commit. What is there already is not fetched; what was interrupted goes on. When the
    /// hub is not reachable, the last known commit of the revision is used if it is in the cache.
    public Path snapshot(RepoId id, SnapshotOptions options, ProgressListener listener) {
        return new SnapshotDownload(this, id, options, listener).fetch();
    }

    /// One file of a repository in the cache.
    public Path file(RepoId id, String revision, String path, ProgressListener listener) {
        String literal = path.replaceAll("([\\[*?])", "[$1]");
        Path folder =
                snapshot(
                        id,
                        SnapshotOptions.defaults()
                                .withRevision(revision)
                                .withInclude(List.of(literal)),
                        listener);
        Path file = folder.resolve(path);
        if (!Files.exists(file)) {
            throw Problem.notFound("%s has no file %s at %s".formatted(id, path, revision));
        }
        return file;
    }

    /// Adds a file, or all files of a folder, as one commit. Files that the repository has already
    /// are not sent again; large ones that an interrupted upload has sent neither.
    ///
    /// @param path where in the repository; empty for its root (a file then keeps its name)
    public UploadReport upload(
            RepoId id, Path from, String path, UploadOptions options, ProgressListener listener) {
        return new FolderUpload(this, id, options, listener).upload(from, path);
    }

    /// Writes the bytes of a large file, whatever commit names it; throws unless they have this
    /// hash and size. `out` has then got something already.
    public void copyLarge(RepoId id, ContentId oid, long size, OutputStream out)
            throws IOException {
        SharedMeter silent = new SharedMeter(ProgressListener.none(), "", "", size);
        new LargeFiles(this, id).copy(oid, size, out, silent);
    }

    static String api(RepoId id) {
        return "/api/" + id.kind().plural() + "/" + HubCalls.path(id.name());
    }
}
