package dev.jebena.repositories;

import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import dev.jebena.data.DatasetWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Splits written as Parquet files, for the next reader too: a folder that may be deleted at any
/// time and is emptied when the server starts.
final class ParquetExports {
    private static final long MOST_BYTES = 20L << 30;

    /// So many rows of a split are written.
    private static final long MOST_ROWS = ViewedSplit.MOST_ROWS;

    private final Path folder;
    private final ReentrantLock writing = new ReentrantLock();

    /// @param partial the split has more rows
    record Export(Path file, long bytes, boolean partial) {}

    ParquetExports(Path folder) {
        this.folder = folder;
        try {
            DurableFiles.deleteTree(folder);
        } catch (IOException e) {
            throw Problem.storage("cannot empty " + folder, e);
        }
    }

    /// The split's rows as one file, written now where it is not there.
    Export of(long repository, String commit, ViewedSplit split) {
        Path file =
                folder.resolve(Long.toString(repository))
                        .resolve(commit)
                        .resolve(split.key() + ".parquet");
        writing.lock();
        try {
            if (!Files.exists(file)) {
                DatasetWriter.write(split.data().take(MOST_ROWS), file, ProgressListener.none());
                makeRoom(file);
            }
            boolean partial = split.count().partial() || split.count().rows() > MOST_ROWS;
            return new Export(file, Files.size(file), partial);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (HubError e) {
            throw e;
        } catch (Problem e) {
            throw ViewerErrors.damaged("DatasetGenerationError", e);
        } finally {
            writing.unlock();
        }
    }

    /// Deletes the oldest files until the others are few enough.
    private void makeRoom(Path newest) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files =
                    all.filter(Files::isRegularFile)
                            .sorted(Comparator.comparingLong(p -> p.toFile().lastModified()))
                            .toList();
        }
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        for (Path file : files) {
            if (bytes > MOST_BYTES && !file.equals(newest)) {
                bytes -= Files.size(file);
                Files.delete(file);
            }
        }
    }
}
