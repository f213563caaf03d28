package dev.jebena.data;

import dev.jebena.base.Problem;
import dev.jebena.data.internal.FormatReader;
import dev.jebena.data.internal.RecordCursor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The rows of files of one format, file after file.
final class FileDataset implements Dataset {
    private static final int MAX_OPENED_FOR_SIZE = 500;

    private final List<DataFile> files;
    private final FormatReader format;
    private final Features features;

    /// Numbers of rows, as far as they were asked for.
    private final AtomicReferenceArray<OptionalLong> rows;

    FileDataset(List<DataFile> files, FormatReader format, Features features) {
        this.files = List.copyOf(files);
        this.format = format;
        this.features = features;
        this.rows = new AtomicReferenceArray<>(files.size());
    }

    List<DataFile> files() {
        return files;
    }

    FormatReader format() {
        return format;
    }

    @Override
    public Features features() {
        return features;
    }

    @Override
    public OptionalLong size() {
        if (files.size() > MAX_OPENED_FOR_SIZE) {
            return OptionalLong.empty();
        }
        long all = 0;
        for (int i = 0; i < files.size(); i++) {
            OptionalLong one = size(i);
            if (one.isEmpty()) {
                return one;
            }
            all += one.getAsLong();
        }
        return OptionalLong.of(all);
    }

    private OptionalLong size(int file) {
        OptionalLong known = rows.get(file);
        if (known == null) {
            try {
                known = format.rows(files.get(file));
            } catch (IOException e) {
                throw unreadable(file, e);
            }
            rows.set(file, known);
        }
        return known;
    }

    private Problem unreadable(int file, IOException e) {
        return new Problem(
                Problem.Code.STORAGE,
                "cannot read %s: %s".formatted(files.get(file).name(), e.getMessage()),
                null,
                e);
    }

    @Override
    public Dataset withFilesShuffled(long seed) {
        List<DataFile> mixed = new ArrayList<>();
        for (int i : Draws.order(files.size(), Draws.bits(seed, -1))) {
            mixed.add(files.get(i));
        }
        return new FileDataset(mixed, format, features);
    }

    @Override
    public RowCursor open(@Nullable DatasetState state) {
        return new Rows(state);
    }

    private final class Rows implements RowCursor {
        private int file;
        private long row;
        private @Nullable RecordCursor records;

        Rows(@Nullable DatasetState state) {
            if (state == null) {
                return;
            }
            DatasetState place = state.expect("files");
            file = Math.toIntExact(place.number("file"));
            if (file > files.size()
                    || (file < files.size()
                            && !files.get(file).name().equals(place.values().get("name")))) {
                throw DatasetState.mismatch(
                        "file %d was %s".formatted(file, place.values().get("name")));
            }
            resume(place.number("row"), place.number("offset"));
        }

        private void resume(long from, long offset) {
            if (file == files.size() || from == 0) {
                return;
            }
            try {
                if (offset > 0) {
                    records = format.openAt(files.get(file), features, offset, from);
                    row = from;
                } else {
                    records = format.open(files.get(file), features);
                    row = records.skip(from);
                }
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }

        @Override
        public @Nullable Row next() {
            try {
                while (file < files.size()) {
                    RecordCursor from = records;
                    if (from == null) {
                        from = format.open(files.get(file), features);
                        records = from;
                    }
                    @Nullable Object[] values = from.next();
                    if (values != null) {
                        row++;
                        return Row.of(features, values);
                    }
                    nextFile();
                }
                return null;
            } catch (IOException | UncheckedIOException e) {
                throw broken(e);
            }
        }

        private Problem broken(Exception e) {
            return new Problem(
                    Problem.Code.BAD_FILE,
                    "%s, behind row %,d: %s".formatted(files.get(file).name(), row, e.getMessage()),
                    "is the file whole?",
                    e);
        }

        private void nextFile() throws IOException {
            if (records != null) {
                records.close();
                records = null;
            }
            file++;
            row = 0;
        }

        @Override
        public long skip(long count) {
            long skipped = 0;
            try {
                while (skipped < count && file < files.size()) {
                    OptionalLong known =
                            row == 0 && records == null ? size(file) : OptionalLong.empty();
                    if (known.isPresent() && known.getAsLong() <= count - skipped) {
                        skipped += known.getAsLong();
                        nextFile();
                        continue;
                    }
                    RecordCursor from = records;
                    if (from == null) {
                        from = format.open(files.get(file), features);
                        records = from;
                    }
                    long here = from.skip(count - skipped);
                    row += here;
                    skipped += here;
                    if (skipped < count) {
                        nextFile();
                    }
                }
            } catch (IOException | UncheckedIOException e) {
                throw broken(e);
            }
            return skipped;
        }

        @Override
        public DatasetState state() {
            return DatasetState.of(
                    "files",
                    "file",
                    file,
                    "name",
                    file < files.size() ? files.get(file).name() : "",
                    "row",
                    row,
                    "offset",
                    records == null ? -1 : records.offset());
        }

        @Override
        public void close() {
            if (records != null) {
                try {
                    records.close();
                } catch (IOException e) {
                    throw unreadable(Math.min(file, files.size() - 1), e);
                }
                records = null;
            }
        }
    }
}
