package dev.jebena.repositories;

import dev.jebena.base.ContentId;
import dev.jebena.hub.LfsPointer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/// A commit in the making: changes are collected, their bytes written as they come, and then the
/// commit is made on top of a branch. Used by one thread at a time.
final class NewCommit implements AutoCloseable {
    /// A change of the tree.
    private sealed interface Change {
        record Put(String path, FileMode mode, ObjectId blob) implements Change {}

        record Remove(String path, boolean folder) implements Change {}
    }

    private final GitRepository git;
    private final long repository;
    private final Repo repo;
    private final LfsObjects large;
    private final Scans scans;
    private final ObjectInserter inserter;
    private final List<Change> changes = new ArrayList<>();
    private final Set<ContentId> used = new LinkedHashSet<>();

    NewCommit(Repo repo, GitRepository git, LfsObjects large, Scans scans) {
        this.repo = repo;
        this.git = git;
        this.repository = git.id();
        this.large = large;
        this.scans = scans;
        this.inserter = git.newObjectInserter();
    }

    int changes() {
        return changes.size();
    }

    /// The large files that the commit names.
    Set<ContentId> used() {
        return used;
    }

    /// A file that git keeps itself. Throws status 400 for a pointer to a large file that the
    /// repository does not have: such a pointer would give the bytes to whoever knows their hash.
    void file(String path, byte[] content) throws IOException {
        if (content.length > UploadRules.LARGEST_REGULAR) {
            throw HubError.bad(
                    "%s has %d bytes; files of more than %d must be uploaded as large files"
                            .formatted(path, content.length, UploadRules.LARGEST_REGULAR));
        }
        ObjectId id = inserter.insert(Constants.OBJ_BLOB, content);
        Optional<LfsPointer> pointer = LfsPointer.parse(content);
        if (pointer.isPresent()) {
            ContentId oid = pointer.get().oid();
            long size = checkThere(path, oid, pointer.get().size());
            used.add(oid);
            scans.look(repo, path, oid.hex(), size, () -> large.open(repository, oid));
        } else {
            scans.look(repo, path, id.name(), content.length, () -> new BytesChannel(content));
        }
        put(path, FileMode.REGULAR_FILE, id);
    }

    private long checkThere(String path, ContentId oid, @Nullable Long size) {
        Optional<Long> known = large.size(repository, oid);
        if (known.isEmpty() || (size != null && !size.equals(known.get()))) {
            throw HubError.bad(
                    "LFS pointer pointed to a file that does not exist: "
                            + path
                            + " ("
                            + oid.hex()
                            + (known.isEmpty() ? ")" : ", which has " + known.get() + " bytes)"));
        }
        return known.get();
    }

    /// A large file that has been uploaded. Throws status 400 when it has not.
    ///
    /// @param size as the client says; null where it does not
    void largeFile(String path, ContentId oid, @Nullable Long size) throws IOException {
        long known = checkThere(path, oid, size);
        file(path, new LfsPointer(oid, known).bytes());
    }

    /// The same blob as that of another file.
    void copy(FileEntry from, String path) {
        if (from.lfs() != null) {
            used.add(from.lfs().oid());
        }
        put(path, FileMode.REGULAR_FILE, from.id());
    }

    private void put(String path, FileMode mode, ObjectId blob) {
        changes.add(new Change.Put(RepoPath.checked(path), mode, blob));
    }

    void remove(String path, boolean folder) {
        changes.add(new Change.Remove(RepoPath.checked(path), folder));
    }

    /// Writes tree and commit, durable on return; no branch leads to it yet.
    ///
    /// @param parent the commit that the changes are made to; null for the first one
    ObjectId write(@Nullable ObjectId parent, String message, PersonIdent author)
            throws IOException {
        // The parent may be younger than this view of the repository.
        git.scanForRepoChanges();
        CommitBuilder commit = new CommitBuilder();
        try (ObjectReader reader = inserter.newReader();
                RevWalk walk = new RevWalk(reader)) {
            ObjectId tree = parent == null ? null : walk.parseCommit(parent).getTree().copy();
            commit.setTreeId(edited(new TreeEditor(reader, tree)));
        }
        if (parent != null) {
            commit.setParentId(parent);
        }
        commit.setAuthor(author);
        commit.setCommitter(author);
        commit.setMessage(message);
        ObjectId id = inserter.insert(commit);
        inserter.flush();
        return id;
    }

    /// Removals first: a folder may make room for a file of its name.
    private ObjectId edited(TreeEditor editor) throws IOException {
        for (Change change : changes) {
            if (change instanceof Change.Remove(String path, boolean folder)
                    && !editor.remove(path, folder)) {
                throw HubError.noEntry(path);
            }
        }
        for (Change change : changes) {
            if (change instanceof Change.Put(String path, FileMode mode, ObjectId blob)) {
                editor.put(path, mode, blob);
            }
        }
        return editor.write(inserter);
    }

    @Override
    public void close() {
        inserter.close();
        git.close();
    }
}
