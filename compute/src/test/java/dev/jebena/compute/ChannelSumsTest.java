package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.compute.Panels.Place;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The fastest sums have the bits of the reference, and nothing else is written.
class ChannelSumsTest {
    private static final int PLACES = 50;

    @Test
    void sumsHaveTheBitsOfTheReference() {
        Random random = new Random(3);
        for (int count : new int[] {0, 1, 3, 4, 5, 8, 31}) {
            for (int taps : new int[] {0, 1, 2, 7, 8, 9, 25}) {
                check(count, taps, random);
            }
        }
    }

    private static void check(int count, int taps, Random random) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment offsets = arena.allocate(8L * count * taps + 8, 8);
            for (int i = 0; i < count * taps; i++) {
                offsets.setAtIndex(JAVA_LONG, i + 1, 64L * random.nextInt(PLACES));
            }
            Place table = new Place(offsets, 8);
            Place x = new Place(numbers(arena, PLACES + 1, random), 4);
            Place weights = new Place(numbers(arena, taps + 1, random), 4);
            MemorySegment results = numbers(arena, count + 2, random);
            MemorySegment expected = copy(arena, results);
            ChannelSums.best().forward(x, table, count, taps, weights, new Place(results, 64));
            ChannelSums.scalar().forward(x, table, count, taps, weights, new Place(expected, 64));
            String what = "%d of %d taps".formatted(count, taps);
            assertThat(results.mismatch(expected)).as(what).isEqualTo(-1);
            MemorySegment sums = numbers(arena, taps + 2, random);
            MemorySegment expectedSums = copy(arena, sums);
            Place given = new Place(results, 64);
            ChannelSums.best().gradient(x, table, count, taps, given, new Place(sums, 64));
            ChannelSums.scalar()
                    .gradient(x, table, count, taps, given, new Place(expectedSums, 64));
            assertThat(sums.mismatch(expectedSums)).as(what).isEqualTo(-1);
        }
    }

    private static MemorySegment copy(Arena arena, MemorySegment memory) {
        return arena.allocate(memory.byteSize(), 64).copyFrom(memory);
    }

    /// @param rows of sixteen
    private static MemorySegment numbers(Arena arena, int rows, Random random) {
        MemorySegment memory = arena.allocate(64L * rows, 64);
        for (int i = 0; i < 16 * rows; i++) {
            memory.setAtIndex(JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return memory;
    }
}
