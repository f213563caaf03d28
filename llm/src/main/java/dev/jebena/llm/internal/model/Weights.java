package dev.jebena.llm.internal.model;

import dev.jebena.compute.DataType;
import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.PackedMatrix;
import dev.jebena.compute.PageMemory;
import dev.jebena.compute.WeightArena;
import dev.jebena.compute.WeightMatrix;
import dev.jebena.compute.Workers;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorFile;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.TokenCost;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A model file as its architecture reads it: tensors of the expected shape and hyper-parameters
/// within bounds, or BAD_MODEL that names the thing and both values.
public final class Weights {
    private final TensorFile file;
    private final Map<String, Object> metadata;
    private final Kernels kernels;
    private final Arena arena;
    private final String architecture;
    private final int contextLimit;
    private final Map<String, AdapterTarget> adaptable = new HashMap<>();
    private final List<Packing> packings = new ArrayList<>();
    private long ownBytes;
    private long packedBytes;
    private long multipliedBytes;
    private long multiplyAdds;

    /// A matrix that is still to be packed.
    private record Packing(WeightMatrix source, PackedMatrix target) {
        /// Rows of a piece: a multiple of what the kernels ask for, about 100 KB.
        int rows() {
            return Math.clamp((100_000 / source.rowBytes() + 15) & ~15, 16, source.rows() + 15);
        }

        int pieces() {
            return (source.rows() + rows() - 1) / rows();
        }

        void pack(Kernels kernels, int piece) {
            int begin = piece * rows();
            int end = Math.min(source.rows(), begin + rows());
            kernels.pack(source, begin, end, target, begin);
            // The packed rows are what is read from now on.
            PageMemory.leave(source.slice(begin, end).data());
        }
    }

    /// @param arena where converted and packed weights are kept
    /// @param contextLimit the longest sequence that will be computed; 0 for the model's own limit
    public Weights(TensorFile file, Kernels kernels, Arena arena, int contextLimit) {
        this.file = file;
        this.metadata = file.metadata();
        this.kernels = kernels;
        this.arena = WeightArena.within(arena);
        this.contextLimit = contextLimit;
        if (!(metadata.get("general.architecture") instanceof String name)) {
            throw bad("the file does not say its architecture (metadata key general.architecture)");
        }
        this.architecture = name;
    }

    public String architecture() {
        return architecture;
    }

    Arena arena() {
        return arena;
    }

    /// Notes that the graph uses a tensor in a way that adapters can change.
    void adaptable(String tensor, AdapterTarget target) {
        adaptable.put(tensor, target);
    }

    /// What adapters can change, by tensor, once the graph is built.
    Map<String, AdapterTarget> adaptable() {
        return adaptable;
    }

    /// Metadata of the model's file.
    public Map<String, Object> metadata() {
        return metadata;
    }

    /// Positions that tables over positions must cover, given the model's own limit.
    int positions(int modelContext) {
        return contextLimit == 0 ? modelContext : Math.min(contextLimit, modelContext);
    }

    /// Native bytes taken for weights that were converted.
    public long ownBytes() {
        return ownBytes + packedBytes;
    }

    /// Bytes of weights in the kernels' own layout.
    long packedBytes() {
        return packedBytes;
    }

    /// Counts a matrix that every token is multiplied with.
    void multiplied(WeightMatrix weight, @Nullable PackedMatrix packed) {
        multipliedBytes += packed == null ? weight.rows() * weight.rowBytes() : packed.bytes();
        multiplyAdds += (long) weight.rows() * weight.columns();
    }

    public TokenCost cost() {
        return new TokenCost(multipliedBytes, multiplyAdds);
    }

    boolean has(String tensor) {
        return file.tensors().containsKey(tensor);
    }

    /// A whole number of the architecture, such as `block_count`.
    int integer(String key, int min, int max) {
        Object value = metadata.get(architecture + "." + key);
        if (value == null) {
            throw bad("metadata key %s.%s is missing".formatted(architecture, key));
        }
        return bounded(key, value, min, max);
    }

    int integer(String key, int min, int max, int absent) {
        Object value = metadata.get(architecture + "." + key);
        return value == null ? absent : bounded(key, value, min, max);
    }

