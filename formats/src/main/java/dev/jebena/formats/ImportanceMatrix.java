package dev.jebena.formats;

import dev.jebena.compute.DataType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How large the activations are that each column of a model's matrices is multiplied with,
/// measured over a text: what a quantizer weighs its errors with.
///
/// Files are those of llama.cpp's `imatrix` in GGUF: of each matrix NAME, `NAME.in_sum2` holds the
/// sums of squares by expert and column, `NAME.counts` the rows summed by expert. Its older files,
/// which are no GGUF and often end in `.dat`, can be read.
///
/// @param sums by tensor
/// @param datasets names of the texts
/// @param chunks pieces of text that were computed
/// @param chunkTokens tokens of each
public record ImportanceMatrix(
        SortedMap<String, Sums> sums, List<String> datasets, int chunks, int chunkTokens) {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final String SQUARES = ".in_sum2";
    private static final String COUNTS = ".counts";

    /// Sums of one tensor.
    ///
    /// @param squares sums of squares, expert by expert
    /// @param counts rows that were summed, for each expert; one where there are none
    public record Sums(float[] squares, float[] counts) {
        int columns() {
            return squares.length / counts.length;
        }
    }

    /// Reads a file. Throws [FormatException] when it is damaged or of another kind.
    public static ImportanceMatrix read(Path file) {
        if (!LegacyImportance.isGguf(file)) {
            return LegacyImportance.read(file);
        }
        try (Gguf gguf = Gguf.open(file)) {
            if (!"imatrix".equals(gguf.metadata().get("general.type"))) {
                throw new FormatException(
                        "%s: general.type is %s, not \"imatrix\"; make one with: jebena imatrix MODEL TEXT -o FILE"
                                .formatted(file, gguf.metadata().get("general.type")));
            }
            SortedMap<String, Sums> sums = new TreeMap<>();
            for (StoredTensor tensor : gguf.tensors().values()) {
                if (tensor.name().endsWith(SQUARES)) {
                    String name =
                            tensor.name().substring(0, tensor.name().length() - SQUARES.length());
                    sums.put(name, sums(file, tensor, gguf.tensor(name + COUNTS)));
                }
            }
            return new ImportanceMatrix(
                    sums,
                    datasets(gguf.metadata()),
                    number(gguf.metadata(), "imatrix.chunk_count"),
                    number(gguf.metadata(), "imatrix.chunk_size"));
        }
    }

    private static Sums sums(Path file, StoredTensor squares, StoredTensor counts) {
        long columns = squares.shape().isEmpty() ? 0 : squares.shape().getLast();
        if (squares.type() != DataType.F32
                || counts.type() != DataType.F32
                || squares.elements() > Integer.MAX_VALUE - 8
                || counts.elements() == 0
                || squares.elements() != columns * counts.elements()) {
            throw new FormatException(
                    "%s: %s %s%s and %s %s%s do not fit each other; they must be F32, with one count for each row"
                            .formatted(
                                    file,
                                    Names.quoted(squares.name()),
                                    squares.type(),
                                    squares.shape(),
                                    Names.quoted(counts.name()),
                                    counts.type(),
                                    counts.shape()));
        }
        return new Sums(numbers(file, squares), numbers(file, counts));
    }

    private static float[] numbers(Path file, StoredTensor tensor) {
        float[] numbers = tensor.data().toArray(FLOAT);
        for (float number : numbers) {
            if (!(number >= 0 && number <= Float.MAX_VALUE)) {
                throw new FormatException(
                        "%s: %s has %s; sums of squares and counts are numbers from 0 on"
                                .formatted(file, Names.quoted(tensor.name()), number));
            }
        }
        return numbers;
    }

    private static List<String> datasets(Map<String, Object> metadata) {
        List<String> names = new ArrayList<>();
        if (metadata.get("imatrix.datasets") instanceof List<?> list) {
            list.forEach(name -> names.add(String.valueOf(name)));
        }
        return List.copyOf(names);
    }

    private static int number(Map<String, Object> metadata, String key) {
        return metadata.get(key) instanceof Long number
                ? Math.clamp(number, 0, Integer.MAX_VALUE)
                : 0;
    }

    /// Writes a file.
    public void write(Path file) {
        GgufWriter writer =
                new GgufWriter()
                        .text("general.type", "imatrix")
                        .array("imatrix.datasets", GgufType.STRING, datasets)
                        .uint32("imatrix.chunk_count", chunks)
                        .uint32("imatrix.chunk_size", chunkTokens);
        sums.forEach((name, sum) -> {
            long experts = sum.counts.length;
            List<Long> shape = List.of(experts, (long) sum.columns());
            writer.tensor(floats(name + SQUARES, shape, sum.squares));
            writer.tensor(floats(name + COUNTS, List.of(experts, 1L), sum.counts));
        });
        writer.write(file);
    }

    private static StoredTensor floats(String name, List<Long> shape, float[] values) {
        MemorySegment data = MemorySegment.ofArray(new byte[4 * values.length]);
        MemorySegment.copy(values, 0, data, FLOAT, 0, values.length);
        return new StoredTensor(name, DataType.F32, shape, data);
    }

    /// The mean square of what each column of a matrix is multiplied with; null if it was not
    /// measured.
    ///
    /// @param expert number of the matrix in its tensor
    float @Nullable [] of(StoredTensor tensor, int expert) {
        Sums sum = sums.get(tensor.name());
        if (sum == null) {
            return null;
        }
        int columns = Math.toIntExact(tensor.shape().getLast());
        int row = sum.squares.length == columns ? 0 : expert;
        float count = sum.counts[sum.counts.length == 1 ? 0 : row];
        float[] means = new float[columns];
        for (int i = 0; i < columns; i++) {
            // An expert that no token came to is quantized as if all of its columns were alike.
            means[i] = count > 0 ? sum.squares[row * columns + i] / count : 1;
        }
        return means;
    }

    /// Throws [FormatException] when the sums are of a tensor of another shape.
    void check(StoredTensor tensor) {
        Sums sum = sums.get(tensor.name());
        if (sum == null) {
            return;
        }
        long matrices = tensor.shape().size() < 3 ? 1 : tensor.shape().getFirst();
        long columns = tensor.shape().getLast();
        boolean apart = sum.squares.length == columns * matrices;
        if ((sum.squares.length != columns && !apart)
                || (sum.counts.length != 1 && sum.counts.length != matrices)) {
            throw new FormatException(
                    "the importance matrix has %d x %d columns for the tensor %s of shape %s; make one of this model"
                            .formatted(
                                    sum.counts.length,
                                    sum.columns(),
                                    Names.quoted(tensor.name()),
                                    tensor.shape()));
        }
    }
}
