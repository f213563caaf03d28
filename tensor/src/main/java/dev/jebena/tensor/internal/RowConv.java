package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.compute.Panels;
import dev.jebena.compute.Panels.Place;
import dev.jebena.compute.TileProduct;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.Window;
import java.lang.foreign.MemorySegment;
import java.util.List;

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
    static boolean fits(Window window, View x, View w, View y) {
        return x.dtype() == DType.FLOAT32
                && WIDTH % LANES == 0
                && window.groups() == 1
                && w.shape().dim(0) >= LANES
                && w.shape().dim(1) >= LANES
                && w.size() > 0
                && x.size() > 0
                && y.size() > 0;
    }

    static void forward(Window window, View x, View w, View y) {
        ConvTaps taps = ConvTaps.forward(window, x.shape(), w.shape(), y.shape());
        run(List.of(taps), x, new ConvWeight(w.contiguous(), false), y);
    }

    static void input(Window window, View y, View w, View x) {
        List<ConvTaps> parts = ConvTaps.input(window, y.shape(), w.shape(), x.shape());
        run(parts, y, new ConvWeight(w.contiguous(), true), x);
    }

    private static void run(List<ConvTaps> parts, View x, ConvWeight weight, View y) {
        int samples = x.shape().dim(0);
        int columns = y.shape().dim(1);
        int places = Math.toIntExact(ConvLoops.spatial(y.shape()));
        long rowBytes = 4L * Math.ceilDiv(columns, WIDTH) * WIDTH;
        MemorySegment rows = Storage.allocate(8L * places).memory();
        try (PlaceRows in = PlaceRows.of(x);
                Workspace out = Workspace.take((long) samples * places * rowBytes)) {
            int first = 0;
            for (ConvTaps part : parts) {
                for (int i = 0; i < part.results().length; i++) {
                    rows.setAtIndex(JAVA_LONG, part.results()[i], (first + i) * rowBytes);
                }
                if (part.taps().length == 0) {
                    for (int n = 0; n < samples; n++) {
                        long from = (n * (long) places + first) * rowBytes;
                        out.memory().asSlice(from, part.results().length * rowBytes).fill((byte) 0);
                    }
                } else {
                    try (Workspace panels = weight.panels(part.taps())) {
                        new Part(
                                        part,
                                        in,
                                        x.shape().dim(1),
                                        panels,
                                        out.at(first * rowBytes),
                                        places * rowBytes,
                                        rowBytes,
                                        part.offsets(in.rowBytes()))
                                .run(samples);
                    }
                }
                first += part.results().length;
            }
            write(out, rows, places * rowBytes, y);
        }
    }

    /// @param rows byte offset of the row of each place of y
    private static void write(Workspace out, MemorySegment rows, long sampleBytes, View y) {
        int channels = y.shape().dim(1);
        int places = Math.toIntExact(ConvLoops.spatial(y.shape()));
        int blocks = Math.ceilDiv(channels, LANES);
        Parallel.tiles(
                y.shape().dim(0) * blocks,
                i -> {
                    int sample = i / blocks;
                    int first = i % blocks * LANES;
                    long to = y.offset() + ((long) sample * channels + first) * places;
                    PANELS.transpose(
                            out.at(sample * sampleBytes + 4L * first),
                            new Place(rows, 0),
                            Math.min(LANES, channels - first),
                            places,
                            new Place(y.memory(), 4 * to),
                            places);
                });
    }

    /// The results of one [ConvTaps].
    ///
    /// @param out the first result's row of the first sample
    private record Part(
            ConvTaps taps,
            PlaceRows in,
            int channels,
            Workspace panels,
            Place out,
            long sampleBytes,
            long rowBytes,
            MemorySegment offsets) {
        private int depth() {
            return taps.taps().length * channels;
        }

        /// Whether rows need not be gathered.
        private boolean isInPlace() {
            return taps.isInPlace();
        }

        /// Numbers of a gathered row; as in [PlaceRows].
        private int stride() {
            return Math.ceilDiv(depth(), LANES) * LANES + LANES;
        }

        void run(int samples) {
            int count = taps.results().length;
            int most = Math.max(PRODUCT.rows(), BLOCK / depth());
            // Blocks are some samples, or a part of one.
            int together = Math.clamp(most / count, 1, samples);
            int cuts = together > 1 ? 1 : Math.ceilDiv(count, most);
            int blocks = Math.ceilDiv(samples, together) * cuts;
            int all = (int) (rowBytes / 4 / WIDTH);
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
            return 4L * part.stride();
        }

        void run(int panel, int lastPanel) {
            long bytes = part.isInPlace() ? 0 : samples * (long) count * gatheredBytes();
            try (Workspace rows = Workspace.take(bytes)) {
                for (int n = 0; n < samples && !part.isInPlace(); n++) {
                    gather(n, rows);
                }
                for (int p = panel; p < lastPanel; p++) {
                    for (int k = 0; k < part.depth(); k += DEPTH) {
                        for (int n = 0; n < samples; n++) {
                            multiply(p, k, n, rows);
                        }
                    }
                }
            }
        }

        private void gather(int n, Workspace rows) {
            int taps = part.taps.taps().length;
            int all = part.taps.results().length;
            for (int tap = 0; tap < taps; tap++) {
                PANELS.copy(
                        part.in.sample(sample + n),
                        new Place(part.offsets, 8L * ((long) tap * all + first)),
                        count,
                        part.channels,
                        rows.at(n * (long) count * gatheredBytes() + 4L * tap * part.channels),
                        part.stride());
            }
        }

        private void multiply(int panel, int k, int n, Workspace rows) {
            int groups = Math.ceilDiv(count, PRODUCT.rows());
            long to = part.out.at() + (sample + n) * part.sampleBytes + 4L * WIDTH * panel;
            Place from =
                    part.isInPlace()
                            ? part.in.sample(sample + n).plus(first * part.in.rowBytes())
                            : rows.at(n * (long) count * gatheredBytes());
            long step = part.isInPlace() ? part.in.rowBytes() : gatheredBytes();
            for (int group = 0; group < groups; group++) {
                int row = (int) ((long) count * group / groups);
                int last = (int) ((long) count * (group + 1) / groups);
                PRODUCT.multiply(
                        k > 0,
                        last - row,
                        Math.min(DEPTH, part.depth() - k),
                        from.memory(),
                        from.at() + row * step + 4L * k,
                        step,
                        4,
                        part.panels.memory(),
                        4L * WIDTH * ((long) panel * part.depth() + k),
                        part.out.memory(),
                        to + (first + row) * part.rowBytes,
                        part.rowBytes);
            }
        }
    }
}
