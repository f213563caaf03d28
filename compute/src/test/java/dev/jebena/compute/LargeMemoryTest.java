package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LargeMemoryTest {
    private static final long[] SIZES = {1, 100, 70_001, 940_032, 3_000_000, 5_000_000, 4_194_303};

    @Test
    void memoryIsZeroAndNoTwoPiecesShareBytes() {
        try (Arena arena = Arena.ofShared()) {
            List<MemorySegment> pieces = new ArrayList<>();
            for (int i = 0; i < 42; i++) {
                MemorySegment piece = LargeMemory.allocate(arena, SIZES[i % SIZES.length]);
                assertThat(piece.byteSize()).isEqualTo(SIZES[i % SIZES.length]);
                assertThat(piece.address() % 64).isZero();
                assertThat(piece.mismatch(arena.allocate(piece.byteSize()))).isEqualTo(-1);
                piece.fill((byte) (i + 1));
                pieces.add(piece);
            }
            for (int i = 0; i < pieces.size(); i++) {
                MemorySegment expected = arena.allocate(pieces.get(i).byteSize());
                assertThat(pieces.get(i).mismatch(expected.fill((byte) (i + 1)))).isEqualTo(-1);
            }
        }
    }

    @Test
    void memoryLivesAsLongAsItsArena() {
        try (Arena lasting = Arena.ofConfined()) {
            MemorySegment kept = LargeMemory.allocate(lasting, 1 << 20);
            MemorySegment lost;
            try (Arena closed = Arena.ofConfined()) {
                lost = LargeMemory.allocate(closed, 1 << 20);
            }
            kept.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
            assertThatThrownBy(() -> lost.get(ValueLayout.JAVA_BYTE, 0))
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}
