package dev.jebena.data;

import dev.jebena.base.Problem;
import dev.jebena.data.internal.FormatReader;
import dev.jebena.data.internal.RecordCursor;
import dev.jebena.data.internal.RowFinder;
import dev.jebena.data.internal.RowIndex;
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

    /// Fewer rows are passed over by reading on.
    private static final int WORTH_FINDING = 1_000;

    private final List<DataFile> files;
    private final FormatReader format;
    private final Features features;

    /// Numbers of rows, as far as they were asked for.
    private final AtomicReferenceArray<OptionalLong> rows;

    /// Where rows begin, as far as somebody passed over them.
    private final AtomicReferenceArray<RowMarks> marks;

    /// Of files whose rows can be had by their numbers.
    private final AtomicReferenceArray<RowIndex> indexes;

    FileDataset(List<DataFile> files, FormatReader format, Features features) {
        this.files = List.copyOf(files);
        this.format = format;
        this.features = features;
        this.rows = new AtomicReferenceArray<>(files.size());
        this.marks = new AtomicReferenceArray<>(files.size());
        this.indexes = new AtomicReferenceArray<>(files.size());
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
                RowIndex index = index(file);
                known =
                        index == null
                                ? format.rows(files.get(file))
                                : OptionalLong.of(index.size());
            } catch (IOException e) {
                throw unreadable(file, e);
            }
            rows.set(file, known);
        }
        return known;
    }

    private @Nullable RowIndex index(int file) throws IOException {
        RowIndex known = indexes.get(file);
        if (known == null) {
            known = format.index(files.get(file), features);
            indexes.set(file, known);
        }
        return known;
    }

    private RowMarks marks(int file) {
        RowMarks fresh = new RowMarks();
        return marks.compareAndSet(file, null, fresh) ? fresh : marks.get(file);
    }

    @Override
    public boolean isIndexed() {
        if (files.size() > MAX_OPENED_FOR_SIZE) {
            return false;
        }
        for (int i = 0; i < files.size(); i++) {
            try {
                if (index(i) == null) {
                    return false;
                }
            } catch (IOException e) {
                throw unreadable(i, e);
            }
        }
        return true;
    }

    @Override
    public Row row(long number) {
        if (!isIndexed()) {
            return Dataset.super.row(number);
        }
        long before = 0;
        for (int i = 0; i < files.size() && number >= 0; i++) {
            RowIndex index = indexes.get(i);
            if (number - before < index.size()) {
                return Row.of(features, index.row(number - before));
            }
            before += index.size();
        }
        throw Problem.badRequest("there is no row %,d of %,d".formatted(number, before));
    }

    private RecordCursor records(int file) throws IOException {
        RowIndex index = index(file);
        return index == null ? format.open(files.get(file), features) : new IndexedRecords(index);
    }

    /// A file's rows by their numbers, from front to back.
    private static final class IndexedRecords implements RecordCursor {
        private final RowIndex index;
        private long at;

        IndexedRecords(RowIndex index) {
            this.index = index;
        }

        @Override
        public @Nullable Object @Nullable [] next() {
            return at < index.size() ? index.row(at++) : null;
        }

        @Override
        public long skip(long count) {
            long skipped = Math.min(count, index.size() - at);
            at += skipped;
            return skipped;
        }
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
                    pass(from);
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
                        from = records(file);
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

        /// Passes over so many rows of this file; returns how many it had.
        private long pass(long count) throws IOException {
            long from = row;
            if (count >= WORTH_FINDING && find(count)) {
                return row - from;
            }
            RecordCursor reading = records == null ? records(file) : records;
            records = reading;
            row += reading.skip(count);
            return row - from;
        }

        /// Goes on where the row begins; false where the format cannot tell that.
        private boolean find(long count) throws IOException {
            if (index(file) != null) {
                return false;
            }
            long target = row + Math.min(count, Long.MAX_VALUE - row);
            RowMarks known = marks(file);
            RowMarks.Mark mark = known.before(target);
            try (RowFinder finder = format.finder(files.get(file), mark.offset())) {
                if (finder == null) {
                    return false;
                }
                long at = mark.row();
                boolean more = true;
                while (more && at < target) {
                    long step = Math.min(known.stride(), target - at);
                    long passed = finder.skip(step);
                    at += passed;
                    more = passed == step;
                    known.add(at, finder.offset());
                }
                if (!more) {
                    rows.set(file, OptionalLong.of(at));
                }
                goOn(at, finder.offset());
            }
            return true;
        }

        private void goOn(long at, long offset) throws IOException {
            if (records != null) {
                records.close();
            }
            records = format.openAt(files.get(file), features, offset, at);
            row = at;
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
                    skipped += pass(count - skipped);
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
