package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.BatchingProgressMonitor;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/// The history of a hub's repository as git keeps it. Large files are only pointers in it.
public final class GitHistory {
    /// All branches and tags.
    static final List<RefSpec> ALL =
            List.of(
                    new RefSpec("+refs/heads/*:refs/heads/*"),
                    new RefSpec("+refs/tags/*:refs/tags/*"));

    private GitHistory() {}

    /// Brings the branches and tags of a hub's repository, with all commits, to one of git's.
    /// Branches that the hub has no more go away.
    public static void fetch(
            HubSettings hub, RepoId id, Repository into, ProgressListener listener) {
        try (Transport transport = transport(hub, id, into)) {
            transport.setRemoveDeletedRefs(true);
            transport.fetch(monitor("fetching history of " + id, listener), ALL);
        } catch (TransportException e) {
            throw broken(e);
        } catch (IOException | URISyntaxException e) {
            throw new Problem(
                    Problem.Code.STORAGE, "cannot copy the history: " + e.getMessage(), null, e);
        }
    }

    static Problem broken(TransportException e) {
        boolean denied = String.valueOf(e.getMessage()).contains("not authorized");
        return new Problem(
                denied ? Problem.Code.UNAUTHORIZED : Problem.Code.BAD_GATEWAY,
                "git: " + e.getMessage(),
                denied ? "log in with `jebena hub login` or set HF_TOKEN" : null,
                e);
    }

    static Transport transport(HubSettings hub, RepoId id, Repository git)
            throws IOException, URISyntaxException {
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

    static ProgressMonitor monitor(String task, ProgressListener listener) {
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

    static List<Ref> branchesAndTags(Repository git) throws IOException {
        return git.getRefDatabase().getRefsByPrefix(Constants.R_HEADS, Constants.R_TAGS);
    }

    static ObjectId target(Ref ref) {
        return Objects.requireNonNull(ref.getObjectId(), "branches and tags name something");
    }

    /// All large files that any commit of a branch or tag names: SHA-256 → size.
    public static Map<ContentId, Long> largeFiles(Repository git) throws IOException {
        List<ObjectId> tips = new ArrayList<>();
        for (Ref ref : branchesAndTags(git)) {
            tips.add(target(ref));
        }
        return largeFiles(git, tips);
    }

    /// All large files that the commits, or those before them, name: SHA-256 → size.
    public static Map<ContentId, Long> largeFiles(Repository git, Collection<ObjectId> tips)
            throws IOException {
        Map<ContentId, Long> found = new LinkedHashMap<>();
        try (ObjectReader reader = git.newObjectReader();
                ObjectWalk walk = new ObjectWalk(reader)) {
            for (ObjectId tip : tips) {
                walk.markStart(walk.parseAny(tip));
            }
            while (walk.next() != null) {
                // Commits come first, then what they hold.
            }
            for (RevObject object = walk.nextObject(); object != null; object = walk.nextObject()) {
                if (object.getType() == Constants.OBJ_BLOB) {
                    LfsPointer.read(reader, object).ifPresent(p -> found.put(p.oid(), p.size()));
                }
            }
        }
        return found;
    }
}
