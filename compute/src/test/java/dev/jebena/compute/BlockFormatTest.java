package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockFormatTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000);

    /// The bits of each value, all NaNs alike.
    static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }

    @ParameterizedTest
    @EnumSource
    void fastFormEqualsDefinitionOnRandomBytes(DataType type) {
        BlockFormat format = BlockFormat.of(type);
        assertThat(format.type()).isEqualTo(type);
        SplittableRandom random = new SplittableRandom(type.ggufId());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment blocks = randomBlocks(arena, random, (long) CASES * type.blockBytes());
            float[] slow = new float[CASES * type.blockSize()];
            for (int i = 0; i < CASES; i++) {
                format.decodeBlock(blocks, i, slow, i * type.blockSize());
            }
            int first = random.nextInt(CASES / 2);
            int count = CASES - first - random.nextInt(CASES / 2);
            int at = random.nextInt(50);
            float[] fast = new float[at + count * type.blockSize()];
            format.decode(blocks, first, count, fast, at);

            int skip = first * type.blockSize();
            for (int i = 0; i < count * type.blockSize(); i++) {
                assertThat(Float.floatToIntBits(fast[at + i]))
                        .as("%s element %d", type, skip + i)
                        .isEqualTo(Float.floatToIntBits(slow[skip + i]));
            }
        }
    }

    /// Random bytes; in some stretches with many ones or zeros, so that scales which are infinite,
    /// not a number, zero or subnormal come up, whatever their place in the block.
    private static MemorySegment randomBlocks(Arena arena, SplittableRandom random, long size) {
        MemorySegment blocks = arena.allocate(size);
        int mode = 0;
        for (long i = 0; i < size; i++) {
            if (random.nextInt(64) == 0) {
                mode = random.nextInt(6);
            }
            int value = random.nextInt(256);
            int other = 1 << random.nextInt(8);
            int stored = mode == 0 ? 255 - other : mode == 1 ? other : value;
            blocks.set(ValueLayout.JAVA_BYTE, i, (byte) stored);
        }
        return blocks;
    }

    @Test
    void allFloat16ValuesAreExact() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = arena.allocate(2 * 65536);
            for (int i = 0; i < 65536; i++) {
                all.set(Stored.SHORT, 2L * i, (short) i);
            }
            float[] fast = new float[65536];
            BlockFormat.of(DataType.F16).decode(all, 0, 65536, fast, 0);
            float[] slow = new float[1];
            MemorySegment back = arena.allocate(2);
            for (int i = 0; i < 65536; i++) {
                BlockFormat.of(DataType.F16).decodeBlock(all, i, slow, 0);
                assertThat(Float.floatToIntBits(fast[i]))
                        .isEqualTo(Float.floatToIntBits(slow[0]))
                        .isEqualTo(Float.floatToIntBits(Float.float16ToFloat((short) i)));
                BlockFormat.of(DataType.F16).encode(slow, 0, back, 0, 1);
                if (!Float.isNaN(slow[0])) {
                    assertThat(back.get(Stored.SHORT, 0)).isEqualTo((short) i);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void tooShortInputIsAnException(DataType type) {
        MemorySegment blocks = MemorySegment.ofArray(new byte[3 * type.blockBytes() - 1]);
        float[] target = new float[3 * type.blockSize()];
        assertThatThrownBy(() -> BlockFormat.of(type).decode(blocks, 0, 3, target, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void plainNumbersRoundToTheNearestFloat() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[16]);
        float[] target = new float[2];
        bytes.set(Stored.DOUBLE, 8, 0.1);
        DataType.F64.decode(bytes, 1, 1, target, 1);
        assertThat(target).containsExactly(0, 0.1f);
        bytes.set(Stored.LONG, 0, -(1L << 40) - 1);
        DataType.I64.decode(bytes, 0, 1, target, 0);
        assertThat(target[0]).isEqualTo(-0x1p40f);
        bytes.set(Stored.INT, 4, Integer.MIN_VALUE);
        DataType.I32.decode(bytes, 1, 1, target, 0);
        assertThat(target[0]).isEqualTo(-0x1p31f);
        bytes.set(Stored.INT, 0, 0xFF80_0001);
        DataType.I16.decode(bytes, 0, 2, target, 0);
        assertThat(target).containsExactly(1, -128);
        DataType.I8.decode(bytes, 2, 2, target, 0);
        assertThat(target).containsExactly(-128, -1);
    }

    @Test
    void brainFloatsRoundToEvenAndKeepNaN() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[10]);
        float[] values = {
            Float.intBitsToFloat(0x3F808000),
            Float.intBitsToFloat(0x3F818000),
            Float.MAX_VALUE,
            Float.intBitsToFloat(0x7F800001),
            -0f
        };
        DataType.BF16.encode(values, 0, bytes, 0, 5);
        DataType.BF16.decode(bytes, 0, 5, values, 0);
        assertThat(values).containsExactly(1, 1.015625f, Float.POSITIVE_INFINITY, Float.NaN, -0f);
    }
}
