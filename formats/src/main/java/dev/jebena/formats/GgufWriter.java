package dev.jebena.formats;

import dev.jebena.compute.DataType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes a GGUF file (version 3): collect metadata and tensors, then [#write].
///
/// ```java
/// new GgufWriter()
///         .text("general.architecture", "bert")
///         .uint32("bert.block_count", 6)
///         .tensor(file.tensor("token_embd.weight"))
///         .write(Path.of("model.gguf"));
/// ```
///
/// Keys and tensors are written in the order in which they came. Wrong values are refused with
/// [IllegalArgumentException].
public final class GgufWriter {
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private long alignment = GgufPart.DEFAULT_ALIGNMENT;

    private record Value(GgufType type, Object value) {}

    private record Tensor(DataType type, List<Long> shape, long bytes, TensorData data) {}

    /// A writer of a file without metadata and tensors so far.
    public GgufWriter() {}

    public GgufWriter text(String key, String value) {
        return value(key, GgufType.STRING, value);
    }

    /// An unsigned 32-bit number: what nearly all counts and sizes of models are.
    public GgufWriter uint32(String key, long value) {
        return value(key, GgufType.UINT32, value);
    }

    public GgufWriter float32(String key, double value) {
        return value(key, GgufType.FLOAT32, value);
    }

    public GgufWriter bool(String key, boolean value) {
        return value(key, GgufType.BOOL, value);
    }

    /// A value of any type but [GgufType#ARRAY].
    public GgufWriter value(String key, GgufType type, Object value) {
        boolean fits =
                switch (type) {
                    case BOOL -> value instanceof Boolean;
                    case STRING -> value instanceof String;
                    case FLOAT32, FLOAT64 -> value instanceof Number;
                    case ARRAY -> false;
                    default -> value instanceof Long || value instanceof Integer;
                };
        if (!fits) {
            throw new IllegalArgumentException("%s: a %s cannot be %s".formatted(key, type, value));
        }
        if (key.equals(GgufPart.ALIGNMENT_KEY)) {
            alignment = alignment((Number) value);
        }
        return put(key, new Value(type, value));
    }

    /// An array whose elements are `type`.
    ///
    /// @param elements `int[]`, `long[]`, `float[]`, `double[]`, or a list of strings, booleans or
    ///   (of type [GgufType#ARRAY]) of such arrays
    public GgufWriter array(String key, GgufType type, Object elements) {
        return put(key, new Value(GgufType.ARRAY, GgufArray.of(type, elements)));
    }

    /// A tensor whose bytes are in memory.
    public GgufWriter tensor(StoredTensor tensor) {
        MemorySegment data = tensor.data();
        long expected = bytes(tensor.name(), tensor.type(), tensor.shape());
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException(
                    "the tensor %s must have %d bytes, got %d"
                            .formatted(Names.quoted(tensor.name()), expected, data.byteSize()));
        }
        return tensor(
                tensor.name(), tensor.type(), tensor.shape(), out -> TensorData.copy(data, out));
    }

    /// A tensor whose bytes come when they are written.
    ///
    /// @param shape dimensions, the slowest first
    public GgufWriter tensor(String name, DataType type, List<Long> shape, TensorData data) {
        long bytes = bytes(name, type, shape);
        if (tensors.put(name, new Tensor(type, List.copyOf(shape), bytes, data)) != null) {
            throw new IllegalArgumentException("the tensor " + name + " is there already");
        }
        return this;
    }

    /// Writes the file, complete and durable or not at all; replaces one of the same name. Throws
    /// [FormatException] when the system refuses.
    public void write(Path file) {
        ReplacedFile.write(
                file,
                channel -> {
                    GgufSink sink = new GgufSink(channel);
                    writeHeader(sink);
                    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                        Tensor tensor = entry.getValue();
                        pad(sink);
                        sink.tensor(entry.getKey(), tensor.data, tensor.bytes);
                    }
                    pad(sink);
                    sink.flush();
                });
    }

    private void writeHeader(GgufSink sink) throws IOException {
        sink.u32(GgufPart.MAGIC);
        sink.u32(3);
        sink.i64(tensors.size());
        sink.i64(values.size());
        for (Map.Entry<String, Value> entry : values.entrySet()) {
            sink.text(entry.getKey());
            sink.u32(entry.getValue().type.id());
            sink.scalar(entry.getValue().type, entry.getValue().value);
        }
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            sink.text(entry.getKey());
            sink.u32(tensor.shape.size());
            for (long length : tensor.shape.reversed()) {
                sink.i64(length);
            }
            sink.u32(tensor.type.ggufId());
            sink.i64(offset);
            offset += Math.ceilDiv(tensor.bytes, alignment) * alignment;
        }
    }

    private void pad(GgufSink sink) throws IOException {
        sink.zeros(-sink.position() & (alignment - 1));
    }

    private GgufWriter put(String key, Value value) {
        if (values.put(key, value) != null) {
            throw new IllegalArgumentException("the key " + key + " is there already");
        }
        return this;
    }

    private static long alignment(Number value) {
        long alignment = value.longValue();
        if (alignment < 1 || alignment > GgufPart.MOST_ALIGNMENT || Long.bitCount(alignment) != 1) {
            throw new IllegalArgumentException(
                    "the alignment must be a power of two up to 2^30, got " + value);
        }
        return alignment;
    }

    private static long bytes(String name, DataType type, List<Long> shape) {
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        long row = shape.isEmpty() ? 1 : shape.getLast();
        if (shape.size() > GgufTensor.MOST_DIMENSIONS || row % type.blockSize() != 0) {
            throw new IllegalArgumentException(
                    "the tensor %s of shape %s cannot be stored as %s: at most %d dimensions, and rows of whole blocks of %d"
                            .formatted(
                                    Names.quoted(name),
                                    shape,
                                    type,
                                    GgufTensor.MOST_DIMENSIONS,
                                    type.blockSize()));
        }
        return type.bytes(elements);
    }
}
