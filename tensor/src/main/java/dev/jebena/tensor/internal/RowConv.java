package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.jebena.compute.Panels;
import dev.jebena.compute.Panels.Place;
import dev.jebena.compute.TileProduct;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.Window;
import dev.jebena.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Convolutions in float32 as products of rows of channels: a row of the left operand is what the
/// taps see at one place, gathered for some places at a time, and the weight is the right operand.
final class RowConv {
    private static final int LANES = ChannelBlocks.LANES;

    /// Numbers of the gathered rows that are multiplied at a time: they stay in the second-level
    /// cache.
    private static final int BLOCK = 96 << 10;

    /// Blocks that keep some threads busy evenly.
    private static final int BLOCKS = 8;

    /// Entries along k for which a panel stays in the first-level cache.
    private static final int DEPTH = 256;

    private static final Panels PANELS = Panels.best();
    private static final TileProduct PRODUCT = TileProduct.best();
    private static final int WIDTH = PRODUCT.columns();

    private RowConv() {}

    /// Whether this is for convolutions of x to y with weight w.
    static boolean fits(Window window, DType dtype, Shape x, Shape w, Shape y) {
        return dtype == DType.FLOAT32
                && WIDTH % LANES == 0
                && window.groups() == 1
                && w.dim(0) >= LANES
                && w.dim(1) >= LANES
                && w.size() > 0
                && x.size() > 0
                && y.size() > 0;
    }

    static void forward(Window window, View x, View w, View y) {
        ConvTaps taps = ConvTaps.forward(window, x.shape(), w.shape(), y.shape());
        run(List.of(taps), x, new ConvWeight(w.contiguous(), false), y);
    }

    static PreparedConv prepared(Window window, Shape x, View w, Shape y) {
        ConvTaps taps = ConvTaps.forward(window, x, w.shape(), y);
        ConvWeight weight = new ConvWeight(w.contiguous(), false);
        Ready ready = Ready.of(taps, x.dim(1), weight, Workspace::keep);
        return (image, result, together, finished) -> {
            PreparedConv.Finished told = together == 1 ? finished : null;
            try (PlaceRows in = PlaceRows.of(image)) {
                new Part(ready, in, result, told).run(image.shape().dim(0));
            }
            return told == finished;
        };
    }

    static void input(Window window, View y, View w, View x) {
        List<ConvTaps> parts = ConvTaps.input(window, y.shape(), w.shape(), x.shape());
        run(parts, y, new ConvWeight(w.contiguous(), true), x);
    }

    /// Of 8-bit integers, whose sums are int32.
    ///
    /// @param zero what stands for 0
    static void integers(Window window, View x, int zero, QuadWeight weight, View y) {
        Shape shape = weight.shape();
        ConvTaps taps = ConvTaps.forward(window, x.shape(), shape, y.shape());
        int entries = PlaceRows.entries(shape.dim(1));
        boolean inPlace = taps.isInPlace();
        MemorySegment offsets =
                inPlace ? MemorySegment.NULL : taps.offsets(PlaceRows.rowBytes(entries));
        MemorySegment starts = weight.starts(zero + PlaceRows.moved(x.dtype()));
        Ready ready =
                new Ready(
                        QuadWeight.PRODUCT,
                        taps,
                        inPlace,
                        entries,
                        weight.panels(),
                        offsets,
                        starts);
        try (PlaceRows in = PlaceRows.ofIntegers(x, zero)) {
            new Part(ready, in, y, null).run(x.shape().dim(0));
        }
    }

    private static void run(List<ConvTaps> parts, View x, ConvWeight weight, View y) {
        try (PlaceRows in = PlaceRows.of(x)) {
            for (ConvTaps taps : parts) {
                try (Ready ready = Ready.of(taps, x.shape().dim(1), weight, Workspace::take)) {
                    new Part(ready, in, y, null).run(x.shape().dim(0));
                }
            }
        }
    }

    /// What depends on shapes and the weight.
    ///
    /// @param isInPlace whether rows need not be gathered
    /// @param channels of integers entries of four
    /// @param offsets of what is gathered
    /// @param starts what the sums of each column of the panels begin with; nothing for 0
    private record Ready(
            TileProduct product,
            ConvTaps taps,
            boolean isInPlace,
            int channels,
            Workspace panels,
            MemorySegment offsets,
            MemorySegment starts)
            implements AutoCloseable {
        static Ready of(
                ConvTaps taps, int channels, ConvWeight weight, LongFunction<Workspace> room) {
            boolean inPlace = taps.isInPlace();
            MemorySegment offsets =
                    inPlace ? MemorySegment.NULL : taps.offsets(PlaceRows.rowBytes(channels));
            return new Ready(
                    PRODUCT,
                    taps,
                    inPlace,
                    channels,
                    weight.panels(taps.taps(), room),
                    offsets,
                    MemorySegment.NULL);
        }

        @Override
        public void close() {
            panels.close();
        }

        int depth() {
            return taps.taps().length * channels;
        }

        /// Numbers of a gathered row; as in [PlaceRows].
        int stride() {
            return Math.ceilDiv(depth(), LANES) * LANES + LANES;
        }
    }