    private int bounded(String key, Object value, int min, int max) {
        if (value instanceof Long number && number >= min && number <= max) {
            return number.intValue();
        }
        throw bad(
                "metadata %s.%s is %s; expected a whole number from %d to %d"
                        .formatted(architecture, key, shown(value), min, max));
    }

    /// A positive number of the architecture, such as `rope.freq_base`.
    double number(String key, double max, double absent) {
        Object value = metadata.get(architecture + "." + key);
        if (value == null) {
            return absent;
        }
        if (value instanceof Number number
                && number.doubleValue() > 0
                && number.doubleValue() <= max) {
            return number.doubleValue();
        }
        throw bad(
                "metadata %s.%s is %s; expected a number above 0 and up to %s"
                        .formatted(architecture, key, shown(value), max));
    }

    String text(String key, String absent) {
        return metadata.get(architecture + "." + key) instanceof String text ? text : absent;
    }

    boolean flag(String key, boolean absent) {
        return metadata.get(architecture + "." + key) instanceof Boolean flag ? flag : absent;
    }

    /// Whether norms are root mean square norms; a family has one kind.
    boolean normalizesSquares() {
        return metadata.containsKey(architecture + ".attention.layer_norm_rms_epsilon");
    }

    /// Which of `layers` layers have something: a truth value for each, or every how many layers
    /// one does not.
    ///
    /// @param period where the file does not say
    /// @param first whether the layer without it is the first of a period, not the last
    boolean[] pattern(String key, int layers, int period, boolean first) {
        Object value = metadata.get(architecture + "." + key);
        boolean[] pattern = new boolean[layers];
        if (value instanceof List<?> flags) {
            if (flags.size() < layers || !flags.stream().allMatch(Boolean.class::isInstance)) {
                throw bad(
                        "metadata %s.%s has %d elements; expected true or false for each of %d layers"
                                .formatted(architecture, key, flags.size(), layers));
            }
            for (int i = 0; i < layers; i++) {
                pattern[i] = (Boolean) flags.get(i);
            }
            return pattern;
        }
        int each = integer(key, 0, 1 << 16, period);
        for (int i = 0; i < layers; i++) {
            pattern[i] = each == 0 || i % each != (first ? 0 : each - 1);
        }
        return pattern;
    }

    /// The shape that a tensor has.
    List<Long> shape(String tensor) {
        return stored(tensor).shape();
    }

    /// The number of rows of a matrix with `columns` columns, at most `max`.
    int rows(String tensor, int columns, int max) {
        StoredTensor stored = stored(tensor);
        List<Long> shape = stored.shape();
        if (shape.size() != 2
                || shape.get(1) != columns
                || shape.get(0) < 1
                || shape.get(0) > max) {
            throw bad(
                    "tensor %s has shape %s; expected [1 to %d, %d]"
                            .formatted(tensor, shape, max, columns));
        }
        return shape.get(0).intValue();
    }

    /// A matrix with `rows` outputs and `columns` inputs, as it lies in the file.
    WeightMatrix matrix(String tensor, int rows, int columns) {
        return matrix(tensor, List.of((long) rows, (long) columns));
    }

    /// `count` matrices of one shape, one after the other, as one with all of their rows.
    WeightMatrix matrices(String tensor, int count, int rows, int columns) {
        return matrix(tensor, List.of((long) count, (long) rows, (long) columns));
    }

    private WeightMatrix matrix(String tensor, List<Long> shape) {
        StoredTensor stored = stored(tensor);
        expectShape(stored, shape);
        try {
            return stored.matrix();
        } catch (IllegalArgumentException e) {
            throw new LlmException(
                    LlmException.Code.BAD_MODEL, "tensor " + tensor + ": " + e.getMessage(), e);
        }
    }

    /// A small matrix as float32.
    FloatMatrix table(String tensor, int rows, int columns) {
        WeightMatrix matrix = matrix(tensor, rows, columns);
        FloatMatrix values = FloatMatrix.allocate(arena, rows, columns);
        ownBytes += values.data().byteSize();
        for (int row = 0; row < rows; row++) {
            kernels.decodeRow(matrix, row, values, row);
        }
        return values;
    }

