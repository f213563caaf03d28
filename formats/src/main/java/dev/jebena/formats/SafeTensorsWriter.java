package dev.jebena.formats;

import dev.jebena.compute.DataType;
import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes tensors as safetensors: collect them, then [#write] one file or [#writeShards] several.
///
/// As the reference implementation has it, wide elements come before narrow ones and tensors of one
/// type by their names, and the data begins at a multiple of eight bytes. A file is complete and
/// durable, or not there.
public final class SafeTensorsWriter {
    private static final int ALIGNMENT = 8;

    private final Map<String, String> metadata = new TreeMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private record Tensor(
            String name, DataType type, List<Long> shape, long bytes, TensorData data) {}

    /// A writer of a file without tensors so far.
    public SafeTensorsWriter() {}

    /// A text under `__metadata__`.
    public SafeTensorsWriter text(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /// A tensor whose bytes come when they are written.
    ///
    /// @param type F32, F16 or BF16: safetensors have no blocks
    public SafeTensorsWriter tensor(String name, DataType type, List<Long> shape, TensorData data) {
        if (type.blockSize() > 1) {
            throw new IllegalArgumentException(
                    "the tensor %s cannot be stored as %s; safetensors hold F32, F16 and BF16"
                            .formatted(Names.quoted(name), type));
        }
        long bytes = type.bytes(shape.stream().reduce(1L, Math::multiplyExact));
        Tensor tensor = new Tensor(name, type, List.copyOf(shape), bytes, data);
        if (tensors.put(name, tensor) != null) {
            throw new IllegalArgumentException("the tensor " + name + " is there already");
        }
        return this;
    }

    /// Writes all tensors into one file.
    public void write(Path file) {
        write(file, new ArrayList<>(tensors.values()));
    }

    /// Writes `model.safetensors` into a folder, or several files and their index when the tensors
    /// have more than `mostBytes`. A tensor that is larger has a file of its own.
    ///
    /// @return the names of the files with tensors
    public List<String> writeShards(Path folder, long mostBytes) {
        List<List<Tensor>> shards = shards(mostBytes);
        if (shards.size() == 1) {
            write(folder.resolve("model.safetensors"), shards.getFirst());
            return List.of("model.safetensors");
        }
        Map<String, Object> files = new TreeMap<>();
        List<String> names = new ArrayList<>();
        long total = 0;
        for (List<Tensor> shard : shards) {
            String name =
                    "model-%05d-of-%05d.safetensors".formatted(names.size() + 1, shards.size());
            names.add(name);
            for (Tensor tensor : shard) {
                files.put(tensor.name, name);
                total += tensor.bytes;
            }
            write(folder.resolve(name), shard);
        }
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("metadata", Map.of("total_size", total));
        index.put("weight_map", files);
        byte[] json = Json.write(index).getBytes(StandardCharsets.UTF_8);
        ReplacedFile.write(
                folder.resolve(SafeTensors.INDEX),
                channel -> writeFully(channel, ByteBuffer.wrap(json)));
        return names;
    }

    private List<List<Tensor>> shards(long mostBytes) {
        List<List<Tensor>> shards = new ArrayList<>();
        List<Tensor> current = new ArrayList<>();
        long bytes = 0;
        for (Tensor tensor : tensors.values()) {
            if (!current.isEmpty() && bytes + tensor.bytes > mostBytes) {
                shards.add(current);
                current = new ArrayList<>();
                bytes = 0;
            }
            current.add(tensor);
            bytes += tensor.bytes;
        }
        shards.add(current);
        return shards;
    }

    private void write(Path file, List<Tensor> unordered) {
        List<Tensor> ordered = new ArrayList<>(unordered);
        ordered.sort(
                Comparator.<Tensor>comparingInt(tensor -> -tensor.type.blockBytes())
                        .thenComparing(Tensor::type)
                        .thenComparing(Tensor::name));
        byte[] header = header(ordered);
        ReplacedFile.write(
                file,
                channel -> {
                    GgufSink sink = new GgufSink(channel);
                    sink.i64(header.length);
                    sink.bytes(ByteBuffer.wrap(header));
                    for (Tensor tensor : ordered) {
                        sink.tensor(tensor.name, tensor.data, tensor.bytes);
                    }
                    sink.flush();
                });
    }

    private byte[] header(List<Tensor> ordered) {
        Map<String, Object> entries = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            entries.put(SafeTensorsHeader.METADATA, metadata);
        }
        long offset = 0;
        for (Tensor tensor : ordered) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", tensor.type.name());
            entry.put("shape", tensor.shape);
            entry.put("data_offsets", List.of(offset, offset + tensor.bytes));
            entries.put(tensor.name, entry);
            offset += tensor.bytes;
        }
        String json = Json.write(entries);
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat(-length & (ALIGNMENT - 1))).getBytes(StandardCharsets.UTF_8);
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
