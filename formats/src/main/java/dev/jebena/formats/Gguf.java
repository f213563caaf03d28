package dev.jebena.formats;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A GGUF model (versions 2 and 3, little-endian), one file or split into several.
///
/// Metadata and the list of tensors are read and checked when it is opened; tensors and the strings
/// of arrays stay in the mapped file, and are valid until [#close()].
public final class Gguf implements TensorFile {
    private final Path path;
    private final Arena arena;
    private final GgufMetadata metadata;
    private final Map<String, StoredTensor> tensors;

    private Gguf(Path path, Arena arena, List<GgufPart> parts) {
        this.path = path;
        this.arena = arena;
        this.metadata = parts.getFirst().metadata();
        this.tensors = Collections.unmodifiableMap(merge(parts));
    }

    /// Opens a GGUF file; of split files (`NAME-00001-of-00003.gguf`), any one opens all. Throws
    /// [FormatException] when a file is missing, damaged, or of a kind that is not read.
    // The arena's owner is the object returned, whose close() closes it.
    @SuppressWarnings("MustBeClosedChecker")
    public static Gguf open(Path file) {
        Arena arena = Arena.ofShared();
        try {
            return new Gguf(file, arena, GgufSplit.openAll(file, arena));
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    /// Whether a file begins as GGUF files do. False when it cannot be read.
    static boolean is(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(Integer.BYTES);
            return head.length == Integer.BYTES
                    && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt()
                            == GgufPart.MAGIC;
        } catch (IOException e) {
            return false;
        }
    }

    private static Map<String, StoredTensor> merge(List<GgufPart> parts) {
        if (parts.size() == 1) {
            return parts.getFirst().tensors();
        }
        Map<String, StoredTensor> all = new LinkedHashMap<>();
        for (GgufPart part : parts) {
            for (StoredTensor tensor : part.tensors().values()) {
                if (all.put(tensor.name(), tensor) != null) {
                    throw part.file()
                            .problem(
                                    "the tensor "
                                            + Names.quoted(tensor.name())
                                            + " is in another part, too");
                }
            }
        }
        return all;
    }

    /// As [TensorFile#metadata()] says, of split files that of the first. Beyond it: arrays of
    /// 64-bit floats are `double[]`, arrays of arrays `List<Object>` of such arrays.
    @Override
    public Map<String, Object> metadata() {
        return Collections.unmodifiableMap(metadata.values());
    }

    /// How the file stores each value of [#metadata()]; of an array, its elements.
    public Map<String, GgufType> metadataTypes() {
        return Collections.unmodifiableMap(metadata.types());
    }

    @Override
    public Map<String, StoredTensor> tensors() {
        return tensors;
    }

    @Override
    public StoredTensor tensor(String name) {
        return Names.find(tensors, name, path);
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
