package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.BundleWriter;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportBundleStream;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

/// A repository's [GitHistory] in a folder for a while.
final class GitCopy implements AutoCloseable {
    private final Path folder;
    private final Repository git;
    private final ProgressListener listener;

    private GitCopy(Path folder, Repository git, ProgressListener listener) {
        this.folder = folder;
        this.git = git;
        this.listener = listener;
    }

    /// Fetches a repository of a hub.
    static GitCopy of(HubSettings hub, RepoId id, ProgressListener listener) {
        return filled(listener, copy -> GitHistory.fetch(hub, id, copy.git, listener));
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
                        transport.fetch(NullProgressMonitor.INSTANCE, GitHistory.ALL);
                    }
                });
    }

    private interface Filling {
        void fill(GitCopy copy) throws IOException, URISyntaxException;
    }

    private static GitCopy filled(ProgressListener listener, Filling filling) {
        @Nullable GitCopy copy = null;
        boolean done = false;
        try {
            Path folder = Files.createTempDirectory("jebena-git");
            Repository git =
                    new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build();
            git.create(true);
            copy = new GitCopy(folder, git, listener);
            filling.fill(copy);
            done = true;
            return copy;
        } catch (TransportException e) {
            throw GitHistory.broken(e);
        } catch (IOException | URISyntaxException e) {
            throw new Problem(
                    Problem.Code.STORAGE, "cannot copy the history: " + e.getMessage(), null, e);
        } finally {
            if (copy != null && !done) {
                copy.close();
            }
        }
    }

    /// Name → commit, of branches and tags.
    Map<String, String> refs() {
        Map<String, String> refs = new LinkedHashMap<>();
        try {
            for (Ref ref : GitHistory.branchesAndTags(git)) {
                refs.put(ref.getName(), GitHistory.target(ref).name());
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        return refs;
    }

    Map<ContentId, Long> largeFiles() {
        try {
            return GitHistory.largeFiles(git);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private Problem unreadable(IOException e) {
        return Problem.storage("cannot read the history in " + folder, e);
    }

    /// Everything as one file that git itself can clone (gitformat-bundle).
    void bundle(OutputStream out) throws IOException {
        BundleWriter writer = new BundleWriter(git);
        for (Ref ref : GitHistory.branchesAndTags(git)) {
            writer.include(ref);
        }
        writer.writeBundle(GitHistory.monitor("bundling", listener), out);
    }

    /// Makes the branches and tags of a hub's repository these: others of the same names are
    /// replaced.
    void push(HubSettings hub, RepoId id) {
        try (Transport transport = GitHistory.transport(hub, id, git)) {
            List<RemoteRefUpdate> updates = new ArrayList<>();
            for (Ref ref : GitHistory.branchesAndTags(git)) {
                updates.add(new RemoteRefUpdate(git, ref, ref.getName(), true, null, null));
            }
            PushResult result =
                    transport.push(
                            GitHistory.monitor("sending history of " + id, listener), updates);
            for (RemoteRefUpdate update : result.getRemoteUpdates()) {
                check(id, update, result.getMessages());
            }
        } catch (TransportException e) {
            throw GitHistory.broken(e);
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
