package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.compute.Panels;
import dev.jebena.compute.Panels.Place;
import dev.jebena.compute.TileProduct;
import dev.jebena.compute.WinogradTransforms;
import dev.jebena.compute.WinogradTransforms.Kind;
import java.lang.foreign.MemorySegment;
import java.util.function.LongFunction;

/// A weight `[outputs, channels, 3, 3]` as sixteen matrices, one for each element of a tile.
final class WinogradWeight {
    private static final int LANES = ChannelBlocks.LANES;
    private static final long PLACE = ChannelBlocks.PLACE;
    private static final int TAPS = 9;
    private static final int PLANES = WinogradTransforms.TILE * WinogradTransforms.TILE;

    private static final Panels PANELS = Panels.best();
    private static final WinogradTransforms TRANSFORMS = WinogradTransforms.best();
    private static final int WIDTH = TileProduct.best().columns();

    private final View weight;
    private final int outputs;
    private final int channels;

    /// Where the taps of a channel begin, and of its taps.
    private final MemorySegment taps;

    /// @param weight contiguous
    WinogradWeight(View weight) {
        this.weight = weight;
        outputs = weight.shape().dim(0);
        channels = weight.shape().dim(1);
        taps = ChannelBlocks.steps(channels * TAPS, PLACE);
    }

    /// Panels `[element][column / width][k][width]` for products whose columns are the outputs and
    /// whose k are the channels.
    ///
    /// @param memory gives memory
    Workspace panels(LongFunction<Workspace> memory) {
        Workspace panels = room(outputs, channels, memory);
        Parallel.tiles(
                Math.ceilDiv(outputs, LANES),
                block -> {
                    try (Workspace lines = Workspace.take((long) channels * TAPS * PLACE)) {
                        read(block, lines);
                        TRANSFORMS.apply(
                                Kind.WEIGHT,
                                lines.at(0),
                                new Place(taps, 0),
                                channels,
                                panels.at(column(block, channels)),
                                4L * WIDTH,
                                plane(outputs, channels));
                    }
                });
        return panels;
    }

    /// The same of the mirrored taps, with channels as columns and outputs as k: the products of
    /// the gradient of what was convolved.
    Workspace mirroredPanels() {
        Workspace panels = room(channels, outputs, Workspace::take);
        MemorySegment mirrored = ChannelBlocks.steps(LANES * TAPS, PLACE);
        for (int i = 0; i < LANES * TAPS; i++) {
            mirrored.setAtIndex(JAVA_LONG, i, (i / TAPS * TAPS + TAPS - 1 - i % TAPS) * PLACE);
        }
        MemorySegment steps = ChannelBlocks.steps(channels, TAPS * PLACE);
        Parallel.tiles(
                Math.ceilDiv(outputs, LANES),
                block -> {
                    try (Workspace lines = Workspace.take((long) channels * TAPS * PLACE);
                            Workspace square = Workspace.take(LANES * TAPS * PLACE)) {
                        read(block, lines);
                        for (int other = 0; other < Math.ceilDiv(channels, LANES); other++) {
                            mirror(block, other, lines, steps, square);
                            TRANSFORMS.apply(
                                    Kind.WEIGHT,
                                    square.at(0),
                                    new Place(mirrored, 0),
                                    Math.min(LANES, outputs - block * LANES),
                                    panels.at(column(other, outputs) + 4L * WIDTH * LANES * block),
                                    4L * WIDTH,
                                    plane(channels, outputs));
                        }
                    }
                });
        return panels;
    }

    /// `[output][tap][channel]` of a block of outputs and one of channels.
    private void mirror(
            int block, int other, Workspace lines, MemorySegment steps, Workspace square) {
        int count = Math.min(LANES, channels - other * LANES);
        int length = Math.min(LANES, outputs - block * LANES);
        if (count < LANES) {
            square.memory().asSlice(0, LANES * TAPS * PLACE).fill((byte) 0);
        }
        for (int tap = 0; tap < TAPS; tap++) {
            PANELS.transpose(
                    lines.at((other * LANES * TAPS + tap) * PLACE),
                    new Place(steps, 0),
                    length,
                    count,
                    square.at(tap * PLACE),
                    TAPS * LANES);
        }
    }

    /// Sets the weight to the gradient whose sixteen matrices `[element][channel][output]` are
    /// given.
    ///
    /// @param stride numbers from one channel to the next
    void write(Workspace matrices, int stride) {
        Parallel.tiles(
                Math.ceilDiv(outputs, LANES),
                block -> {
                    try (Workspace lines = Workspace.take((long) channels * TAPS * PLACE)) {
                        TRANSFORMS.apply(
                                Kind.WEIGHT_GRADIENT,
                                lines.at(0),
                                new Place(taps, 0),
                                channels,
                                matrices.at(block * PLACE),
                                4L * stride,
                                4L * stride * channels);
                        PANELS.transpose(
                                lines.at(0),
                                new Place(taps, 0),
                                Math.min(LANES, outputs - block * LANES),
                                channels * TAPS,
                                place(block),
                                channels * TAPS);
                    }
                });
    }

    /// The first tap of a block of outputs.
    private Place place(int block) {
        long element = weight.offset() + (long) block * LANES * channels * TAPS;
        return new Place(weight.memory(), 4 * element);
    }

    /// `[channel][tap][output]` of a block of outputs.
    private void read(int block, Workspace lines) {
        int count = Math.min(LANES, outputs - block * LANES);
        if (count < LANES) {
            lines.memory().asSlice(0, (long) channels * TAPS * PLACE).fill((byte) 0);
        }
        MemorySegment rows = ChannelBlocks.steps(LANES, 4L * channels * TAPS);
        PANELS.transpose(
                place(block), new Place(rows, 0), channels * TAPS, count, lines.at(0), LANES);
    }

    private static Workspace room(int columns, int k, LongFunction<Workspace> memory) {
        Workspace room = memory.apply(PLANES * plane(columns, k));
        if (columns % WIDTH > 0 && columns % WIDTH <= WIDTH - LANES) {
            room.memory().fill((byte) 0);
        }
        return room;
    }

    private static long plane(int columns, int k) {
        return 4L * Math.ceilDiv(columns, WIDTH) * WIDTH * k;
    }

    private static long column(int block, int k) {
        int first = block * LANES;
        return 4L * ((long) first / WIDTH * WIDTH * k + first % WIDTH);
    }
}
