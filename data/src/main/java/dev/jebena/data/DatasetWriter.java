package dev.jebena.data;

import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import dev.jebena.data.internal.ArrowWriter;
import dev.jebena.data.internal.Duck;
import dev.jebena.data.internal.TextWriter;
import dev.jebena.data.internal.Values;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes data sets as files: CSV, TSV, JSON, JSON lines, text, Parquet and Arrow, by the file's
/// name. The types of columns, class labels too, go into Parquet and Arrow files as Hugging Face's
/// `datasets` keeps them.
public final class DatasetWriter {
    private static final int STEP = 5_000;

    private DatasetWriter() {}

    /// Writes all rows; returns how many there were. The file has its name only when it is whole.
    ///
    /// @throws Problem when the format cannot be written or cannot hold the columns
    public static long write(Dataset data, Path file, ProgressListener listener) {
        Format format = Format.of(file.getFileName().toString());
        if (format == null
                || format == Format.WARC
                || format == Format.WEBDATASET
                || format.isMedia()) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "%s: cannot write %s".formatted(file, format == null ? "this" : format),
                    "name it .csv, .tsv, .json, .jsonl, .txt, .parquet, .arrow or .arrows");
        }
        return write(data, file, format, listener);
    }

    private static long write(Dataset data, Path file, Format format, ProgressListener listener) {
        Path target = file.toAbsolutePath();
        Path folder = java.util.Objects.requireNonNull(target.getParent());
        Path temporary = DurableFiles.temporary(folder);
        try (RowCursor rows = data.open()) {
            Files.createDirectories(folder);
            Counter counter = new Counter(rows, data, file.toString(), listener);
            switch (format) {
                case PARQUET -> parquet(data, counter, temporary);
                case ARROW -> arrow(data, counter, temporary, file.toString().endsWith(".arrows"));
                default -> text(data, counter, temporary, format);
            }
            DurableFiles.sync(temporary);
            DurableFiles.move(temporary, target);
            return counter.rows;
        } catch (IOException e) {
            throw Problem.storage("cannot write " + file, e);
        } finally {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException _) {
                // The reason why the write failed says more.
            }
        }
    }

    private static String metadata(Dataset data) {
        return Values.json(Map.of("info", Map.of("features", data.features().json())));
    }

    private static void parquet(Dataset data, Counter rows, Path file) {
        try (Duck duck = Duck.open()) {
            duck.table("data", data.features(), rows);
            duck.writeParquet("data", file, metadata(data));
        }
    }

    private static void arrow(Dataset data, Counter rows, Path file, boolean stream)
            throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            ArrowWriter.write(data.features(), metadata(data), rows, out, stream);
        }
    }

    private static void text(Dataset data, Counter rows, Path file, Format format)
            throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            switch (format) {
                case CSV -> TextWriter.csv(data.features(), rows, out, ',');
                case TSV -> TextWriter.csv(data.features(), rows, out, '\t');
                case JSON -> TextWriter.json(data.features(), rows, out, true);
                case JSONL -> TextWriter.json(data.features(), rows, out, false);
                default -> TextWriter.lines(data.features(), rows, out);
            }
        }
    }

    /// Hands out rows and tells how many.
    private static final class Counter implements Duck.Source {
        private final RowCursor cursor;
        private final String name;
        private final ProgressListener listener;
        private final long total;
        private long rows;

        Counter(RowCursor cursor, Dataset data, String name, ProgressListener listener) {
            this.cursor = cursor;
            this.name = name;
            this.listener = listener;
            this.total = data.size().orElse(-1);
        }

        @Override
        public @Nullable Object @Nullable [] next() {
            Row row = cursor.next();
            if (row == null) {
                return null;
            }
            if (++rows % STEP == 0) {
                listener.on(new Progress(name, "writing", rows, total, Progress.Unit.ITEMS, null));
            }
            return row.values();
        }
    }
}
