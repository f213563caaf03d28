package dev.jebena.data;

import dev.jebena.base.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Rows of named columns, read as they are asked for. A value: methods that change rows return
/// another data set and leave this one as it is; nothing is read before a pass begins. Each pass
/// ([#open]) starts anew, sees the same rows in the same order, and can be left and gone on with
/// exactly ([RowCursor#state]).
///
/// Functions given to it are called in the thread that reads, once for each row and pass.
public interface Dataset extends Iterable<Row> {
    /// The split `train`, or the only one, of a file, a folder, a web address (`https://...`) or a
    /// repository of a hub (`org/name`).
    static Dataset load(String source) {
        return load(source, LoadOptions.defaults());
    }

    /// @param split such as `train`
    static Dataset load(String source, String split) {
        return load(source, LoadOptions.defaults().split(split));
    }

    /// @throws Problem when nothing is there, the split is unknown or a file is damaged
    static Dataset load(String source, LoadOptions options) {
        return Loading.load(source, options);
    }

    /// Rows in memory, all with the same columns.
    static Dataset of(Features features, List<Row> rows) {
        return new MemoryDataset(features, rows);
    }

    /// Rows in memory; the first one's columns with types that hold all values.
    static Dataset of(List<Map<String, ? extends @Nullable Object>> rows) {
        return MemoryDataset.of(rows);
    }

    /// The rows of all, one data set after the other. They have the same columns.
    static Dataset concatenate(Dataset... parts) {
        return new ConcatenatedDataset(List.of(parts));
    }

    /// Rows of several data sets in turns.
    static Dataset interleave(Interleaving how, Dataset... parts) {
        return new InterleavedDataset(List.of(parts), how);
    }

    /// The columns.
    Features features();

    /// A pass from the beginning.
    default RowCursor open() {
        return open(null);
    }

    /// A pass from where another one of the same pipeline over the same files stood.
    ///
    /// @param state of that pass; null: from the beginning
    RowCursor open(@Nullable DatasetState state);

    /// The number of rows, where it is known without reading them.
    OptionalLong size();

    /// The number of rows; reads them all where [#size] does not know.
    default long count() {
        if (size().isPresent()) {
            return size().getAsLong();
        }
        try (RowCursor rows = open()) {
            return rows.skip(Long.MAX_VALUE);
        }
    }

    /// So many rows from one on; fewer at the end.
    ///
    /// @param offset the number of the first row, from 0
    default List<Row> rows(long offset, int length) {
        if (offset < 0 || length < 0) {
            throw Problem.badRequest(
                    "rows from %d, %d of them: neither may be negative".formatted(offset, length));
        }
        List<Row> rows = new ArrayList<>();
        try (RowCursor cursor = open()) {
            cursor.skip(offset);
            while (rows.size() < length) {
                Row row = cursor.next();
                if (row == null) {
                    break;
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /// True when any row can be had at once: then [#shuffle(long)] mixes all of them.
    default boolean isIndexed() {
        return false;
    }

    /// One row of an indexed data set.
    default Row row(long number) {
        List<Row> rows = rows(number, 1);
        if (rows.isEmpty()) {
            throw Problem.badRequest("there is no row %,d of %,d".formatted(number, count()));
        }
        return rows.getFirst();
    }

    /// Rows as the function makes them. The first row's columns become those of all.
    default Dataset map(UnaryOperator<Row> function) {
        return MappedDataset.of(this, function);
    }

    /// Rows as the function makes them, with these columns.
    default Dataset map(UnaryOperator<Row> function, Features features) {
        return new MappedDataset(this, function, features);
    }

    /// The rows for which the test is true.
    default Dataset filter(Predicate<Row> test) {
        return new FilteredDataset(this, test);
    }

    /// Only these columns, in this order.
    default Dataset select(String... columns) {
        Features fewer = features().select(List.of(columns));
        return map(row -> row.select(columns), fewer);
    }

    /// All columns but these.
    default Dataset without(String... columns) {
        for (String column : columns) {
            features().require(column);
        }
        List<String> kept = new ArrayList<>(features().names());
        kept.removeAll(Arrays.asList(columns));
        return select(kept.toArray(String[]::new));
    }

    /// With another name for a column.
    default Dataset rename(String from, String to) {
        Features renamed = features().rename(Map.of(from, to));
        return map(row -> Row.of(renamed, row.values()), renamed);
    }

    /// The first rows.
    default Dataset take(long count) {
        return new SlicedDataset(this, 0, count);
    }

    /// All but the first rows.
    default Dataset skip(long count) {
        return new SlicedDataset(this, count, Long.MAX_VALUE);
    }

    /// In another order: any of all where the data set [#isIndexed], else [#shuffle(long, int)]
    /// with 10,000 rows at a time.
    default Dataset shuffle(long seed) {
        return isIndexed() ? new PermutedDataset(this, seed) : shuffle(seed, 10_000);
    }

    /// In another order, as well as a stream allows: the files are mixed, then blocks of rows, each
    /// by itself. Another epoch wants another seed.
    ///
    /// @param buffer rows of a block; they are held in memory
    default Dataset shuffle(long seed, int buffer) {
        return new ShuffledDataset(this, seed, buffer);
    }

    /// Every `count`-th row, from row `index` on: the part of one of `count` workers.
    default Dataset shard(int count, int index) {
        return FilteredDataset.shard(this, count, index);
    }

    /// Two parts without a common row: by chance, the same for the same seed and number of rows, in
    /// the order they have here. Counts the rows where they are not known.
    ///
    /// @param testFraction how much of all rows is the test part, rounded up, between 0 and 1
    default TrainTestSplit trainTestSplit(double testFraction, long seed) {
        return TrainTestSplit.of(this, testFraction, seed);
    }

    /// A pass in batches; the last one may be smaller.
    default Batches batches(int size) {
        return new Batches(features(), open(), size);
    }

    /// A pass in batches from where another one stood.
    default Batches batches(int size, DatasetState state) {
        return new Batches(features(), open(state), size);
    }

    /// Every column described; one pass over all rows.
    default DatasetStatistics statistics() {
        return DatasetStatistics.of(this, StatisticsOptions.defaults());
    }

    /// The rows that a query in SQL gives, where this data set is the table `data`. The result is
    /// in memory or a temporary file until it is closed.
    default SqlResult sql(String query) {
        return Sql.query(Map.of("data", this), query);
    }

    /// The data set with its files in another order, where it has any; for [#shuffle(long, int)].
    default Dataset withFilesShuffled(long seed) {
        return this;
    }

    /// A pass as an iterator, which closes itself behind the last row.
    @Override
    default Iterator<Row> iterator() {
        RowCursor cursor = open();
        return new Iterator<>() {
            private @Nullable Row next = cursor.next();

            @Override
            public boolean hasNext() {
                if (next == null) {
                    cursor.close();
                }
                return next != null;
            }

            @Override
            public Row next() {
                Row row = next;
                if (row == null) {
                    throw new NoSuchElementException();
                }
                next = cursor.next();
                return row;
            }
        };
    }
}
