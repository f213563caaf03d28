package dev.jebena.llm.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class LazyMemoryTest {
    @Test
    void memoryIsZeroAlignedAndKeepsWhatIsWritten() {
        for (long bytes : new long[] {1, 4096, (1L << 20) + 64, 1L << 30}) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = LazyMemory.allocate(arena, bytes);
                assertThat(memory.byteSize()).isGreaterThanOrEqualTo(bytes);
                assertThat(memory.address() % 64).isZero();
                assertThat(memory.get(ValueLayout.JAVA_BYTE, bytes - 1)).isZero();
                memory.set(ValueLayout.JAVA_BYTE, bytes - 1, (byte) 7);
                assertThat(memory.get(ValueLayout.JAVA_BYTE, bytes - 1)).isEqualTo((byte) 7);
            }
        }
    }

    @Test
    void someMemoryIsAvailable() {
        assertThat(AvailableMemory.bytes()).isGreaterThan(1L << 26);
    }
}
