package dev.jebena.formats;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;

/// A model in safetensors files: one, or several with an index.
///
/// Tensors are valid until [#close()]. 8-bit floats are shown as float16, in memory of their own.
/// Tensors of element types that no [dev.jebena.compute.DataType] stands for (masks) are not among
/// [#tensors()]; [#others()] names them.
public final class SafeTensors implements TensorFile {
    static final String INDEX = "model.safetensors.index.json";

    private final Path path;
    private final Arena arena;
    private final SafeTensorsHeader header;

    private SafeTensors(Path path, Arena arena, SafeTensorsHeader header) {
        this.path = path;
        this.arena = arena;
        this.header = header;
    }

    /// Opens a `.safetensors` file, an index (`model.safetensors.index.json`) with all the files
    /// that it names, or a folder that has either under its usual name. Throws [FormatException]
    /// when a file is missing, damaged, or of another kind.
    // The arena's owner is the object returned, whose close() closes it.
    @SuppressWarnings("MustBeClosedChecker")
    public static SafeTensors open(Path path) {
        Arena arena = Arena.ofShared();
        try {
            Path file = Files.isDirectory(path) ? inFolder(path) : path;
            MappedFile mapped = MappedFile.open(file, arena);
            boolean index = String.valueOf(file.getFileName()).endsWith(".json");
            return new SafeTensors(
                    file,
                    arena,
                    index ? SafeTensorsIndex.read(mapped) : SafeTensorsHeader.read(mapped));
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    private static Path inFolder(Path folder) {
        Path index = folder.resolve(INDEX);
        Path single = folder.resolve("model.safetensors");
        if (Files.exists(single)) {
            return single;
        }
        if (Files.exists(index)) {
            return index;
        }
        throw new FormatException(
                folder + ": there is neither model.safetensors nor " + INDEX + " in this folder");
    }

    /// The strings under `__metadata__`; of several files those of all, the first one's where they
    /// differ.
    @Override
    public Map<String, Object> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    @Override
    public Map<String, StoredTensor> tensors() {
        return Collections.unmodifiableMap(header.tensors());
    }

    /// The tensors that are not among [#tensors()]: the file's word for their element type (`BOOL`,
    /// `U8`, ...) by name.
    public Map<String, String> others() {
        return Collections.unmodifiableMap(header.others());
    }

    /// Those of [#others()] whose elements are bytes without a sign (`U8`), shown as
    /// [dev.jebena.compute.DataType#I8]: what some models keep blocks of other formats in.
    public Map<String, StoredTensor> bytes() {
        return Collections.unmodifiableMap(header.bytes());
    }

    @Override
    public StoredTensor tensor(String name) {
        String other = header.others().get(name);
        if (other != null) {
            throw new FormatException(
                    "%s: the tensor %s has elements of type %s, which cannot be used as weights; convert the model to F32, F16 or BF16"
                            .formatted(path, Names.quoted(name), Names.quoted(other)));
        }
        return Names.find(header.tensors(), name, path);
    }

    /// Unmaps the files. Must not be called while another thread reads a tensor. Calling it again
    /// does nothing.
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
