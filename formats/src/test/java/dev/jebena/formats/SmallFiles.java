package dev.jebena.formats;

import dev.jebena.compute.DataType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Files of some kilobytes with everything in them that the formats have.
final class SmallFiles {
    private SmallFiles() {}

    static StoredTensor tensor(String name, DataType type, Long... shape) {
        long elements = 1;
        for (long length : shape) {
            elements *= length;
        }
        byte[] data = new byte[(int) type.bytes(elements)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (name.hashCode() + i);
        }
        return new StoredTensor(name, type, List.of(shape), MemorySegment.ofArray(data));
    }

    static GgufWriter gguf() {
        return new GgufWriter()
                .text("general.architecture", "llama")
                .uint32("general.alignment", 64)
                .value("u8", GgufType.UINT8, 1)
                .value("i16", GgufType.INT16, -1)
                .value("u64", GgufType.UINT64, 1L << 40)
                .value("f64", GgufType.FLOAT64, 0.1)
                .float32("f32", 1e-5)
                .bool("flag", true)
                .array("tokens", GgufType.STRING, List.of("<s>", "", "a", "▁the"))
                .array("scores", GgufType.FLOAT32, new float[] {0, -1})
                .array("types", GgufType.INT32, new int[] {3, 2, 1, 1})
                .array("sizes", GgufType.UINT64, new long[] {1, 2})
                .array("bytes", GgufType.UINT8, new int[] {1, 2, 3})
                .array("flags", GgufType.BOOL, List.of(true, false))
                .array("nested", GgufType.ARRAY, List.of(new int[] {1}, List.of("x")))
                .tensor(tensor("token_embd.weight", DataType.F32, 4L, 8L))
                .tensor(tensor("blk.0.ffn_up.weight", DataType.Q4_0, 2L, 32L))
                .tensor(tensor("blk.0.experts.weight", DataType.F16, 2L, 2L, 4L));
    }

    /// Three files; returns the name of each.
    static List<Path> splitGguf(Path folder) {
        List<Path> files =
                List.of(
                        folder.resolve("m-00001-of-00003.gguf"),
                        folder.resolve("m-00002-of-00003.gguf"),
                        folder.resolve("m-00003-of-00003.gguf"));
        for (int i = 0; i < 3; i++) {
            GgufWriter part = new GgufWriter();
            if (i == 0) {
                part.text("general.architecture", "llama");
            }
            part.value("split.no", GgufType.UINT16, i)
                    .value("split.count", GgufType.UINT16, 3)
                    .value("split.tensors.count", GgufType.INT32, 3)
                    .tensor(tensor("t" + i, DataType.F32, 2L, 2L))
                    .write(files.get(i));
        }
        return files;
    }

    /// A safetensors file of this header and that much data.
    static byte[] safeTensors(byte[] header, int dataBytes) {
        return ByteBuffer.allocate(8 + header.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    static byte[] safeTensors(String header, int dataBytes) {
        return safeTensors(header.getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    /// A folder with an index of two files; returns the index.
    static Path sharded(Path folder) throws IOException {
        Files.write(
                folder.resolve("model-00001-of-00002.safetensors"),
                safeTensors(
                        """
                        {"__metadata__":{"format":"pt"},
                        "a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}\
                        """,
                        16));
        Files.write(
                folder.resolve("model-00002-of-00002.safetensors"),
                safeTensors(
                        """
                        {"b":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]},
                        "mask":{"dtype":"BOOL","shape":[3],"data_offsets":[8,11]}}\
                        """,
                        11));
        return Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                """
                {"metadata":{"total_size":35},"weight_map":{
                "a":"model-00001-of-00002.safetensors",
                "b":"model-00002-of-00002.safetensors",
                "mask":"model-00002-of-00002.safetensors"}}\
                """);
    }
}
