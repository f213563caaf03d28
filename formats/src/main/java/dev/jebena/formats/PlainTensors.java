package dev.jebena.formats;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Named tensors of plain elements from a file of NumPy or PyTorch: what [Npy] and [Torch] open.
/// Valid until [#close()].
public final class PlainTensors implements TensorFile {
    /// Fills an empty set of tensors from a file.
    @FunctionalInterface
    interface Reader {
        void read(MappedFile file, PlainTensors into);
    }

    private final Path path;
    private final Arena arena;
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final Map<String, PlainTensor> plain = new LinkedHashMap<>();
    private final Map<String, StoredTensor> stored = new LinkedHashMap<>();
    private final Map<String, String> others = new LinkedHashMap<>();

    private PlainTensors(Path path, Arena arena) {
        this.path = path;
        this.arena = arena;
    }

    // The arena's owner is the object returned, whose close() closes it.
    @SuppressWarnings("MustBeClosedChecker")
    static PlainTensors open(Path path, Reader reader) {
        Arena arena = Arena.ofShared();
        try {
            PlainTensors tensors = new PlainTensors(path, arena);
            reader.read(MappedFile.open(path, arena), tensors);
            return tensors;
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    /// Adds a tensor; false when there is one of its name.
    boolean add(PlainTensor tensor) {
        if (plain.putIfAbsent(tensor.name(), tensor) != null) {
            return false;
        }
        tensor.stored().ifPresent(known -> stored.put(known.name(), known));
        return true;
    }

    void addOther(String name, String what) {
        others.put(name, what);
    }

    void addMetadata(String name, Object value) {
        metadata.put(name, value);
    }

    /// What stands beside the tensors: numbers, strings, lists and maps of them, and null.
    @Override
    public Map<String, Object> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /// Those of [#plain()] whose elements kernels can read.
    @Override
    public Map<String, StoredTensor> tensors() {
        return Collections.unmodifiableMap(stored);
    }

    /// All tensors by name, in the file's order.
    public Map<String, PlainTensor> plain() {
        return Collections.unmodifiableMap(plain);
    }

    /// What is in the file but cannot be read as tensor: why not, by name.
    public Map<String, String> others() {
        return Collections.unmodifiableMap(others);
    }

    @Override
    public StoredTensor tensor(String name) {
        PlainTensor tensor = plain(name);
        return tensor.stored()
                .orElseThrow(() ->
                        new FormatException(
                                "%s: the tensor %s has elements of type %s, which cannot be used as weights; convert the model to F32, F16 or BF16"
                                        .formatted(path, Names.quoted(name), tensor.type())));
    }

    /// The tensor of this name; throws [FormatException] that names near misses when there is none.
    public PlainTensor plain(String name) {
        String other = others.get(name);
        if (other != null) {
            throw new FormatException("%s: %s is %s".formatted(path, Names.quoted(name), other));
        }
        return Names.find(plain, name, path);
    }

    /// Unmaps the file. Must not be called while another thread reads a tensor. Calling it again
    /// does nothing.
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
