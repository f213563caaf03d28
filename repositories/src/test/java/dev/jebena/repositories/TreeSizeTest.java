package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeSizeTest {
    @TempDir Path folder;

    /// Trees, each of which names the one before so many times.
    private static ObjectId nested(ObjectInserter inserter, int depth, int times) throws Exception {
        ObjectId inner = inserter.insert(Constants.OBJ_BLOB, new byte[0]);
        FileMode mode = FileMode.REGULAR_FILE;
        for (int i = 0; i < depth; i++) {
            TreeFormatter tree = new TreeFormatter();
            for (int j = 0; j < times; j++) {
                tree.append("f" + j, mode, inner);
            }
            inner = inserter.insert(tree);
            mode = FileMode.TREE;
        }
        inserter.flush();
        return inner;
    }

    @Test
    void aFewObjectsThatStandForManyFilesAreRefused() throws Exception {
        try (Repositories repositories = Repositories.open(RepositoryOptions.in(folder));
                GitRepository git = repositories.git().open(1);
                ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            TreeSize.check(reader, nested(inserter, 5, 10));
            TreeSize.check(reader, nested(inserter, 400, 1));
            // 10 to the power of 30.
            ObjectId bomb = nested(inserter, 30, 10);
            assertThatThrownBy(() -> TreeSize.check(reader, bomb))
                    .isInstanceOf(HubError.class)
                    .hasMessageContaining("more than 1000000 files");
            ObjectId deep = nested(inserter, 20_000, 1);
            assertThatThrownBy(() -> TreeSize.check(reader, deep))
                    .isInstanceOf(HubError.class)
                    .hasMessageContaining("deeper than 500");
        }
    }
}
