package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Blocks whose values were computed by GGUF's own implementations: the shared golden files and,
/// for types that these lack, the resources that `src/test/scripts/make_blocks.py` made.
class GoldenBlocksTest {
    private static final Path BLOCKS =
            Path.of(System.getProperty("jebena.shared"), "golden", "quant_blocks");

    static List<DataType> sharedTypes() throws IOException {
        try (Stream<Path> files = Files.list(BLOCKS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".bin"))
                    .map(name -> DataType.valueOf(name.substring(0, name.length() - 4)))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("sharedTypes")
    void bothFormsGiveTheSharedGoldenBits(DataType type) throws IOException {
        byte[] blocks = Files.readAllBytes(BLOCKS.resolve(type + ".bin"));
        ByteBuffer numpy = littleEndian(Files.readAllBytes(BLOCKS.resolve(type + ".npy")));
        checkDecoding(type, blocks, floats(numpy.position(10 + numpy.getShort(8)).slice()));
    }

    @ParameterizedTest
    @EnumSource(names = {"Q5_1", "IQ1_M", "IQ2_S", "IQ3_XXS", "TQ2_0", "NVFP4", "Q2_0"})
    void bothFormsGiveTheGoldenBitsOfTheOtherTypes(DataType type) throws IOException {
        ByteBuffer file = resource(type + ".blocks");
        byte[] blocks = new byte[3 * type.blockBytes()];
        file.get(blocks);
        checkDecoding(type, blocks, floats(file.slice()));
    }

    private static void checkDecoding(DataType type, byte[] bytes, float[] expected) {
        MemorySegment blocks = MemorySegment.ofArray(bytes);
        int count = bytes.length / type.blockBytes();
        assertThat(expected).hasSize(count * type.blockSize());
        float[] fast = new float[expected.length];
        type.decode(blocks, 0, count, fast, 0);
        assertThat(BlockFormatTest.bits(fast)).isEqualTo(BlockFormatTest.bits(expected));
        float[] slow = new float[expected.length];
        for (int i = 0; i < count; i++) {
            BlockFormat.of(type).decodeBlock(blocks, i, slow, i * type.blockSize());
        }
        assertThat(BlockFormatTest.bits(slow)).isEqualTo(BlockFormatTest.bits(expected));
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"})
    void encodersGiveTheGoldenBits(DataType type) throws IOException {
        ByteBuffer file = resource(type + ".encoded");
        float[] values = floats(file.slice(0, 1024));
        byte[] expected = new byte[(int) type.bytes(256)];
        file.get(1024, expected);
        byte[] actual = new byte[expected.length];
        int count = 256 / type.blockSize();
        BlockFormat.of(type).encode(values, 0, MemorySegment.ofArray(actual), 0, count);
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void aTypeWithoutEncoderSaysWhatToWriteInstead() {
        MemorySegment target = MemorySegment.ofArray(new byte[66]);
        assertThatThrownBy(() -> DataType.IQ2_XXS.encode(new float[256], 0, target, 0, 1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("IQ2_XXS can be read, not written");
    }

    private static ByteBuffer resource(String name) throws IOException {
        try (InputStream stream = GoldenBlocksTest.class.getResourceAsStream(name)) {
            return littleEndian(Objects.requireNonNull(stream, name).readAllBytes());
        }
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static float[] floats(ByteBuffer buffer) {
        float[] values = new float[buffer.remaining() / 4];
        buffer.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }
}
