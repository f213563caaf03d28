package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Blocks whose values were computed by GGUF's own implementations.
class GoldenBlocksTest {
    private static final Path BLOCKS =
            Path.of(System.getProperty("jebena.shared"), "golden", "quant_blocks");

    static List<DataType> types() throws IOException {
        try (Stream<Path> files = Files.list(BLOCKS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".bin"))
                    .map(name -> DataType.valueOf(name.substring(0, name.length() - 4)))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void bothFormsGiveTheGoldenBits(DataType type) throws IOException {
        MemorySegment blocks =
                MemorySegment.ofArray(Files.readAllBytes(BLOCKS.resolve(type + ".bin")));
        float[] expected = numpy(BLOCKS.resolve(type + ".npy"));
        int count = Math.toIntExact(blocks.byteSize() / type.blockBytes());
        assertThat(expected).hasSize(count * type.blockSize());

        BlockFormat format = BlockFormat.of(type);
        float[] fast = new float[expected.length];
        format.decode(blocks, 0, count, fast, 0);
        float[] slow = new float[expected.length];
        for (int i = 0; i < count; i++) {
            format.decodeBlock(blocks, i, slow, i * type.blockSize());
        }

        assertThat(BlockFormatTest.bits(slow)).isEqualTo(BlockFormatTest.bits(expected));
        assertThat(BlockFormatTest.bits(fast)).isEqualTo(BlockFormatTest.bits(expected));
    }

    private static float[] numpy(Path file) throws IOException {
        ByteBuffer buffer =
                ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(10 + buffer.getShort(8));
        float[] values = new float[buffer.remaining() / 4];
        buffer.asFloatBuffer().get(values);
        return values;
    }
}
