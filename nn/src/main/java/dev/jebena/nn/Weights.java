package dev.jebena.nn;

import dev.jebena.compute.DataType;
import dev.jebena.formats.FormatException;
import dev.jebena.formats.PlainTensor;
import dev.jebena.formats.PlainTensors;
import dev.jebena.formats.SafeTensorsWriter;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorData;
import dev.jebena.formats.TensorFile;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Named tensors and files of them.
///
/// ```java
/// Weights.of(model).save(Path.of("model.safetensors"));
/// Weights.load(Path.of("model.safetensors")).into(model);
/// ```
///
/// @param tensors all tensors by name
/// @param texts what stands beside them in the file
public record Weights(Map<String, Tensor> tensors, Map<String, String> texts) {
    /// Keeps the order of the names.
    public Weights {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
    }

    /// The state of a model, of an optimizer, ...
    public static Weights of(Stateful part) {
        return new Weights(part.stateDict(), Map.of());
    }

    /// The same with a text beside the tensors.
    public Weights text(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(texts);
        more.put(key, value);
        return new Weights(tensors, more);
    }

    /// Writes a safetensors file; complete and durable, or not there. Booleans and integers other
    /// than int64 are written as int64.
    public void save(Path file) {
        checkName(file);
        SafeTensorsWriter writer = new SafeTensorsWriter();
        texts.forEach(writer::text);
        tensors.forEach((name, tensor) -> {
            Tensor plain = tensor.dtype().isFloat() ? tensor : tensor.to(DType.INT64);
            List<Long> shape =
                    Arrays.stream(plain.shape().toArray()).mapToObj(Long::valueOf).toList();
            writer.tensor(
                    name,
                    stored(plain.dtype()),
                    shape,
                    out -> TensorData.copy(plain.detach().memory(), out));
        });
        writer.write(file);
    }

    /// The name tells readers what the file is.
    static void checkName(Path file) {
        if (!file.toString().endsWith(".safetensors")) {
            throw NnException.option(
                    "%s: weights are written as .safetensors; end the name so", file);
        }
    }

    private static DataType stored(DType type) {
        return switch (type) {
            case FLOAT64 -> DataType.F64;
            case FLOAT32 -> DataType.F32;
            case FLOAT16 -> DataType.F16;
            case BFLOAT16 -> DataType.BF16;
            case BOOL, UINT8, INT8, INT16, INT32, INT64 -> DataType.I64;
        };
    }

    /// Reads a file of safetensors, PyTorch or NumPy into memory. Throws [FormatException] when it
    /// is damaged or has quantized tensors.
    public static Weights load(Path file) {
        try (TensorFile open = TensorFile.open(file)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            if (open instanceof PlainTensors plain) {
                plain.plain().forEach((name, tensor) -> tensors.put(name, read(file, tensor)));
            } else {
                open.tensors().forEach((name, tensor) -> tensors.put(name, read(file, tensor)));
            }
            Map<String, String> texts = new LinkedHashMap<>();
            open.metadata().forEach((key, value) -> texts.put(key, String.valueOf(value)));
            return new Weights(tensors, texts);
        }
    }

    private static Tensor read(Path file, StoredTensor tensor) {
        DType type = type(file, tensor.name(), tensor.type());
        return copy(type, tensor.shape(), tensor.data());
    }

    private static Tensor read(Path file, PlainTensor tensor) {
        DType type = type(file, tensor.name(), tensor.type());
        return copy(type, tensor.shape(), tensor.data());
    }

    /// The types of both kinds of files have the same names.
    private static DType type(Path file, String name, Enum<?> stored) {
        return switch (stored.name()) {
            case "F64" -> DType.FLOAT64;
            case "F32" -> DType.FLOAT32;
            case "F16" -> DType.FLOAT16;
            case "BF16" -> DType.BFLOAT16;
            case "I64" -> DType.INT64;
            case "I32" -> DType.INT32;
            case "I16" -> DType.INT16;
            case "I8" -> DType.INT8;
            case "U8" -> DType.UINT8;
            case "BOOL" -> DType.BOOL;
            default ->
                    throw new FormatException(
                            "%s: the tensor %s is stored as %s, which layers cannot use; convert it to F32"
                                    .formatted(file, name, stored));
        };
    }

    /// The mapped file is closed afterwards, so the elements are copied.
    private static Tensor copy(DType type, List<Long> shape, MemorySegment data) {
        int[] dims = shape.stream().mapToInt(Math::toIntExact).toArray();
        MemorySegment memory = Arena.ofAuto().allocate(data.byteSize(), 8);
        memory.copyFrom(data);
        return Tensor.over(memory, type, Shape.of(dims));
    }

    /// Loads all into a model, or into whatever they are the state of; throws [NnException] that
    /// lists all that is missing, unexpected or of another shape.
    public void into(Stateful part) {
        part.loadStateDict(tensors);
    }

    /// The tensors whose names begin with `prefix`, without it.
    public Map<String, Tensor> below(String prefix) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), tensor);
            }
        });
        return found;
    }
}
