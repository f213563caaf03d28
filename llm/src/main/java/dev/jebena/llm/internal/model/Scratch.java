package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.QuantizedRows;
import dev.jebena.llm.internal.memory.LazyMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
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
        ROUTED,
        EXPERT_IN,
        EXPERT_OUT,
        SAMPLED,
        LOGITS,
        /// Rounded rows of any of the others.
        QUANTIZED
    }

    /// The widest row that any layer wants in each slot.
    static final class Plan {
        private final Map<Slot, Integer> columns = new EnumMap<>(Slot.class);

        void reserve(Slot slot, int width) {
            columns.merge(slot, width, Math::max);
        }

        /// `count` rows for each row of the pass.
        void reserveRows(Slot slot, int width, int count) {
            reserve(slot, stride(width) * count);
        }

        /// Memory for the input of a product with `count` rows for each row of the pass.
        void reserveInputs(Linear linear, int count) {
            if (linear.packed() != null) {
                reserve(Slot.QUANTIZED, linear.inputs() * count);
            }
        }

        /// Memory for the input of a product.
        void reserveInput(Linear linear) {
            reserveInputs(linear, 1);
        }
    }

    /// Widths of rounded rows whose views are kept.
    private static final int KEPT = 4;

    private final Map<Slot, MemorySegment> memory = new EnumMap<>(Slot.class);
    // The views of the last pass: a step of as many rows uses them again.
    private final Map<Slot, FloatMatrix> matrices = new EnumMap<>(Slot.class);
    private final List<QuantizedRows> rounded = new ArrayList<>();

    /// @param rows rows of a pass at most
    /// @param sampled rows at most whose logits are computed
    Scratch(Arena arena, Plan plan, int rows, int sampled) {
        plan.columns.forEach((slot, columns) -> {
            int count =
                    switch (slot) {
                        case SAMPLED, LOGITS -> sampled;
                        case QUANTIZED -> Math.max(rows, sampled);
                        default -> rows;
                    };
            long bytes = Math.max(1, count) * rowBytes(slot, columns);
            memory.put(slot, LazyMemory.allocate(arena, bytes));
        });
    }

    /// `rows` rounded rows. Contents are what was there before.
    QuantizedRows quantized(int rows, int columns) {
        for (int i = 0; i < rounded.size(); i++) {
            QuantizedRows kept = rounded.get(i);
            if (kept.rows() == rows && kept.columns() == columns) {
                return kept;
            }
        }
        if (rounded.size() == KEPT) {
            rounded.removeFirst();
        }
        QuantizedRows view = new QuantizedRows(rows, columns, memory(Slot.QUANTIZED));
        rounded.add(view);
        return view;
    }

    private static long rowBytes(Slot slot, int columns) {
        return slot == Slot.QUANTIZED ? QuantizedRows.rowBytes(columns) : 4L * stride(columns);
    }

    /// `rows` rows in a slot. Contents are what was there before.
    FloatMatrix matrix(Slot slot, int rows, int columns) {
        FloatMatrix kept = matrices.get(slot);
        if (kept != null && kept.rows() == rows && kept.columns() == columns) {
            return kept;
        }
        FloatMatrix view = new FloatMatrix(rows, columns, stride(columns), memory(slot));
        matrices.put(slot, view);
        return view;
    }

    private MemorySegment memory(Slot slot) {
        MemorySegment data = memory.get(slot);
        if (data == null) {
            throw new IllegalStateException("scratch slot " + slot + " was not reserved");
        }
        return data;
    }

    long bytes() {
        return memory.values().stream().mapToLong(MemorySegment::byteSize).sum();
    }

    private static int stride(int columns) {
        return (columns + 15) & ~15;
    }
}
