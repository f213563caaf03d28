package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.compute.Panels;
import dev.jebena.compute.Panels.Place;
import dev.jebena.compute.TileProduct;
import java.lang.foreign.MemorySegment;
import java.util.function.LongFunction;

/// A weight `[outputs, channels, ...]` as the right operand of a product: panels `[column /
/// width][k][width]` whose columns are the outputs and whose k are taps and channels; or,
/// transposed, channels and taps and outputs.
record ConvWeight(View weight, boolean transposed) {
    private static final int LANES = ChannelBlocks.LANES;
    private static final long PLACE = ChannelBlocks.PLACE;
    private static final Panels PANELS = Panels.best();
    private static final int WIDTH = TileProduct.best().columns();

    private int outputs() {
        return weight.shape().dim(0);
    }

    private int channels() {
        return weight.shape().dim(1);
    }

    private int taps() {
        return Math.toIntExact(ConvLoops.spatial(weight.shape()));
    }

    /// The panels of some taps.
    ///
    /// @param room gives memory
    Workspace panels(int[] chosen, LongFunction<Workspace> room) {
        int columns = transposed ? channels() : outputs();
        int inner = transposed ? outputs() : channels();
        int depth = chosen.length * inner;
        Workspace panels = room.apply(4L * Math.ceilDiv(columns, WIDTH) * WIDTH * depth);
        if (columns % WIDTH > 0) {
            long last = 4L * (columns / WIDTH) * WIDTH * depth;
            panels.memory().asSlice(last, 4L * WIDTH * depth).fill((byte) 0);
        }
        int line = channels() * taps();
        MemorySegment rows = ChannelBlocks.steps(LANES, 4L * line);
        MemorySegment order = order(chosen);
        Parallel.tiles(
                Math.ceilDiv(outputs(), LANES),
                block -> {
                    int first = block * LANES;
                    int count = Math.min(LANES, outputs() - first);
                    Place from =
                            new Place(weight.memory(), 4 * (weight.offset() + (long) first * line));
                    try (Workspace lines = Workspace.take(line * PLACE)) {
                        PANELS.transpose(from, new Place(rows, 0), line, count, lines.at(0), LANES);
                        if (transposed) {
                            transpose(chosen, block, lines, order, panels);
                        } else {
                            Place to = panels.at(4L * at(first, depth));
                            PANELS.copy(lines.at(0), new Place(order, 0), depth, count, to, WIDTH);
                        }
                    }
                });
        return panels;
    }

    private static long at(int column, int depth) {
        return (long) column / WIDTH * WIDTH * depth + column % WIDTH;
    }

    /// Where the outputs of each chosen tap and channel lie among the transposed lines.
    private MemorySegment order(int[] chosen) {
        MemorySegment table = Storage.allocate(8L * chosen.length * channels()).memory();
        int at = 0;
        for (int tap : chosen) {
            for (int channel = 0; channel < channels(); channel++) {
                table.setAtIndex(JAVA_LONG, at++, ((long) channel * taps() + tap) * PLACE);
            }
        }
        return table;
    }

    private void transpose(
            int[] chosen, int block, Workspace lines, MemorySegment order, Workspace panels) {
        int depth = chosen.length * outputs();
        int length = Math.min(LANES, outputs() - block * LANES);
        for (int tap = 0; tap < chosen.length; tap++) {
            for (int first = 0; first < channels(); first += LANES) {
                long row = (long) tap * outputs() + (long) block * LANES;
                PANELS.transpose(
                        lines.at(0),
                        new Place(order, 8 * ((long) tap * channels() + first)),
                        length,
                        Math.min(LANES, channels() - first),
                        panels.at(4 * (at(first, depth) + WIDTH * row)),
                        WIDTH);
            }
        }
    }
}
