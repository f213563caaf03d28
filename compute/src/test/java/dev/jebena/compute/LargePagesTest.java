package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class LargePagesTest {
    @Test
    void memoryStaysUsableAndItsNeighboursKeepWhatTheyHold() {
        long page = LargePages.BYTES;
        for (long bytes : new long[] {0, 1, page - 1, page, 2 * page + 5, 5 * page - 64}) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment all = arena.allocate(bytes + 200, 64).fill((byte) 3);
                MemorySegment inner = all.asSlice(100, bytes);
                LargePages.use(inner);
                for (int i = 0; i < 100; i++) {
                    assertThat(all.get(ValueLayout.JAVA_BYTE, i)).isEqualTo((byte) 3);
                    assertThat(all.get(ValueLayout.JAVA_BYTE, bytes + 100 + i)).isEqualTo((byte) 3);
                }
                inner.fill((byte) 5);
                MemorySegment expected = arena.allocate(bytes).fill((byte) 5);
                assertThat(inner.mismatch(expected)).isEqualTo(-1);
            }
        }
    }
}
