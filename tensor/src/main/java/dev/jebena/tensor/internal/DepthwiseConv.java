package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.compute.ChannelSums;
import dev.jebena.compute.Panels;
import dev.jebena.compute.Panels.Place;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.Window;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Convolutions in float32 of each channel with taps of its own, and their derivatives: sixteen
/// channels side by side.
final class DepthwiseConv {
    private static final int LANES = ChannelBlocks.LANES;
    private static final long PLACE = ChannelBlocks.PLACE;
    private static final ChannelSums SUMS = ChannelSums.best();
    private static final Panels PANELS = Panels.best();

    private DepthwiseConv() {}

    /// Whether this is for convolutions of x to y with weight w.
    static boolean fits(Window window, View x, View w, View y) {
        int channels = window.groups();
        return x.dtype() == DType.FLOAT32
                && channels > 1
                && w.shape().dim(0) == channels
                && w.shape().dim(1) == 1
                && w.size() > 0
                && x.size() > 0
                && y.size() > 0;
    }

    static void forward(Window window, View x, View w, View y) {
        run(List.of(ConvTaps.forward(window, x.shape(), w.shape(), y.shape())), x, w, y);
    }

    static void input(Window window, View y, View w, View x) {
        run(ConvTaps.input(window, y.shape(), w.shape(), x.shape()), y, w, x);
    }

    private static void run(List<ConvTaps> parts, View x, View w, View y) {
        int samples = x.shape().dim(0);
        int places = Math.toIntExact(ConvLoops.spatial(y.shape()));
        MemorySegment rows = Storage.allocate(8L * places).memory();
        try (ChannelBlocks in = ChannelBlocks.of(x);
                ChannelBlocks out = new ChannelBlocks(samples, y.shape().dim(1), places);
                Workspace weights = weights(w.contiguous())) {
            long taps = ConvLoops.spatial(w.shape());
            int first = 0;
            for (ConvTaps part : parts) {
                for (int i = 0; i < part.results().length; i++) {
                    rows.setAtIndex(JAVA_LONG, part.results()[i], (first + i) * PLACE);
                }
                part(part, in, weights, taps, out, first, samples);
                first += part.results().length;
            }
            out.write(y, rows);
        }
    }

    /// @param taps of a whole weight
    /// @param first row of the results
    private static void part(
            ConvTaps part,
            ChannelBlocks in,
            Workspace weights,
            long taps,
            ChannelBlocks out,
            int first,
            int samples) {
        MemorySegment offsets = part.offsetsOfResults(PLACE);
        int count = part.taps().length;
        Parallel.tiles(
                samples * in.blocks(),
                i -> {
                    int sample = i / in.blocks();
                    int block = i % in.blocks();
                    Place to = out.block(sample, block).plus(first * PLACE);
                    try (Workspace chosen = Workspace.take(count * PLACE)) {
                        for (int tap = 0; tap < count; tap++) {
                            MemorySegment.copy(
                                    weights.memory(),
                                    (block * taps + part.taps()[tap]) * PLACE,
                                    chosen.memory(),
                                    tap * PLACE,
                                    PLACE);
                        }
                        SUMS.forward(
                                in.block(sample, block),
                                new Place(offsets, 0),
                                part.results().length,
                                count,
                                chosen.at(0),
                                to);
                    }
                });
    }

    /// `[channel / 16][tap][16]`.
    private static Workspace weights(View w) {
        int channels = w.shape().dim(0);
        int taps = Math.toIntExact(ConvLoops.spatial(w.shape()));
        int blocks = Math.ceilDiv(channels, LANES);
        Workspace weights = Workspace.take((long) blocks * taps * PLACE);
        weights.memory().fill((byte) 0);
        MemorySegment lines = ChannelBlocks.steps(LANES, 4L * taps);
        for (int block = 0; block < blocks; block++) {
            long first = (long) block * LANES;
            PANELS.transpose(
                    new Place(w.memory(), 4 * (w.offset() + first * taps)),
                    new Place(lines, 0),
                    taps,
                    (int) Math.min(LANES, channels - first),
                    weights.at((long) block * taps * PLACE),
                    LANES);
        }
        return weights;
    }

    /// The gradient w of the weight: sums through all places of all samples.
    static void weight(Window window, View x, View y, View w) {
        ConvTaps part = ConvTaps.forward(window, x.shape(), w.shape(), y.shape());
        int taps = part.taps().length;
        MemorySegment offsets = part.offsetsOfResults(PLACE);
        MemorySegment lines = ChannelBlocks.steps(taps, PLACE);
        try (ChannelBlocks in = ChannelBlocks.of(x);
                ChannelBlocks out = ChannelBlocks.of(y)) {
            Parallel.tiles(
                    in.blocks(),
                    block -> {
                        try (Workspace sums = Workspace.take(taps * PLACE)) {
                            sums.memory().fill((byte) 0);
                            for (int sample = 0; sample < x.shape().dim(0); sample++) {
                                SUMS.gradient(
                                        in.block(sample, block),
                                        new Place(offsets, 0),
                                        part.results().length,
                                        taps,
                                        out.block(sample, block),
                                        sums.at(0));
                            }
                            long first = (long) block * LANES;
                            PANELS.transpose(
                                    sums.at(0),
                                    new Place(lines, 0),
                                    (int) Math.min(LANES, w.shape().dim(0) - first),
                                    taps,
                                    new Place(w.memory(), 4 * (w.offset() + first * taps)),
                                    taps);
                        }
                    });
        }
    }
}
