package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.compute.Panels;
import dev.jebena.compute.Panels.Place;
import dev.jebena.compute.TileProduct;
import dev.jebena.tensor.Op.Window;
import java.lang.foreign.MemorySegment;

/// The gradient of the weight of a [RowConv]: for each tap the product of the rows of channels it
/// sees, transposed, with the rows of the result's gradient. The sums are one chain through all
/// places of all samples.
final class RowConvGradient {
    private static final int LANES = ChannelBlocks.LANES;

    /// Places that are multiplied at a time: a panel of them stays in the first-level cache.
    private static final int DEPTH = 256;

    /// Parts that keep some threads busy evenly.
    private static final int PARTS = 8;

    private static final Panels PANELS = Panels.best();
    private static final TileProduct PRODUCT = TileProduct.best();
    private static final int WIDTH = PRODUCT.columns();

    private final int samples;
    private final int channels;
    private final int outputs;
    private final int places;
    private final ConvTaps taps;

    /// Numbers from one channel of the sums to the next.
    private final int stride;

    private RowConvGradient(Window window, View x, View y, View w) {
        samples = x.shape().dim(0);
        channels = x.shape().dim(1);
        outputs = y.shape().dim(1);
        places = Math.toIntExact(ConvLoops.spatial(y.shape()));
        taps = ConvTaps.forward(window, x.shape(), w.shape(), y.shape());
        stride = Math.ceilDiv(outputs, WIDTH) * WIDTH;
    }

    static void weight(Window window, View x, View y, View w) {
        new RowConvGradient(window, x, y, w).run(x, y.contiguous(), w);
    }

    private void run(View x, View y, View w) {
        int count = taps.taps().length;
        long bytes = 4L * count * channels * stride;
        try (PlaceRows in = PlaceRows.of(x);
                Workspace gradients = panels(y);
                Workspace sums = Workspace.take(bytes)) {
            MemorySegment offsets = taps.offsets(in.rowBytes());
            int groups = Math.ceilDiv(channels, PRODUCT.rows());
            int parts = Math.clamp(PARTS / count, 1, groups);
            Parallel.tiles(
                    count * parts,
                    i -> {
                        int part = i % parts;
                        int first = (int) ((long) channels * part / parts);
                        int last = (int) ((long) channels * (part + 1) / parts);
                        new Part(this, in, offsets, gradients, sums, i / parts, first, last - first)
                                .run();
                    });
            write(sums, w);
        }
    }

    /// The gradient of the result as panels `[output / width][sample, place][width]`.
    private Workspace panels(View y) {
        long rows = (long) samples * places;
        Workspace panels = Workspace.take(4 * rows * stride);
        if (outputs < stride) {
            long last = 4 * rows * (stride - WIDTH);
            panels.memory().asSlice(last, 4 * rows * WIDTH).fill((byte) 0);
        }
        MemorySegment lines = ChannelBlocks.steps(LANES, 4L * places);
        int blocks = Math.ceilDiv(outputs, LANES);
        Parallel.tiles(
                samples * blocks,
                i -> {
                    long sample = i / blocks;
                    int first = i % blocks * LANES;
                    long panel = (long) first / WIDTH * rows + sample * places;
                    long from = y.offset() + (sample * outputs + first) * places;
                    PANELS.transpose(
                            new Place(y.memory(), 4 * from),
                            new Place(lines, 0),
                            places,
                            Math.min(LANES, outputs - first),
                            panels.at(4 * (panel * WIDTH + first % WIDTH)),
                            WIDTH);
                });
        return panels;
    }

    private void write(Workspace sums, View w) {
        int count = taps.taps().length;
        MemorySegment lines = Storage.allocate(8L * count * channels).memory();
        for (int i = 0; i < count * channels; i++) {
            long row = (long) i % count * channels + i / count;
            lines.setAtIndex(JAVA_LONG, i, 4 * row * stride);
        }
        Parallel.tiles(
                Math.ceilDiv(outputs, LANES),
                block -> {
                    int first = block * LANES;
                    long to = w.offset() + (long) first * channels * count;
                    PANELS.transpose(
                            sums.at(4L * first),
                            new Place(lines, 0),
                            Math.min(LANES, outputs - first),
                            channels * count,
                            new Place(w.memory(), 4 * to),
                            channels * count);
                });
    }

    /// What one tap sees of some channels.
    private record Part(
            RowConvGradient of,
            PlaceRows in,
            MemorySegment offsets,
            Workspace gradients,
            Workspace sums,
            int tap,
            int first,
            int count) {
        /// Numbers of a gathered row; as in [PlaceRows].
        private long rowBytes() {
            return 4L * (Math.ceilDiv(count, LANES) * LANES + LANES);
        }

        void run() {
            long all = (long) of.samples * of.places;
            try (Workspace rows = Workspace.take(DEPTH * rowBytes())) {
                for (long place = 0; place < all; place += DEPTH) {
                    int depth = (int) Math.min(DEPTH, all - place);
                    gather(place, depth, rows);
                    multiply(place, depth, rows);
                }
            }
        }

        private void gather(long place, int depth, Workspace rows) {
            int done = 0;
            while (done < depth) {
                int sample = (int) ((place + done) / of.places);
                int at = (int) ((place + done) % of.places);
                int some = Math.min(depth - done, of.places - at);
                PANELS.copy(
                        in.sample(sample).plus(4L * first),
                        new Place(offsets, 8L * ((long) tap * of.places + at)),
                        some,
                        count,
                        rows.at(done * rowBytes()),
                        (int) (rowBytes() / 4));
                done += some;
            }
        }

        private void multiply(long place, int depth, Workspace rows) {
            long all = (long) of.samples * of.places;
            int groups = Math.ceilDiv(count, PRODUCT.rows());
            for (int panel = 0; panel < of.stride / WIDTH; panel++) {
                for (int group = 0; group < groups; group++) {
                    int row = (int) ((long) count * group / groups);
                    int last = (int) ((long) count * (group + 1) / groups);
                    long channel = (long) tap * of.channels + first + row;
                    PRODUCT.multiply(
                            place > 0,
                            last - row,
                            depth,
                            rows.memory(),
                            4L * row,
                            4,
                            rowBytes(),
                            gradients.memory(),
                            4 * (panel * all + place) * WIDTH,
                            sums.memory(),
                            4 * (channel * of.stride + (long) panel * WIDTH),
                            4L * of.stride);
                }
            }
        }
    }
}
