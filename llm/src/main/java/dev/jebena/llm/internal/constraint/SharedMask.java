package dev.jebena.llm.internal.constraint;

import org.jspecify.annotations.Nullable;

/// What the masks of situations have in common that differ only in counts.
final class SharedMask {
    final long[] bits;

    /// Bytes that the longest of the shortest completions after a token is longer than the shortest
    /// one before it; [Node#NEVER] where not known.
    final int beyond;

    /// Bytes at least before the bound of any count is felt.
    final int room;

    /// How often a limit has been near.
    int cuts;

    /// Known once it has been near where that may come again.
    @Nullable Landings landings;

    SharedMask(long[] bits, int beyond, int room) {
        this.bits = bits;
        this.beyond = beyond;
        this.room = room;
    }
}
