package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/// Which commit changed a path last, along the first parents.
final class PathHistory {
    /// Further back nothing is looked for: what is left is told of the oldest commit seen.
    private static final int DEEPEST = 20_000;

    private PathHistory() {}

    /// The last commit of each path.
    static Map<String, RevCommit> of(Snapshot snapshot, Collection<String> paths) {
        Map<String, RevCommit> found = new HashMap<>();
        Set<String> missing = new HashSet<>(paths);
        try (RevWalk walk = new RevWalk(snapshot.git())) {
            RevCommit commit = walk.parseCommit(snapshot.commit());
            for (int i = 0; !missing.isEmpty(); i++) {
                boolean last = commit.getParentCount() == 0 || i == DEEPEST;
                Set<String> changed = last ? Set.copyOf(missing) : changed(snapshot, walk, commit);
                for (String path : changed) {
                    if (missing.remove(path)) {
                        found.put(path, commit);
                    }
                }
                if (!last) {
                    commit = walk.parseCommit(commit.getParent(0));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /// Files that the commit changed, with all folders above them.
    private static Set<String> changed(Snapshot snapshot, RevWalk walk, RevCommit commit)
            throws IOException {
        Set<String> changed = new HashSet<>();
        try (TreeWalk tree = new TreeWalk(snapshot.git(), walk.getObjectReader())) {
            if (commit.getParentCount() == 0) {
                tree.addTree(new EmptyTreeIterator());
            } else {
                tree.addTree(walk.parseCommit(commit.getParent(0)).getTree());
            }
            tree.addTree(commit.getTree());
            tree.setFilter(TreeFilter.ANY_DIFF);
            while (tree.next()) {
                changed.add(tree.getPathString());
                if (tree.isSubtree()) {
                    tree.enterSubtree();
                }
            }
        }
        return changed;
    }

    static Map<String, ?> json(RevCommit commit) {
        return HttpJson.object(
                "id", commit.name(),
                "title", commit.getShortMessage(),
                "date", Times.text(commit.getCommitTime() * 1000L));
    }
}
