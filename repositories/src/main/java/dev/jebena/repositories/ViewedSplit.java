package dev.jebena.repositories;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.data.DataFile;
import dev.jebena.data.Dataset;
import dev.jebena.data.DatasetStatistics;
import dev.jebena.data.Format;
import dev.jebena.data.Row;
import dev.jebena.data.RowCursor;
import dev.jebena.data.StatisticsOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A split of a data set at one commit, with what was found out by reading all of it.
final class ViewedSplit {
    /// Rows that are looked at for statistics, searches and filters.
    static final long MOST_ROWS = 5_000_000;

    /// How long one request may read.
    static final Duration MOST_TIME = Duration.ofSeconds(30);

    private static final int STEP = 1_000;

    /// A number of rows.
    ///
    /// @param partial there are more, which nobody counted
    record Count(long rows, boolean partial) {}

    private final String config;
    private final String split;
    private final List<DataFile> files;
    private final Format format;
    private final Dataset data;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable Count count;
    private volatile @Nullable Map<String, @Nullable Object> statistics;

    ViewedSplit(String config, String split, List<DataFile> files, Format format, Dataset data) {
        this.config = config;
        this.split = split;
        this.files = files;
        this.format = format;
        this.data = data;
    }

    String config() {
        return config;
    }

    String split() {
        return split;
    }

    List<DataFile> files() {
        return files;
    }

    Dataset data() {
        return data;
    }

    boolean isParquet() {
        return format == Format.PARQUET;
    }

    /// What names the split among those of its commit, in letters that any file's name may have.
    String key() {
        byte[] name = (config + "/" + split).getBytes(StandardCharsets.UTF_8);
        return ContentId.of(name).hex();
    }

    long bytes() {
        return files.stream().mapToLong(f -> Math.max(0, f.size())).sum();
    }

    /// The number of rows: what the files say, or as many as can be counted in the time of a
    /// request.
    Count count() {
        Count known = count;
        if (known != null) {
            return known;
        }
        reading.lock();
        try {
            Count found = count;
            if (found == null) {
                found = counted();
                count = found;
            }
            return found;
        } finally {
            reading.unlock();
        }
    }

    private Count counted() {
        OptionalLong told = size();
        if (told.isPresent()) {
            return new Count(told.getAsLong(), false);
        }
        long end = System.nanoTime() + MOST_TIME.toNanos();
        long rows = 0;
        try (RowCursor cursor = data.open()) {
            while (System.nanoTime() < end) {
                long here = cursor.skip(STEP);
                rows += here;
                if (here < STEP) {
                    return new Count(rows, false);
                }
            }
        } catch (Problem _) {
            // The rows before the damage can be looked at.
        }
        return new Count(rows, true);
    }

    private OptionalLong size() {
        try {
            return data.size();
        } catch (Problem e) {
            throw ViewerErrors.damaged("StreamingRowsError", e);
        }
    }

    /// The answer of `/statistics`.
    Map<String, @Nullable Object> statistics() {
        Map<String, @Nullable Object> known = statistics;
        if (known != null) {
            return known;
        }
        reading.lock();
        try {
            Map<String, @Nullable Object> found = statistics;
            if (found == null) {
                found = ViewerStatistics.json(DatasetStatistics.of(data, options()));
                statistics = found;
            }
            return found;
        } catch (Problem e) {
            throw ViewerErrors.damaged("StreamingRowsError", e);
        } finally {
            reading.unlock();
        }
    }

    private static StatisticsOptions options() {
        return StatisticsOptions.defaults()
                .maxRows(MOST_ROWS)
                .maxTime(MOST_TIME)
                .maxFrequent(1_000);
    }

    /// Rows as the viewer's clients read them.
    List<Object> rows(long offset, int length, ViewerCells cells) {
        try (RowCursor cursor = data.open()) {
            cursor.skip(offset);
            List<Object> rows = new ArrayList<>();
            while (rows.size() < length) {
                Row row = cursor.next();
                if (row == null) {
                    break;
                }
                rows.add(cells.row(offset + rows.size(), row, length - rows.size()));
            }
            return rows;
        } catch (Problem e) {
            throw ViewerErrors.damaged("StreamingRowsError", e);
        }
    }
}
