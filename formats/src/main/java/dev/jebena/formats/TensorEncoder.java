package dev.jebena.formats;

import dev.jebena.compute.DataType;
import dev.jebena.compute.Workers;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/// Encodes tensors piece by piece while they are written, the rows of a piece on all workers.
public final class TensorEncoder {
    /// Bytes of the output that are in memory at a time, about.
    private static final int PIECE = 8 << 20;

    /// Elements of a worker's share: some milliseconds of work.
    private static final int SHARE = 1 << 16;

    private final Workers workers;
    private final @Nullable ImportanceMatrix importance;
    private final Quantizer.Progress progress;
    private final long total;
    private long done;

    /// @param importance of columns; null to judge by the weights alone
    /// @param total bytes of all tensors, for the progress
    public TensorEncoder(
            Workers workers,
            @Nullable ImportanceMatrix importance,
            Quantizer.Progress progress,
            long total) {
        this.workers = workers;
        this.importance = importance;
        this.progress = progress;
        this.total = total;
    }

    /// The elements of `tensor` as `type`, when they are asked for.
    public TensorData data(StoredTensor tensor, DataType type) {
        return out -> {
            if (type == tensor.type()) {
                copy(tensor, out);
            } else {
                encode(tensor, type, out);
            }
        };
    }

    /// Encodes all of `tensor` into `target`.
    void encode(StoredTensor tensor, DataType type, MemorySegment target) {
        if (tensor.elements() > 0) {
            long rows = tensor.elements() / tensor.shape().getLast();
            encodeRows(tensor, type, weights(tensor, type), 0, Math.toIntExact(rows), target);
        }
    }

    private void copy(StoredTensor tensor, WritableByteChannel out) throws IOException {
        MemorySegment data = tensor.data();
        for (long at = 0; at < data.byteSize(); at += PIECE) {
            long length = Math.min(PIECE, data.byteSize() - at);
            out.write(data.asSlice(at, length).asByteBuffer());
            report(tensor, length);
        }
    }

    private void encode(StoredTensor tensor, DataType type, WritableByteChannel out)
            throws IOException {
        long columns = tensor.shape().getLast();
        if (tensor.elements() == 0) {
            return;
        }
        long rowBytes = type.bytes(columns);
        if (columns > Integer.MAX_VALUE / 16) {
            throw new FormatException(
                    "the tensor %s has rows of %d elements; at most %d can be encoded"
                            .formatted(
                                    Names.quoted(tensor.name()), columns, Integer.MAX_VALUE / 16));
        }
        long rows = tensor.elements() / columns;
        long pieceRows = Math.max(1, PIECE / rowBytes);
        float[][] weights = weights(tensor, type);
        for (long first = 0; first < rows; first += pieceRows) {
            int count = (int) Math.min(pieceRows, rows - first);
            MemorySegment piece =
                    MemorySegment.ofArray(new byte[Math.toIntExact(count * rowBytes)]);
            encodeRows(tensor, type, weights, first, count, piece);
            out.write(piece.asByteBuffer());
            report(tensor, tensor.type().bytes(count * columns));
        }
    }

    /// The importance of the columns for each of the tensor's matrices; none where it is unknown.
    private float[][] weights(StoredTensor tensor, DataType type) {
        if (importance == null || type.blockSize() == 1) {
            return new float[0][];
        }
        int matrices = tensor.shape().size() < 3 ? 1 : Math.toIntExact(tensor.shape().getFirst());
        float[][] weights = new float[matrices][];
        for (int i = 0; i < matrices; i++) {
            float[] each = importance.of(tensor, i);
            if (each == null) {
                return new float[0][];
            }
            weights[i] = each;
        }
        return weights;
    }

    private void encodeRows(
            StoredTensor tensor,
            DataType type,
            float[][] weights,
            long first,
            int count,
            MemorySegment piece) {
        int columns = Math.toIntExact(tensor.shape().getLast());
        int share = Math.max(1, SHARE / columns);
        long matrixRows = weights.length == 0 ? 1 : tensor.elements() / columns / weights.length;
        workers.run(
                (count + share - 1) / share,
                (tile, worker) -> {
                    float[] row = new float[columns];
                    int blocks = columns / type.blockSize();
                    int end = Math.min(count, (tile + 1) * share);
                    for (int i = tile * share; i < end; i++) {
                        read(tensor, first + i, row);
                        if (weights.length == 0) {
                            type.encode(row, 0, piece, (long) i * blocks, blocks);
                        } else {
                            float[] own = weights[(int) ((first + i) / matrixRows)];
                            type.encode(row, 0, own, piece, (long) i * blocks, blocks);
                        }
                    }
                });
    }

    private static void read(StoredTensor tensor, long number, float[] row) {
        int blocks = row.length / tensor.type().blockSize();
        tensor.type().decode(tensor.data(), number * blocks, blocks, row, 0);
        for (int i = 0; i < row.length; i++) {
            if (!Float.isFinite(row[i])) {
                throw new FormatException(
                        "the tensor %s has %s in row %d, column %d; the model is damaged"
                                .formatted(Names.quoted(tensor.name()), row[i], number, i));
            }
        }
    }

    private void report(StoredTensor tensor, long bytes) {
        done += bytes;
        progress.on(tensor.name(), done, total);
    }
}
