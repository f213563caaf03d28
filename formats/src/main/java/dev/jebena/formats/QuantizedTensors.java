package dev.jebena.formats;

import dev.jebena.compute.DataType;
import dev.jebena.compute.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A model whose weights are brought to fewer bits in memory, as [Quantizer] would write them.
/// Tensors that are quantized already stay as they are.
public final class QuantizedTensors implements TensorFile {
    private final TensorFile file;
    private final Map<String, StoredTensor> tensors;

    private QuantizedTensors(TensorFile file, Map<String, StoredTensor> tensors) {
        this.file = file;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /// Quantizes the tensors of `file`. Throws [FormatException] when weights are no numbers.
    ///
    /// @param arena where the quantized tensors are kept
    public static QuantizedTensors of(TensorFile file, Mix mix, Workers workers, Arena arena) {
        TensorTypes types = new TensorTypes(mix, file, false, false);
        TensorEncoder encoder = new TensorEncoder(workers, null, Quantizer.Progress.NONE, 0);
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (StoredTensor tensor : file.tensors().values()) {
            DataType type = types.of(tensor);
            boolean plain = tensor.type().blockSize() == 1;
            if (!plain || type.bytes(tensor.elements()) >= tensor.data().byteSize()) {
                tensors.put(tensor.name(), tensor);
            } else {
                MemorySegment data = arena.allocate(type.bytes(tensor.elements()), 64);
                encoder.encode(tensor, type, data);
                tensors.put(
                        tensor.name(), new StoredTensor(tensor.name(), type, tensor.shape(), data));
            }
        }
        return new QuantizedTensors(file, tensors);
    }

    @Override
    public Map<String, Object> metadata() {
        Map<String, Object> metadata = new LinkedHashMap<>(file.metadata());
        // What the file says of its types holds no longer.
        metadata.remove("general.file_type");
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public Map<String, StoredTensor> tensors() {
        return tensors;
    }

    @Override
    public StoredTensor tensor(String name) {
        return Names.find(tensors, name, "the quantized model");
    }

    /// Closes the file that the tensors came from.
    @Override
    public void close() {
        file.close();
    }
}
