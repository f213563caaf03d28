package dev.jebena.llm.internal.folder;

import dev.jebena.formats.StoredTensor;
import dev.jebena.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Collects tensors and writes them as a safetensors file.
public final class StoredTensors {
    private final Map<String, Object> header = new LinkedHashMap<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    void add(String name, StoredTensor tensor) {
        add(name, tensor.type().name(), tensor.shape(), tensor.data());
    }

    public void add(String name, String type, List<Long> shape, MemorySegment bytes) {
        long begin = data.size();
        data.writeBytes(bytes.toArray(ValueLayout.JAVA_BYTE));
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("dtype", type);
        entry.put("shape", shape);
        entry.put("data_offsets", List.of(begin, (long) data.size()));
        header.put(name, entry);
    }

    public void write(Path file) throws IOException {
        byte[] json = Json.write(header).getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + json.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).put(data.toByteArray());
        Files.write(file, bytes.array());
    }
}
