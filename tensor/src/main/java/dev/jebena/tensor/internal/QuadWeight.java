package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.jebena.compute.TileProduct;
import dev.jebena.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// A weight `[outputs, channels, ...]` of int8 as the right operand of a product: panels `[column /
/// width][k][width]` whose columns are the outputs and whose k are taps and entries of four
/// channels.
///
/// @param shape of the weight
/// @param sums of each output's numbers
record QuadWeight(Shape shape, Workspace panels, int... sums) {
    private static final PackedConstants<QuadWeight> KNOWN = new PackedConstants<>();

    /// What multiplies it, if the CPU has instructions for it; else not to be used.
    static final TileProduct PRODUCT =
            Objects.requireNonNullElse(TileProduct.quads(), TileProduct.scalar());

    private static final int WIDTH = PRODUCT.columns();

    static boolean isSupported() {
        return TileProduct.quads() != null;
    }

    /// The packed weight, kept for the next call with the same memory.
    static QuadWeight of(View weight) {
        return KNOWN.of(weight, QuadWeight::packed);
    }

    private static QuadWeight packed(View weight) {
        View w = weight.contiguous();
        int outputs = w.shape().dim(0);
        int channels = w.shape().dim(1);
        int taps = Math.toIntExact(ConvLoops.spatial(w.shape()));
        int entries = PlaceRows.entries(channels);
        int depth = taps * entries;
        Workspace panels = Workspace.keep(4L * Math.ceilDiv(outputs, WIDTH) * WIDTH * depth);
        panels.memory().fill((byte) 0);
        int[] sums = new int[outputs];
        Parallel.run(
                outputs,
                8,
                (begin, end) -> {
                    for (int output = (int) begin; output < end; output++) {
                        long from = w.offset() + (long) output * channels * taps;
                        long column = (long) output / WIDTH * WIDTH * depth + output % WIDTH;
                        for (int i = 0; i < channels * taps; i++) {
                            byte value = w.memory().get(JAVA_BYTE, from + i);
                            int channel = i / taps;
                            long entry = (long) i % taps * entries + channel / 4;
                            long at = 4 * (column + entry * WIDTH) + channel % 4;
                            panels.memory().set(JAVA_BYTE, at, value);
                            sums[output] += value;
                        }
                    }
                });
        return new QuadWeight(w.shape(), panels, sums);
    }

    /// What sums begin with where `zero` stands for 0, for all columns of the panels.
    MemorySegment starts(int zero) {
        int columns = Math.ceilDiv(sums.length, WIDTH) * WIDTH;
        MemorySegment starts = Storage.allocate(4L * columns).memory().asSlice(0, 4L * columns);
        for (int i = 0; i < columns; i++) {
            starts.setAtIndex(JAVA_INT, i, i < sums.length ? -zero * sums[i] : 0);
        }
        return starts;
    }
}
