package dev.jebena.data.internal;

import dev.jebena.data.DataFile;
import dev.jebena.data.DataLimits;
import dev.jebena.data.Features;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.SoftReference;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// An Arrow file, mapped or read in ranges: any row at once, nothing of it in the heap but what is
/// asked for. A mapping ends when nobody can reach it any more.
final class ArrowTable implements RowIndex {
    private static final int MAX_BATCHES = 4_000_000;

    private final String file;
    private final DataLimits limits;
    private final List<ArrowField> fields;
    private final Features features;
    private final List<Batch> batches = new ArrayList<>();
    private final long[] starts;
    private final boolean mapped;
    private final AtomicReferenceArray<@Nullable List<ArrowColumn>> light;
    private volatile SoftReference<@Nullable Decoded> last = new SoftReference<>(null);

    private record Batch(ArrowMessage message, Map<Long, ArrowColumn> dictionaries, long rows) {}

    /// The columns of a batch that had to be decompressed or read.
    private record Decoded(int batch, List<ArrowColumn> columns) {}

    /// @param isFile of the file format, not the stream format
    private ArrowTable(
            String file,
            ArrowMessage.Reader messages,
            boolean mapped,
            boolean isFile,
            DataLimits limits)
            throws IOException {
        this.file = file;
        this.mapped = mapped;
        this.limits = limits;
        ArrowStream stream = new ArrowStream(messages, limits);
        this.fields = stream.fields();
        this.features = stream.features();
        ArrowMessage message = stream.next();
        while (message != null) {
            batches.add(
                    new Batch(message, stream.dictionaries(), ArrowBatch.rows(message.header())));
            if (batches.size() > MAX_BATCHES) {
                throw new IndexOutOfBoundsException("more than %,d batches".formatted(MAX_BATCHES));
            }
            message = stream.next();
        }
        if (isFile) {
            // Dictionaries of files may stand behind the batches that use them.
            batches.replaceAll(b -> new Batch(b.message(), stream.dictionaries(), b.rows()));
        }
        this.starts = new long[batches.size() + 1];
        for (int i = 0; i < batches.size(); i++) {
            starts[i + 1] = Math.addExact(starts[i], batches.get(i).rows());
        }
        this.light = new AtomicReferenceArray<>(batches.size());
    }

    /// @throws dev.jebena.base.Problem when it is damaged
    static ArrowTable open(DataFile file, DataLimits limits) throws IOException {
        try {
            Path path = file.path();
            return path == null
                    ? new ArrowTable(
                            file.name(),
                            ArrowMessage.of(file, limits.blockBytes()),
                            false,
                            ArrowMessage.isFile(file),
                            limits)
                    : mapped(file.name(), path, limits);
        } catch (RuntimeException e) {
            throw ArrowReader.damaged(file.name(), "", e);
        }
    }

    private static ArrowTable mapped(String name, Path path, DataLimits limits) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment mapped =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
            return new ArrowTable(
                    name, ArrowMessage.of(mapped), true, ArrowMessage.isFile(mapped), limits);
        }
    }

    Features features() {
        return features;
    }

    @Override
    public long size() {
        return starts[batches.size()];
    }

    @Override
    public @Nullable Object[] row(long number) {
        int at = Arrays.binarySearch(starts, number);
        int batch = at >= 0 ? at : -at - 2;
        while (batch < batches.size() && batches.get(batch).rows() == 0) {
            batch++;
        }
        try {
            return row(columns(batch), number - starts[batch], budget());
        } catch (IOException | RuntimeException e) {
            throw ArrowReader.damaged(file, "row " + number, e);
        }
    }

    ArrowColumn.Budget budget() {
        return new ArrowColumn.Budget(limits.recordBytes());
    }

    static @Nullable Object[] row(List<ArrowColumn> columns, long row, ArrowColumn.Budget budget) {
        @Nullable Object[] values = new Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = columns.get(i).at(row, budget);
        }
        return values;
    }

    /// Columns over the mapping cost nothing and are kept; of others only the last, while memory
    /// allows.
    private List<ArrowColumn> columns(int batch) throws IOException {
        List<ArrowColumn> kept = light.get(batch);
        if (kept != null) {
            return kept;
        }
        Decoded decoded = last.get();
        if (decoded != null && decoded.batch() == batch) {
            return decoded.columns();
        }
        Batch one = batches.get(batch);
        FlatTable header = one.message().header();
        List<ArrowColumn> columns =
                ArrowBatch.columns(
                        header,
                        one.message().body().load(),
                        fields,
                        one.dictionaries(),
                        limits.blockBytes());
        if (mapped && header.table(3) == null) {
            light.set(batch, columns);
        } else {
            last = new SoftReference<>(new Decoded(batch, columns));
        }
        return columns;
    }
}
