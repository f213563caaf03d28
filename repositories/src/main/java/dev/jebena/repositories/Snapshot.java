package dev.jebena.repositories;

import dev.jebena.hub.LfsPointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/// The files of a repository at one commit. Used by one thread at a time.
final class Snapshot implements AutoCloseable {
    private final GitRepository git;
    private final ObjectReader reader;
    private final RevWalk walk;
    private final RevCommit commit;

    private Snapshot(GitRepository git, RevWalk walk, RevCommit commit) {
        this.git = git;
        this.walk = walk;
        this.reader = walk.getObjectReader();
        this.commit = commit;
    }

    /// The commit that a revision names: a branch, a tag, a full ref, a commit's id or at least
    /// seven digits of one. Throws RevisionNotFound when there is none.
    static Snapshot of(GitRepository git, String revision) {
        RevWalk walk = new RevWalk(git);
        try {
            ObjectId id = resolve(git, walk, revision);
            RevObject peeled = id == null ? null : walk.peel(walk.parseAny(id));
            if (peeled instanceof RevCommit commit) {
                return new Snapshot(git, walk, commit);
            }
        } catch (MissingObjectException _) {
            // As below.
        } catch (IOException e) {
            walk.close();
            throw new UncheckedIOException(e);
        }
        walk.close();
        throw HubError.noRevision(revision);
    }

    private static @Nullable ObjectId resolve(GitRepository git, RevWalk walk, String revision)
            throws IOException {
        List<String> names =
                revision.startsWith(Constants.R_REFS) || revision.equals(Constants.HEAD)
                        ? List.of(revision)
                        : List.of(Constants.R_HEADS + revision, Constants.R_TAGS + revision);
        for (String name : names) {
            Ref ref = git.getRefDatabase().exactRef(name);
            if (ref != null && ref.getObjectId() != null) {
                return ref.getObjectId();
            }
        }
        if (ObjectId.isId(revision)) {
            return ObjectId.fromString(revision);
        }
        if (revision.matches("[0-9a-f]{7,39}")) {
            var found = walk.getObjectReader().resolve(AbbreviatedObjectId.fromString(revision));
            return found.size() == 1 ? found.iterator().next() : null;
        }
        return null;
    }

    RevCommit commit() {
        return commit;
    }

    GitRepository git() {
        return git;
    }

    RevWalk walk() {
        return walk;
    }

    /// When the commit was made, in milliseconds.
    long time() {
        return commit.getCommitTime() * 1000L;
    }

    /// What lies in a folder, in git's order, each folder before what is in it.
    ///
    /// @param folder empty for the root. Throws EntryNotFound when there is none
    /// @param recursive with all that lies below
    List<FileEntry> list(String folder, boolean recursive) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        try (TreeWalk tree = new TreeWalk(git, reader)) {
            ObjectId root = folder.isEmpty() ? commit.getTree() : folderId(folder);
            tree.addTree(root);
            List<FileEntry> found = new ArrayList<>();
            while (tree.next()) {
                found.add(entry(prefix + tree.getPathString(), tree));
                if (found.size() > TreeSize.MOST_FILES) {
                    throw HubError.tooLarge(
                            "More than " + TreeSize.MOST_FILES + " files cannot be listed");
                }
                if (recursive && tree.isSubtree()) {
                    tree.enterSubtree();
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectId folderId(String folder) throws IOException {
        try (TreeWalk at = TreeWalk.forPath(reader, folder, commit.getTree())) {
            if (at == null || !at.isSubtree()) {
                throw HubError.noEntry(folder);
            }
            return at.getObjectId(0);
        }
    }

    /// All files, without the folders.
    List<FileEntry> files() {
        return list("", true).stream().filter(e -> !e.folder()).toList();
    }

    /// The file or folder at a path.
    Optional<FileEntry> entry(String path) {
        try (TreeWalk at =
                path.isEmpty() ? null : TreeWalk.forPath(reader, path, commit.getTree())) {
            return at == null ? Optional.empty() : Optional.of(entry(path, at));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The file at a path. Throws EntryNotFound when there is none.
    FileEntry file(String path) {
        return entry(path).filter(e -> !e.folder()).orElseThrow(() -> HubError.noEntry(path));
    }

    private FileEntry entry(String path, TreeWalk at) throws IOException {
        ObjectId id = at.getObjectId(0);
        if (at.isSubtree() || at.getFileMode(0) == FileMode.GITLINK) {
            return new FileEntry(path, true, id, 0, null, 0);
        }
        long size = reader.getObjectSize(id, Constants.OBJ_BLOB);
        Optional<LfsPointer> lfs = LfsPointer.read(reader, id);
        return lfs.isPresent()
                ? new FileEntry(path, false, id, lfs.get().size(), lfs.get(), (int) size)
                : new FileEntry(path, false, id, size, null, 0);
    }

    private byte[] bytes(ObjectId id, int limit) throws IOException {
        return reader.open(id, Constants.OBJ_BLOB).getCachedBytes(limit);
    }

    /// The bytes of a file that is no large one; null when it is not there, large, or has more than
    /// `limit`.
    byte @Nullable [] small(String path, int limit) {
        FileEntry entry = entry(path).orElse(null);
        if (entry == null || entry.folder() || entry.lfs() != null || entry.size() > limit) {
            return null;
        }
        try {
            return bytes(entry.id(), limit);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What git keeps of a file.
    ObjectLoader loader(FileEntry file) throws IOException {
        return reader.open(file.id(), Constants.OBJ_BLOB);
    }

    @Override
    public void close() {
        walk.close();
        reader.close();
        git.close();
    }
}
