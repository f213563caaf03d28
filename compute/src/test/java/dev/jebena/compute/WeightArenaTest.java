package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightArenaTest {
    @Test
    void slicesAreZeroAlignedAndApart() {
        try (Arena owner = Arena.ofShared()) {
            WeightArena arena = WeightArena.within(owner);
            var random = new SplittableRandom(3);
            List<MemorySegment> slices = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                slices.add(arena.allocate(random.nextLong(1, 2_000_000), 64));
            }
            for (MemorySegment slice : slices) {
                assertThat(slice.address() % 64).isZero();
                assertThat(slice.get(ValueLayout.JAVA_BYTE, 0)).isZero();
                assertThat(slice.get(ValueLayout.JAVA_BYTE, slice.byteSize() - 1)).isZero();
                slice.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
                slice.set(ValueLayout.JAVA_BYTE, slice.byteSize() - 1, (byte) 1);
            }
        }
    }

    @Test
    void oneSliceMayBeLargerThanAMapping() {
        try (Arena owner = Arena.ofShared()) {
            WeightArena arena = WeightArena.within(owner);
            arena.allocate(100, 64);
            MemorySegment large = arena.allocate(200L << 20, 64);
            assertThat(large.byteSize()).isEqualTo(200L << 20);
            large.set(ValueLayout.JAVA_BYTE, large.byteSize() - 1, (byte) 1);
        }
    }

    @Test
    void theOwnerFreesEverything() {
        WeightArena arena;
        MemorySegment slice;
        try (Arena owner = Arena.ofShared()) {
            arena = WeightArena.within(owner);
            slice = arena.allocate(1000, 64);
            assertThatThrownBy(arena::close).isInstanceOf(UnsupportedOperationException.class);
        }
        assertThat(slice.scope().isAlive()).isFalse();
        assertThat(arena.scope().isAlive()).isFalse();
    }

    @Test
    void memoryThatTheSystemDoesNotHaveIsRefused() {
        try (Arena owner = Arena.ofShared()) {
            assertThatThrownBy(() -> PageMemory.map(owner, 1L << 60).orElseThrow())
                    .isInstanceOfAny(
                            OutOfMemoryError.class, java.util.NoSuchElementException.class);
        }
    }
}
