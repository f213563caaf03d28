package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.llm.internal.memory.LazyMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/// Memory for what a pass computes on its way, planned once and used again by every layer.
final class Scratch {
    /// What a piece of it is for.
    enum Slot {
        HIDDEN,
        NORMED,
        OUTPUT,
        QUERIES,
        KEYS,
        VALUES,
        ATTENDED,
        GATE,
        UP,
        SAMPLED,
        LOGITS
    }

    /// The widest row that any layer wants in each slot.
    static final class Plan {
        private final Map<Slot, Integer> columns = new EnumMap<>(Slot.class);

        void reserve(Slot slot, int width) {
            columns.merge(slot, width, Math::max);
        }
    }

    private final Map<Slot, MemorySegment> memory = new EnumMap<>(Slot.class);

    /// @param rows rows of a pass at most
    /// @param sampled rows at most whose logits are computed
    Scratch(Arena arena, Plan plan, int rows, int sampled) {
        plan.columns.forEach((slot, columns) -> {
            int count = slot == Slot.SAMPLED || slot == Slot.LOGITS ? sampled : rows;
            long bytes = 4L * Math.max(1, count) * stride(columns);
            memory.put(slot, LazyMemory.allocate(arena, bytes));
        });
    }

    /// `rows` rows in a slot. Contents are what was there before.
    FloatMatrix matrix(Slot slot, int rows, int columns) {
        MemorySegment data = memory.get(slot);
        if (data == null) {
            throw new IllegalStateException("scratch slot " + slot + " was not reserved");
        }
        return new FloatMatrix(rows, columns, stride(columns), data);
    }

    long bytes() {
        return memory.values().stream().mapToLong(MemorySegment::byteSize).sum();
    }

    private static int stride(int columns) {
        return (columns + 15) & ~15;
    }
}
