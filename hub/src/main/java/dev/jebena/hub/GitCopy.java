package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.BatchingProgressMonitor;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.BundleWriter;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportBundleStream;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.jspecify.annotations.Nullable;

/// The git half of one repository of a hub, all branches and tags with their history, in a folder
/// for a while. Large files are only pointers in it.
final class GitCopy implements AutoCloseable {
    private static final int MAX_POINTER = 1024;
    private static final Pattern POINTER =
            Pattern.compile(
                    "version https://git-lfs\\.github\\.com/spec/v1\n(?:[a-z0-9.-]+ .*\n)*?"
                            + "oid sha256:([0-9a-f]{64})\n(?:[a-z0-9.-]+ .*\n)*?size (\\d{1,18})\n?");
    private static final List<RefSpec> ALL =
            List.of(
                    new RefSpec("+refs/heads/*:refs/heads/*"),
                    new RefSpec("+refs/tags/*:refs/tags/*"));

    private final Path folder;
    private final Repository git;
    private final ProgressListener listener;

    private GitCopy(Path folder, Repository git, ProgressListener listener) {
        this.folder = folder;
        this.git = git;
        this.listener = listener;
    }

    private static GitCopy empty(ProgressListener listener) throws IOException {
        Path folder = Files.createTempDirectory("jebena-git");
        Repository git = new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build();
        git.create(true);
        return new GitCopy(folder, git, listener);
    }

    /// Fetches a repository of a hub.
    static GitCopy of(HubSettings hub, RepoId id, ProgressListener listener) {
        return filled(
                listener,
                copy -> {
                    try (Transport transport = copy.transport(hub, id)) {
                        transport.fetch(copy.monitor("fetching history of " + id), ALL);
                    }
                });
    }

    /// Reads what [#bundle] wrote.
    static GitCopy of(Path bundle, ProgressListener listener) {
        return filled(
                listener,
                copy -> {
                    URIish address = new URIish(bundle.toUri().toString());
                    try (Transport transport =
                            new TransportBundleStream(
                                    copy.git, address, Files.newInputStream(bundle))) {
                        transport.fetch(NullProgressMonitor.INSTANCE, ALL);
                    }
                });
    }

    private interface Filling {
        void fill(GitCopy copy) throws IOException, URISyntaxException;
    }

    private static GitCopy filled(ProgressListener listener, Filling filling) {
        GitCopy copy = null;
        boolean done = false;
        try {
            copy = empty(listener);
            filling.fill(copy);
            done = true;
            return copy;
        } catch (TransportException e) {
            throw broken(e);
        } catch (IOException | URISyntaxException e) {
            throw new Problem(
                    Problem.Code.STORAGE, "cannot copy the history: " + e.getMessage(), null, e);
        } finally {
            if (copy != null && !done) {
                copy.close();
            }
        }
    }

    private static Problem broken(TransportException e) {
        boolean denied = String.valueOf(e.getMessage()).contains("not authorized");
        return new Problem(
                denied ? Problem.Code.UNAUTHORIZED : Problem.Code.BAD_GATEWAY,
                "git: " + e.getMessage(),
                denied ? "log in with `jebena hub login` or set HF_TOKEN" : null,
                e);
    }

    private Transport transport(HubSettings hub, RepoId id) throws IOException, URISyntaxException {
        Transport transport = Transport.open(git, new URIish(hub.endpoint() + "/" + id));
        transport.setTagOpt(TagOpt.NO_TAGS); // they are in ALL
        String token = hub.token();
        if (token != null) {
            // Hugging Face's hub takes any name.
            transport.setCredentialsProvider(
                    new UsernamePasswordCredentialsProvider("user", token));
        }
        return transport;
    }

    private ProgressMonitor monitor(String task) {
        return new BatchingProgressMonitor() {
            @Override
            protected void onUpdate(String name, int done, Duration duration) {
                listener.on(Progress.status(task, task + ": " + name + " " + done));
            }

            @Override
            protected void onEndTask(String name, int done, Duration duration) {
                onUpdate(name, done, duration);
            }

            @Override
            protected void onUpdate(
                    String name, int done, int total, int percent, Duration duration) {
                listener.on(new Progress(task, name, done, total, Progress.Unit.ITEMS, null));
            }

            @Override
            protected void onEndTask(
                    String name, int done, int total, int percent, Duration duration) {
                onUpdate(name, done, total, percent, duration);
            }
        };
    }

