package dev.jebena.repositories;

import dev.jebena.base.Blobs;
import dev.jebena.base.SqlDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.internal.storage.dfs.DfsGarbageCollector;
import org.eclipse.jgit.internal.storage.dfs.DfsPackCompactor;
import org.eclipse.jgit.internal.storage.dfs.DfsPackFile;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryBuilder;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.lib.NullProgressMonitor;

/// Where all git repositories of a server lie.
///
/// @param work for files under construction
record GitStorage(SqlDatabase data, Blobs blobs, Path work) {
    /// Larger packs are left alone.
    private static final long SMALL = 8L << 20;

    /// The git repository of one of ours, as it is now. Closing it lets go of nothing but memory.
    GitRepository open(long repository) {
        return new GitRepository(new Builder(), this, repository);
    }

    /// Makes one pack of many small ones; readers of those go on reading them.
    void compact(long repository) {
        try (GitRepository git = open(repository)) {
            DfsPackCompactor compactor = new DfsPackCompactor(git);
            int small = 0;
            for (DfsPackFile pack : git.getObjectDatabase().getPacks()) {
                if (pack.getPackDescription().getTotalFileSize() < SMALL) {
                    compactor.add(pack);
                    small++;
                }
            }
            if (small > 1) {
                compactor.compact(NullProgressMonitor.INSTANCE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Drops objects that no ref has led to for a while, and packs the others anew. What a commit
    /// in the making has written stays: it is younger.
    void dropUnreachable(long repository, Duration kept) {
        try (GitRepository git = open(repository)) {
            DfsGarbageCollector collector = new DfsGarbageCollector(git);
            collector.setGarbageTtl(kept.toMillis(), TimeUnit.MILLISECONDS);
            collector.pack(NullProgressMonitor.INSTANCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Repositories with many packs.
    List<Long> scattered(int packs) {
        return data.read(sql ->
                sql.list(
                        "SELECT repository FROM git_pack WHERE replaced IS NULL"
                                + " GROUP BY repository HAVING count(*) > ?",
                        row -> row.number(1),
                        packs));
    }

    /// What the base class of git's repositories wants to be made with.
    static final class Builder extends DfsRepositoryBuilder<Builder, GitRepository> {
        @Override
        public GitRepository build() {
            throw new UnsupportedOperationException("use GitStorage.open");
        }

        Builder described(long repository) {
            return setRepositoryDescription(
                    new DfsRepositoryDescription(Long.toString(repository)));
        }
    }
}