    /// The results of one [ConvTaps].
    private record Part(
            Ready ready, PlaceRows in, View y, PreparedConv.@Nullable Finished finished) {
        void run(int samples) {
            int count = ready.taps.results().length;
            int most = Math.max(ready.product.rows(), BLOCK / Math.max(1, ready.depth()));
            // Blocks are some samples, or a part of one.
            int together = Math.clamp(most / count, 1, samples);
            int cuts = together > 1 ? 1 : Math.ceilDiv(count, most);
            int blocks = Math.ceilDiv(samples, together) * cuts;
            int all = Math.ceilDiv(y.shape().dim(1), WIDTH);
            int parts = Math.clamp(BLOCKS / blocks, 1, all);
            Parallel.tiles(
                    blocks * parts,
                    i -> {
                        int block = i / parts;
                        int part = i % parts;
                        int sample = block / cuts * together;
                        int cut = block % cuts;
                        int first = (int) ((long) count * cut / cuts);
                        int last = (int) ((long) count * (cut + 1) / cuts);
                        new Block(
                                        this,
                                        sample,
                                        Math.min(together, samples - sample),
                                        first,
                                        last - first)
                                .run(all * part / parts, all * (part + 1) / parts);
                    });
        }
    }

    /// Some results of some samples.
    private record Block(Part part, int sample, int samples, int first, int count) {
        private long gatheredBytes() {
            return 4L * part.ready.stride();
        }

        void run(int panel, int lastPanel) {
            long bytes = part.ready.isInPlace ? 0 : samples * (long) count * gatheredBytes();
            long rowBytes = 4L * (lastPanel - panel) * WIDTH;
            try (Workspace rows = Workspace.take(bytes);
                    Workspace out = Workspace.take(samples * (long) count * rowBytes)) {
                for (int n = 0; n < samples && !part.ready.isInPlace; n++) {
                    gather(n, rows);
                }
                start(panel, samples * count, rowBytes, out);
                for (int p = panel; p < lastPanel; p++) {
                    for (int k = 0; k < Math.max(1, part.ready.depth()); k += DEPTH) {
                        for (int n = 0; n < samples; n++) {
                            long to = n * (long) count * rowBytes + 4L * WIDTH * (p - panel);
                            multiply(p, k, n, rows, out.at(to), rowBytes);
                        }
                    }
                }
                MemorySegment lines = ChannelBlocks.steps(count, rowBytes);
                int channels = part.y.shape().dim(1);
                for (int n = 0; n < samples; n++) {
                    for (int c = panel * WIDTH; c < lastPanel * WIDTH && c < channels; c += LANES) {
                        long from = n * (long) count * rowBytes + 4L * (c - panel * WIDTH);
                        write(out.at(from), lines, n, c);
                    }
                }
            }
        }

        private void start(int panel, int lines, long rowBytes, Workspace out) {
            MemorySegment starts = part.ready.starts;
            for (int i = 0; i < lines && starts.byteSize() > 0; i++) {
                long from = 4L * WIDTH * panel;
                MemorySegment.copy(starts, from, out.memory(), i * rowBytes, rowBytes);
            }
        }

        /// Sixteen channels of the results.
        private void write(Place from, MemorySegment lines, int n, int channel) {
            int channels = part.y.shape().dim(1);
            int places = Math.toIntExact(ConvLoops.spatial(part.y.shape()));
            int some = Math.min(LANES, channels - channel);
            long to = part.y.offset() + ((long) (sample + n) * channels + channel) * places;
            if (part.ready.taps.isInOrder(places)) {
                Place place = new Place(part.y.memory(), 4 * (to + first));
                PANELS.transpose(from, new Place(lines, 0), some, count, place, places);
                for (int i = 0; i < some && part.finished != null; i++) {
                    long begin = to - part.y.offset() + (long) i * places + first;
                    part.finished.take(begin, begin + count);
                }
                return;
            }
            try (Workspace square = Workspace.take(4L * some * count)) {
                PANELS.transpose(from, new Place(lines, 0), some, count, square.at(0), count);
                for (int i = 0; i < some; i++) {
                    for (int j = 0; j < count; j++) {
                        float number = square.memory().getAtIndex(JAVA_FLOAT, (long) i * count + j);
                        long place = to + (long) i * places + part.ready.taps.results()[first + j];
                        part.y.memory().setAtIndex(JAVA_FLOAT_UNALIGNED, place, number);
                    }
                }
            }
        }

        private void gather(int n, Workspace rows) {
            int taps = part.ready.taps.taps().length;
            int all = part.ready.taps.results().length;
            for (int tap = 0; tap < taps; tap++) {
                PANELS.copy(
                        part.in.sample(sample + n),
                        new Place(part.ready.offsets, 8L * ((long) tap * all + first)),
                        count,
                        part.ready.channels,
                        rows.at(
                                n * (long) count * gatheredBytes()
                                        + 4L * tap * part.ready.channels),
                        part.ready.stride());
            }
        }

        private void multiply(int panel, int k, int n, Workspace rows, Place to, long rowBytes) {
            int groups = Math.ceilDiv(count, part.ready.product.rows());
            Place from =
                    part.ready.isInPlace
                            ? part.in.sample(sample + n).plus(first * part.in.rowBytes())
                            : rows.at(n * (long) count * gatheredBytes());
            long step = part.ready.isInPlace ? part.in.rowBytes() : gatheredBytes();
            for (int group = 0; group < groups; group++) {
                int row = (int) ((long) count * group / groups);
                int last = (int) ((long) count * (group + 1) / groups);
                part.ready.product.multiply(
                        k > 0 || part.ready.starts.byteSize() > 0,
                        last - row,
                        Math.min(DEPTH, part.ready.depth() - k),
                        from.memory(),
                        from.at() + row * step + 4L * k,
                        step,
                        4,
                        part.ready.panels.memory(),
                        4L * WIDTH * ((long) panel * part.ready.depth() + k),
                        to.memory(),
                        to.at() + row * rowBytes,
                        rowBytes);
            }
        }
    }
}
