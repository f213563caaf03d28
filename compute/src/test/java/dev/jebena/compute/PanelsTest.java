package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The fastest copies write what the reference writes, and nothing else.
class PanelsTest {
    private static final int BYTES = 8192;

    private interface Copies {
        void run(Panels panels, Panels.Place from, Panels.Place table, Panels.Place to);
    }

    private static void same(String what, int offsets, Random random, Copies copies) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = arena.allocate(2 * BYTES, 64);
            for (int i = 0; i < from.byteSize(); i++) {
                from.set(JAVA_BYTE, i, (byte) random.nextInt());
            }
            MemorySegment table = arena.allocate(8L * offsets + 8, 64);
            for (int i = 0; i < offsets; i++) {
                table.setAtIndex(JAVA_LONG, i + 1, 2L * random.nextInt(BYTES / 2));
            }
            MemorySegment expected = arena.allocate(64 << 10, 64);
            MemorySegment actual = arena.allocate(64 << 10, 64);
            Panels.Place source = new Panels.Place(from, 4);
            Panels.Place places = new Panels.Place(table, 8);
            copies.run(Panels.scalar(), source, places, new Panels.Place(expected, 8));
            copies.run(Panels.best(), source, places, new Panels.Place(actual, 8));
            assertThat(actual.mismatch(expected)).as(what).isEqualTo(-1);
        }
    }

    @Test
    void copiesGiveTheBytesOfTheReference() {
        Random random = new Random(3);
        for (int count : new int[] {1, 3, 4, 11, 12, 16, 17, 31, 32}) {
            for (int length : new int[] {0, 1, 3, 4, 7, 16, 21, 64}) {
                for (int width : new int[] {count, 32}) {
                    String what = "%d of %d, %d".formatted(count, width, length);
                    same(
                            "copy " + what,
                            length,
                            random,
                            (p, from, table, to) -> p.copy(from, table, length, count, to, width));
                    same(
                            "transpose " + what,
                            count,
                            random,
                            (p, from, table, to) ->
                                    p.transpose(from, table, length, count, to, width));
                    same(
                            "interleave " + what,
                            2 * length,
                            random,
                            (p, from, table, to) ->
                                    p.interleave(from, table, length, count, to, width));
                }
            }
        }
    }
}
