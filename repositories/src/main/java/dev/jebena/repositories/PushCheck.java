package dev.jebena.repositories;

import dev.jebena.base.ContentId;
import dev.jebena.hub.LfsPointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.transport.PostReceiveHook;
import org.eclipse.jgit.transport.PreReceiveHook;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceivePack;

/// What the hub asks of a push: large files must have been uploaded and other files must not be
/// large, `main` stays, and only branches and tags are pushed.
final class PushCheck implements PreReceiveHook, PostReceiveHook {
    private final Repositories repositories;
    private final Repo repo;
    private final Set<ContentId> used = new LinkedHashSet<>();

    PushCheck(Repositories repositories, Repo repo) {
        this.repositories = repositories;
        this.repo = repo;
    }

    @Override
    public void onPreReceive(ReceivePack push, Collection<ReceiveCommand> commands) {
        for (ReceiveCommand command : commands) {
            if (command.getResult() == ReceiveCommand.Result.NOT_ATTEMPTED) {
                try {
                    check(push, command);
                } catch (HubError e) {
                    command.setResult(ReceiveCommand.Result.REJECTED_OTHER_REASON, e.message());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void check(ReceivePack push, ReceiveCommand command) throws IOException {
        String ref = command.getRefName();
        if (ref.startsWith(RefRoutes.PULL_REQUESTS)) {
            checkPullRequest(command);
        } else if (!ref.startsWith(Constants.R_HEADS) && !ref.startsWith(Constants.R_TAGS)) {
            throw HubError.bad("only branches, tags and pull requests can be pushed");
        }
        if (command.getType() == ReceiveCommand.Type.DELETE) {
            if (Commits.isMain(ref)) {
                throw HubError.bad("the branch main cannot be deleted");
            }
            return;
        }
        checkNew(push, command.getNewId());
    }

    /// Commits can be pushed to a pull request that is open; it is begun through the API.
    private void checkPullRequest(ReceiveCommand command) {
        repositories.pullRequests().openAt(repo, command.getRefName());
        if (command.getType() == ReceiveCommand.Type.DELETE) {
            throw HubError.bad("a pull request is closed through the API, not deleted");
        }
    }

    /// Looks at every file that the repository did not have.
    private void checkNew(ReceivePack push, ObjectId tip) throws IOException {
        try (ObjectReader reader = push.getRepository().newObjectReader();
                ObjectWalk walk = new ObjectWalk(reader)) {
            walk.markStart(walk.parseAny(tip));
            for (Ref ref : push.getRepository().getRefDatabase().getRefs()) {
                if (ref.getObjectId() != null) {
                    walk.markUninteresting(walk.parseAny(ref.getObjectId()));
                }
            }
            // Commits come first, then what they hold.
            for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
                TreeSize.check(reader, commit.getTree());
            }
            for (RevObject object = walk.nextObject(); object != null; object = walk.nextObject()) {
                if (object.getType() == Constants.OBJ_BLOB) {
                    checkFile(reader, object, walk.getPathString());
                }
            }
        }
    }

    private void checkFile(ObjectReader reader, ObjectId blob, String path) throws IOException {
        long size = reader.getObjectSize(blob, Constants.OBJ_BLOB);
        if (size > UploadRules.LARGEST_REGULAR) {
            throw HubError.bad(
                    path
                            + " has "
                            + size
                            + " bytes; files of more than "
                            + UploadRules.LARGEST_REGULAR
                            + " go through git-lfs");
        }
        Optional<LfsPointer> pointer = LfsPointer.read(reader, blob);
        if (pointer.isPresent()) {
            ContentId oid = pointer.get().oid();
            Optional<Long> known = repositories.large().size(repo.id(), oid);
            if (known.isEmpty() || known.get() != pointer.get().size()) {
                throw HubError.bad(
                        path + ": the large file " + oid.hex() + " was not uploaded; git lfs push");
            }
            used.add(oid);
            look(path, oid.hex(), known.get(), () -> repositories.large().open(repo.id(), oid));
        } else {
            int limit = Math.toIntExact(size);
            look(path, blob.name(), size, () -> new BytesChannel(bytes(reader, blob, limit)));
        }
    }

    private void look(String path, String etag, long size, UploadCheck.Content content) {
        repositories.scans().look(repo, path, etag, size, content);
    }

    private static byte[] bytes(ObjectReader reader, ObjectId blob, int limit) throws IOException {
        return reader.open(blob, Constants.OBJ_BLOB).getCachedBytes(limit);
    }

    @Override
    public void onPostReceive(ReceivePack push, Collection<ReceiveCommand> commands) {
        repositories
                .data()
                .write(sql -> {
                    LfsObjects.use(sql, repo.id(), used);
                    return true;
                });
        for (ReceiveCommand command : commands) {
            if (command.getResult() == ReceiveCommand.Result.OK
                    && Commits.isMain(command.getRefName())) {
                repositories.commits().refresh(repo, command.getNewId());
            }
        }
    }
}
