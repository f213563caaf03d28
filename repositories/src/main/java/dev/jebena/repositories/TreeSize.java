package dev.jebena.repositories;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;

/// How many files a tree has. Each tree is read once, however often it is named: a few small
/// objects can name each other so that they stand for more files than any memory holds.
final class TreeSize {
    /// More files than this no commit has.
    static final int MOST_FILES = 1_000_000;

    private static final int DEEPEST = 500;

    private final ObjectReader reader;
    private final Map<ObjectId, Size> known = new HashMap<>();

    private record Size(long files, int height) {}

    private TreeSize(ObjectReader reader) {
        this.reader = reader;
    }

    /// Throws status 400 for a tree with too many files, or folders too deep.
    static void check(ObjectReader reader, ObjectId tree) throws IOException {
        new TreeSize(reader).size(tree, 0);
    }

    private Size size(ObjectId tree, int depth) throws IOException {
        Size found = known.get(tree);
        if (found == null) {
            found = count(tree, depth);
            known.put(tree, found);
        }
        if (depth + found.height() > DEEPEST) {
            throw HubError.bad("the commit has folders deeper than " + DEEPEST);
        }
        return found;
    }

    private Size count(ObjectId tree, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw HubError.bad("the commit has folders deeper than " + DEEPEST);
        }
        long files = 0;
        int height = 0;
        CanonicalTreeParser entries = new CanonicalTreeParser(null, reader, tree);
        for (; !entries.eof(); entries.next(1)) {
            if (entries.getEntryFileMode() == FileMode.TREE) {
                Size inner = size(entries.getEntryObjectId(), depth + 1);
                files += inner.files();
                height = Math.max(height, inner.height() + 1);
            } else {
                files++;
            }
            if (files > MOST_FILES) {
                throw HubError.bad("the commit has more than " + MOST_FILES + " files");
            }
        }
        return new Size(files, height);
    }
}
