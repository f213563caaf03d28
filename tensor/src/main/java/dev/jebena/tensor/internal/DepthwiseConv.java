package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.compute.ChannelSums;
import dev.jebena.compute.Panels;
import dev.jebena.compute.Panels.Place;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.Window;
import dev.jebena.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Convolutions in float32 of each channel with taps of its own, and their derivatives: sixteen
/// channels side by side.
final class DepthwiseConv {
    private static final int LANES = ChannelBlocks.LANES;
    private static final long PLACE = ChannelBlocks.PLACE;
    private static final ChannelSums SUMS = ChannelSums.best();
    private static final Panels PANELS = Panels.best();

    private DepthwiseConv() {}

    /// Whether this is for convolutions of x to y with weight w.
    static boolean fits(Window window, DType dtype, Shape x, Shape w, Shape y) {
        int channels = window.groups();
        return dtype == DType.FLOAT32
                && channels > 1
                && w.dim(0) == channels
                && w.dim(1) == 1
                && w.size() > 0
                && x.size() > 0
                && y.size() > 0;
    }

    static void forward(Window window, View x, View w, View y) {
        try (Workspace weights = weights(w.contiguous(), Workspace::take)) {
            new Taps(
                            List.of(ConvTaps.forward(window, x.shape(), w.shape(), y.shape())),
                            w,
                            y.shape())
                    .run(x, weights, y, 1, null);
        }
    }

    static PreparedConv prepared(Window window, Shape x, View w, Shape y) {
        Workspace weights = weights(w.contiguous(), Workspace::keep);
        Taps taps = new Taps(List.of(ConvTaps.forward(window, x, w.shape(), y)), w, y);
        return (image, result, together, finished) ->
                taps.run(image, weights, result, together, finished);
    }

    static void input(Window window, View y, View w, View x) {
        try (Workspace weights = weights(w.contiguous(), Workspace::take)) {
            new Taps(ConvTaps.input(window, y.shape(), w.shape(), x.shape()), w, x.shape())
                    .run(y, weights, x, 1, null);
        }
    }

    /// Where the parts of a convolution find places and leave results.
    private static final class Taps {
        private final List<ConvTaps> parts;
        private final List<MemorySegment> offsets;

        /// Where the row of each place of the result lies.
        private final MemorySegment rows;

        private final int places;

        /// Taps of the whole weight.
        private final long all;

        Taps(List<ConvTaps> parts, View w, Shape y) {
            this.parts = parts;
            all = ConvLoops.spatial(w.shape());
            offsets = parts.stream().map(part -> part.offsetsOfResults(PLACE)).toList();
            places = Math.toIntExact(ConvLoops.spatial(y));
            rows = Storage.allocate(8L * places).memory();
            int first = 0;
            for (ConvTaps part : parts) {
                for (int i = 0; i < part.results().length; i++) {
                    rows.setAtIndex(JAVA_LONG, part.results()[i], (first + i) * PLACE);
                }
                first += part.results().length;
            }
        }

        boolean run(
                View x,
                Workspace weights,
                View y,
                long together,
                PreparedConv.@Nullable Finished finished) {
            int samples = x.shape().dim(0);
            try (ChannelBlocks in = ChannelBlocks.of(x);
                    ChannelBlocks out = new ChannelBlocks(samples, y.shape().dim(1), places)) {
                int first = 0;
                for (int n = 0; n < parts.size(); n++) {
                    part(n, first, in, weights, out);
                    first += parts.get(n).results().length;
                }
                return out.write(y, rows, together, finished);
            }
        }

        /// @param first row of the results
        private void part(
                int n, int first, ChannelBlocks in, Workspace weights, ChannelBlocks out) {
            ConvTaps part = parts.get(n);
            int count = part.taps().length;
            in.pieces(
                    part.results().length,
                    (sample, block, begin, end) -> {
                        try (Workspace chosen = Workspace.take(count * PLACE)) {
                            for (int tap = 0; tap < count; tap++) {
                                MemorySegment.copy(
                                        weights.memory(),
                                        (block * all + part.taps()[tap]) * PLACE,
                                        chosen.memory(),
                                        tap * PLACE,
                                        PLACE);
                            }
                            SUMS.forward(
                                    in.block(sample, block),
                                    new Place(offsets.get(n), 8L * begin * count),
                                    end - begin,
                                    count,
                                    chosen.at(0),
                                    out.block(sample, block).plus((first + begin) * PLACE));
                        }
                    });
        }
    }

    /// `[channel / 16][tap][16]`.
    private static Workspace weights(View w, LongFunction<Workspace> room) {
        int channels = w.shape().dim(0);
        int taps = Math.toIntExact(ConvLoops.spatial(w.shape()));
        int blocks = Math.ceilDiv(channels, LANES);
        Workspace weights = room.apply((long) blocks * taps * PLACE);
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
