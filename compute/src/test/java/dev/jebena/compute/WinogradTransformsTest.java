package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.compute.Panels.Place;
import dev.jebena.compute.WinogradTransforms.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The fastest transforms write what the reference writes, and nothing else.
class WinogradTransformsTest {
    private static final int PLACES = 64;

    @Test
    void transformsGiveTheBitsOfTheReference() {
        Random random = new Random(3);
        for (Kind kind : Kind.values()) {
            for (int count : new int[] {0, 1, 2, 5, 17}) {
                for (int gap : new int[] {0, 64}) {
                    check(kind, count, 64 + gap, random);
                }
            }
        }
    }

    private static void check(Kind kind, int count, int tileBytes, Random random) {
        int squares = kind.side() * kind.side();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = arena.allocate(8L * count * squares + 8, 8);
            for (int i = 0; i < count * squares; i++) {
                table.setAtIndex(JAVA_LONG, i + 1, 64L * random.nextInt(PLACES));
            }
            long planeBytes = (long) count * tileBytes + 128;
            MemorySegment scattered = numbers(arena, 16 * (PLACES + 1), random);
            MemorySegment tiles = numbers(arena, (int) (4 * planeBytes + 16), random);
            MemorySegment otherScattered = copy(arena, scattered);
            MemorySegment otherTiles = copy(arena, tiles);
            Place places = new Place(table, 8);
            WinogradTransforms.scalar()
                    .apply(
                            kind,
                            new Place(scattered, 4),
                            places,
                            count,
                            new Place(tiles, 64),
                            tileBytes,
                            planeBytes);
            WinogradTransforms.best()
                    .apply(
                            kind,
                            new Place(otherScattered, 4),
                            places,
                            count,
                            new Place(otherTiles, 64),
                            tileBytes,
                            planeBytes);
            String what = "%s, %d, %d".formatted(kind, count, tileBytes);
            assertThat(otherTiles.mismatch(tiles)).as(what).isEqualTo(-1);
            assertThat(otherScattered.mismatch(scattered)).as(what).isEqualTo(-1);
        }
    }

    private static MemorySegment copy(Arena arena, MemorySegment memory) {
        return arena.allocate(memory.byteSize(), 64).copyFrom(memory);
    }

    private static MemorySegment numbers(Arena arena, int count, Random random) {
        MemorySegment memory = arena.allocate(4L * count, 64);
        for (int i = 0; i < count; i++) {
            memory.setAtIndex(JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return memory;
    }
}
