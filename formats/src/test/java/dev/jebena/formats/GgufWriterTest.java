package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.compute.DataType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GgufWriterTest {
    @TempDir private Path folder;

    static Stream<String> models() {
        return GoldenModels.readable();
    }

    @ParameterizedTest
    @MethodSource("models")
    void aModelReadAndWrittenIsTheSameFile(String model) throws IOException {
        Path original = GoldenModels.unzip(model, folder);
        Path copy = folder.resolve("copy.gguf");
        try (Gguf file = Gguf.open(original)) {
            writer(file).write(copy);
        }
        assertThat(Files.mismatch(original, copy)).isEqualTo(-1);
    }

    @Test
    void valuesOfAllTypesComeBack() {
        Path path = folder.resolve("values.gguf");
        new GgufWriter()
                .value("u8", GgufType.UINT8, 255L)
                .value("i8", GgufType.INT8, -128L)
                .value("u16", GgufType.UINT16, 65_535L)
                .value("i16", GgufType.INT16, -32_768L)
                .uint32("u32", 4_294_967_295L)
                .value("i32", GgufType.INT32, -2_147_483_648L)
                .value("u64", GgufType.UINT64, Long.MAX_VALUE)
                .value("i64", GgufType.INT64, Long.MIN_VALUE)
                .float32("f32", 0.5)
                .value("f64", GgufType.FLOAT64, Math.PI)
                .bool("yes", true)
                .text("text", "čaj \0 \uD83E\uDED6")
                .write(path);
        try (Gguf file = Gguf.open(path)) {
            assertThat(file.metadata().values())
                    .containsExactly(
                            255L,
                            -128L,
                            65_535L,
                            -32_768L,
                            4_294_967_295L,
                            -2_147_483_648L,
                            Long.MAX_VALUE,
                            Long.MIN_VALUE,
                            0.5,
                            Math.PI,
                            true,
                            "čaj \0 \uD83E\uDED6");
            assertThat(file.metadataTypes()).containsEntry("u16", GgufType.UINT16);
            assertThat(file.tensors()).isEmpty();
        }
    }

    @Test
    void arraysOfAllTypesComeBack() {
        Path path = folder.resolve("arrays.gguf");
        new GgufWriter()
                .array("u8", GgufType.UINT8, new int[] {0, 255})
                .array("i8", GgufType.INT8, new int[] {-1})
                .array("u16", GgufType.UINT16, new int[] {65_535})
                .array("i16", GgufType.INT16, new int[] {-1})
                .array("u32", GgufType.UINT32, new long[] {4_294_967_295L})
                .array("i32", GgufType.INT32, new int[] {-1})
                .array("u64", GgufType.UINT64, new long[] {Long.MAX_VALUE})
                .array("i64", GgufType.INT64, new long[] {-1})
                .array("f32", GgufType.FLOAT32, new float[] {0.1f})
                .array("f64", GgufType.FLOAT64, new double[] {0.1})
                .array("bools", GgufType.BOOL, List.of(true, false))
                .array("texts", GgufType.STRING, List.of("", "a", "ß"))
                .array("nested", GgufType.ARRAY, List.of(new int[] {1, 2}, List.of("x"), List.of()))
                .write(path);
        try (Gguf file = Gguf.open(path)) {
            Map<String, Object> metadata = file.metadata();
            assertThat(metadata.get("u8")).isEqualTo(new int[] {0, 255});
            assertThat(metadata.get("i8")).isEqualTo(new int[] {-1});
            assertThat(metadata.get("u16")).isEqualTo(new int[] {65_535});
            assertThat(metadata.get("i16")).isEqualTo(new int[] {-1});
            assertThat(metadata.get("u32")).isEqualTo(new long[] {4_294_967_295L});
            assertThat(metadata.get("i32")).isEqualTo(new int[] {-1});
            assertThat(metadata.get("u64")).isEqualTo(new long[] {Long.MAX_VALUE});
            assertThat(metadata.get("i64")).isEqualTo(new long[] {-1});
            assertThat(metadata.get("f32")).isEqualTo(new float[] {0.1f});
            assertThat(metadata.get("f64")).isEqualTo(new double[] {0.1});
            assertThat(metadata.get("bools")).isEqualTo(List.of(true, false));
            assertThat(metadata.get("texts")).isEqualTo(List.of("", "a", "ß"));
            assertThat((List<?>) metadata.get("nested"))
                    .satisfiesExactly(
                            first -> assertThat(first).isEqualTo(new int[] {1, 2}),
                            second -> assertThat(second).isEqualTo(List.of("x")),
                            third -> assertThat(third).isEqualTo(List.of()));
        }
    }

    @Test
    void theAlignmentIsTheOneAskedFor() {
        Path path = folder.resolve("aligned.gguf");
        StoredTensor one = tensor("one", 1, 2, 3);
        StoredTensor two = tensor("two", 4);
        new GgufWriter().uint32("general.alignment", 256).tensor(one).tensor(two).write(path);
        try (Gguf file = Gguf.open(path)) {
            assertThat(file.tensors().keySet()).containsExactly("one", "two");
            StoredTensor read = file.tensor("two");
            assertThat(read.data().address() % 256).isZero();
            assertThat(read.data().mismatch(two.data())).isEqualTo(-1);
            assertThat(read.shape()).containsExactly(1L);
        }
    }

    @Test
    void dataOfTheWrongLengthLeavesTheOldFileAndNoOther() throws IOException {
        Path path = folder.resolve("model.gguf");
        Files.writeString(path, "old");
        GgufWriter writer =
                new GgufWriter()
                        .tensor(
                                "short",
                                DataType.I8,
                                List.of(4L),
                                out -> out.write(ByteBuffer.allocate(3)));
        assertThatThrownBy(() -> writer.write(path)).hasMessageContaining("must have 4 bytes");
        assertThat(path).hasContent("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void valuesThatDoNotFitAreRefused() {
        Path path = folder.resolve("model.gguf");
        assertThatThrownBy(() -> new GgufWriter().uint32("key", -1).write(path))
                .hasMessageContaining("-1 is not a UINT32");
        assertThatThrownBy(() -> new GgufWriter().value("key", GgufType.BOOL, 1L))
                .hasMessageContaining("a BOOL cannot be 1");
        assertThatThrownBy(() -> new GgufWriter().text("key", "a").text("key", "b"))
                .hasMessageContaining("already");
        assertThatThrownBy(() -> new GgufWriter().tensor("t", DataType.Q8_0, List.of(33L), o -> {}))
                .hasMessageContaining("whole blocks of 32");
    }

    private static StoredTensor tensor(String name, int... bytes) {
        byte[] data = new byte[bytes.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) bytes[i];
        }
        return new StoredTensor(
                name, DataType.I8, List.of((long) data.length), MemorySegment.ofArray(data));
    }

    private static GgufWriter writer(Gguf file) {
        GgufWriter writer = new GgufWriter();
        file.metadata()
                .forEach((key, value) -> {
                    GgufType type = Objects.requireNonNull(file.metadataTypes().get(key));
                    if (value instanceof List || value.getClass().isArray()) {
                        writer.array(key, type, value);
                    } else {
                        writer.value(key, type, value);
                    }
                });
        file.tensors().values().forEach(writer::tensor);
        return writer;
    }
}