    /// Name → commit, of branches and tags.
    Map<String, String> refs() {
        Map<String, String> refs = new LinkedHashMap<>();
        try {
            for (Ref ref : branchesAndTags()) {
                refs.put(ref.getName(), target(ref).name());
            }
        } catch (IOException e) {
            throw Problem.storage("cannot read " + folder, e);
        }
        return refs;
    }

    private static ObjectId target(Ref ref) {
        return Objects.requireNonNull(ref.getObjectId(), "branches and tags name something");
    }

    private List<Ref> branchesAndTags() throws IOException {
        return git.getRefDatabase().getRefsByPrefix(Constants.R_HEADS, Constants.R_TAGS);
    }

    /// All large files that any commit names: SHA-256 → size.
    Map<ContentId, Long> largeFiles() {
        Map<ContentId, Long> found = new LinkedHashMap<>();
        try (ObjectWalk walk = new ObjectWalk(git);
                ObjectReader reader = git.newObjectReader()) {
            for (Ref ref : branchesAndTags()) {
                walk.markStart(walk.parseAny(target(ref)));
            }
            while (walk.next() != null) {
                // First all commits.
            }
            for (RevObject object = walk.nextObject(); object != null; object = walk.nextObject()) {
                if (object.getType() == Constants.OBJ_BLOB
                        && reader.getObjectSize(object, Constants.OBJ_BLOB) <= MAX_POINTER) {
                    add(found, reader, object);
                }
            }
        } catch (IOException e) {
            throw Problem.storage("cannot read the history in " + folder, e);
        }
        return found;
    }

    private static void add(Map<ContentId, Long> found, ObjectReader reader, ObjectId id)
            throws IOException {
        String text =
                new String(
                        reader.open(id, Constants.OBJ_BLOB).getCachedBytes(),
                        StandardCharsets.UTF_8);
        Matcher pointer = POINTER.matcher(text);
        if (pointer.matches()) {
            found.put(ContentId.parse(pointer.group(1)), Long.parseLong(pointer.group(2)));
        }
    }

    /// Everything as one file that git itself can clone (gitformat-bundle).
    void bundle(OutputStream out) throws IOException {
        BundleWriter writer = new BundleWriter(git);
        for (Ref ref : branchesAndTags()) {
            writer.include(ref);
        }
        writer.writeBundle(monitor("bundling"), out);
    }

    /// Makes the branches and tags of a hub's repository these: others of the same names are
    /// replaced.
    void push(HubSettings hub, RepoId id) {
        try (Transport transport = transport(hub, id)) {
            List<RemoteRefUpdate> updates = new ArrayList<>();
            for (Ref ref : branchesAndTags()) {
                updates.add(new RemoteRefUpdate(git, ref, ref.getName(), true, null, null));
            }
            PushResult result = transport.push(monitor("sending history of " + id), updates);
            for (RemoteRefUpdate update : result.getRemoteUpdates()) {
                check(id, update, result.getMessages());
            }
        } catch (TransportException e) {
            throw broken(e);
        } catch (IOException | URISyntaxException e) {
            throw new Problem(
                    Problem.Code.STORAGE, "cannot send the history: " + e.getMessage(), null, e);
        }
    }

    private static void check(RepoId id, RemoteRefUpdate update, @Nullable String said) {
        switch (update.getStatus()) {
            case OK, UP_TO_DATE -> {}
            default ->
                    throw new Problem(
                            Problem.Code.BAD_GATEWAY,
                            "%s refuses %s: %s %s"
                                    .formatted(
                                            id,
                                            update.getRemoteName(),
                                            update.getStatus(),
                                            update.getMessage() != null
                                                    ? update.getMessage()
                                                    : String.valueOf(said)));
        }
    }

    @Override
    public void close() {
        git.close();
        try {
            DurableFiles.deleteTree(folder);
        } catch (IOException _) {
            // A temporary folder: the system removes it.
        }
    }
}
