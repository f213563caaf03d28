package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The reference of keys and values in 8 bits.
class KvNumbersTest {
    private static final int HEADS = 2;
    private static final int HEAD_DIM = 64;
    private static final int COLUMNS = HEADS * HEAD_DIM;

    private final Arena arena = Arena.ofConfined();
    private final RandomGenerator random = RandomData.generator(8);
    private final long bytes = KvPages.pageBytes(DataType.Q8_0, HEADS, HEAD_DIM);

    @AfterEach
    void free() {
        arena.close();
    }

    private void fill(MemorySegment page, FloatMatrix keys, FloatMatrix values) {
        for (int slot = 0; slot < KvPages.PAGE; slot++) {
            Kernels.scalar()
                    .storeKv(page, DataType.Q8_0, 0, slot, keys, values, slot, HEADS, HEAD_DIM);
        }
    }

    @Test
    void aPageTakesTheBytesOfItsBlocks() {
        assertThat(bytes).isEqualTo(2L * KvPages.PAGE * COLUMNS / 32 * 34);
        assertThat(KvPages.supports(DataType.Q8_0, 80)).isFalse();
        assertThat(KvPages.supports(DataType.Q4_0, 64)).isFalse();
    }

    @Test
    void numbersAreThoseOfBlocksOfThe8BitFormat() {
        FloatMatrix keys = RandomData.floats(arena, random, KvPages.PAGE, COLUMNS);
        FloatMatrix values = RandomData.floats(arena, random, KvPages.PAGE, COLUMNS);
        MemorySegment page = arena.allocate(bytes);
        fill(page, keys, values);
        for (int head = 0; head < HEADS; head++) {
            var storedKeys = KvNumbers.keys(page, DataType.Q8_0, head, HEAD_DIM);
            var storedValues = KvNumbers.values(page, DataType.Q8_0, head, HEAD_DIM);
            for (int slot = 0; slot < KvPages.PAGE; slot++) {
                float[] key = rounded(keys.row(slot));
                float[] value = rounded(values.row(slot));
                for (int d = 0; d < HEAD_DIM; d++) {
                    assertThat(storedKeys.get(0, d, slot)).isEqualTo(key[head * HEAD_DIM + d]);
                    assertThat(storedValues.get(0, d, slot)).isEqualTo(value[head * HEAD_DIM + d]);
                }
            }
        }
    }

    private float[] rounded(float[] row) {
        MemorySegment blocks = arena.allocate(DataType.Q8_0.bytes(COLUMNS));
        DataType.Q8_0.encode(row, 0, blocks, 0, COLUMNS / 32);
        DataType.Q8_0.decode(blocks, 0, COLUMNS / 32, row, 0);
        return row;
    }

    @Test
    void aFullPageHasNoByteThatIsNotWritten() {
        FloatMatrix keys = FloatMatrix.allocate(arena, KvPages.PAGE, COLUMNS);
        FloatMatrix values = FloatMatrix.allocate(arena, KvPages.PAGE, COLUMNS);
        MemorySegment page = arena.allocate(bytes);
        page.fill((byte) 0x55);
        fill(page, keys, values);
        for (long i = 0; i < bytes; i++) {
            assertThat(page.get(ValueLayout.JAVA_BYTE, i)).isZero();
        }
    }

    @Test
    void headsThatAreNoWholeBlocksAreRefused() {
        FloatMatrix row = FloatMatrix.allocate(arena, 1, 80);
        MemorySegment page = arena.allocate(1 << 16);
        assertThatThrownBy(() ->
                        Kernels.scalar().storeKv(page, DataType.Q8_0, 0, 0, row, row, 0, 1, 80))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("80 numbers")
                .hasMessageContaining("not Q8_0");
    }
}