    /// A matrix with rows and columns exchanged, in memory of its own.
    WeightMatrix transposed(FloatMatrix matrix) {
        int rows = matrix.columns();
        int columns = matrix.rows();
        MemorySegment data = arena.allocate(4L * rows * columns, 64);
        ownBytes += data.byteSize();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                data.setAtIndex(
                        ValueLayout.JAVA_FLOAT,
                        (long) row * columns + column,
                        matrix.get(column, row));
            }
        }
        return new WeightMatrix(DataType.F32, rows, columns, data);
    }

    /// A vector of `length` elements as float32.
    FloatMatrix vector(String tensor, int length) {
        StoredTensor stored = stored(tensor);
        expectShape(stored, List.of((long) length));
        return decoded(stored, length);
    }

    /// Memory for `matrix` in the layout that the kernels multiply fastest with, filled by [#pack];
    /// null if they take the matrix as it lies in the file.
    @Nullable PackedMatrix packing(WeightMatrix matrix) {
        if (!kernels.packs(matrix.type(), matrix.rows(), matrix.columns())) {
            return null;
        }
        PackedMatrix packed =
                kernels.allocatePacked(matrix.type(), matrix.rows(), matrix.columns(), arena);
        packings.add(new Packing(matrix, packed));
        packedBytes += packed.bytes();
        return packed;
    }

    /// Packs the matrices of the graph; to be called once, before it is computed.
    public void pack(Workers workers) {
        int[] firstPiece = new int[packings.size() + 1];
        for (int i = 0; i < packings.size(); i++) {
            firstPiece[i + 1] = firstPiece[i] + packings.get(i).pieces();
        }
        workers.run(
                firstPiece[packings.size()],
                (piece, worker) -> {
                    int found = Arrays.binarySearch(firstPiece, piece);
                    int i = found < 0 ? -found - 2 : found;
                    packings.get(i).pack(kernels, piece - firstPiece[i]);
                });
        packings.clear();
    }

    /// Row `row` of a matrix as float32.
    FloatMatrix row(String tensor, int row, int rows, int columns) {
        WeightMatrix matrix = matrix(tensor, rows, columns);
        FloatMatrix values = FloatMatrix.allocate(arena, 1, columns);
        ownBytes += values.data().byteSize();
        kernels.decodeRow(matrix, row, values, 0);
        return values;
    }

    /// The bias of a norm that has none.
    FloatMatrix zeros(int length) {
        FloatMatrix values = FloatMatrix.allocate(arena, 1, length);
        ownBytes += values.data().byteSize();
        return values;
    }

    /// The weights of a norm that has none.
    FloatMatrix ones(int length) {
        FloatMatrix values = zeros(length);
        for (int i = 0; i < length; i++) {
            values.set(0, i, 1);
        }
        return values;
    }

    @Nullable FloatMatrix optionalVector(String tensor, int length) {
        return has(tensor) ? vector(tensor, length) : null;
    }

    private FloatMatrix decoded(StoredTensor stored, int length) {
        FloatMatrix values = FloatMatrix.allocate(arena, 1, length);
        ownBytes += values.data().byteSize();
        try {
            kernels.decodeRow(stored.matrix(), 0, values, 0);
        } catch (IllegalArgumentException e) {
            throw new LlmException(
                    LlmException.Code.BAD_MODEL,
                    "tensor " + stored.name() + ": " + e.getMessage(),
                    e);
        }
        return values;
    }

    private StoredTensor stored(String tensor) {
        StoredTensor stored = file.tensors().get(tensor);
        if (stored == null) {
            throw bad("tensor %s of architecture %s is missing".formatted(tensor, architecture));
        }
        return stored;
    }

    private static void expectShape(StoredTensor stored, List<Long> expected) {
        if (!stored.shape().equals(expected)) {
            throw bad(
                    "tensor %s has shape %s; expected %s"
                            .formatted(stored.name(), stored.shape(), expected));
        }
    }

    private static String shown(Object value) {
        if (value instanceof Collection<?> || value.getClass().isArray()) {
            return "an array";
        }
        String text = value instanceof String string ? '"' + string + '"' : String.valueOf(value);
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    static LlmException bad(String message) {
        return new LlmException(LlmException.Code.BAD_MODEL, message);
    }
}
