package dev.jebena.tensor.internal;

import dev.jebena.compute.TileProduct;
import dev.jebena.compute.WinogradTransforms;
import dev.jebena.compute.WinogradTransforms.Kind;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Ints;
import dev.jebena.tensor.Op.Window;
import dev.jebena.tensor.Shape;
import org.jspecify.annotations.Nullable;

/// Convolutions of 3 x 3 taps with stride 1 in float32 and their derivatives by minimal filtering;
/// see [WinogradTransforms]. Errors are about twice those of the definition's products.
///
/// A block of tiles is transformed, multiplied and transformed back while it is in the second-level
/// cache. Blocks depend on shapes only, and each sum is one chain, so threads change no bit.
final class Winograd {
    private static final int LANES = ChannelBlocks.LANES;
    private static final int PLANES = WinogradTransforms.TILE * WinogradTransforms.TILE;

    /// Tiles below which transforming the weight costs more than is saved.
    private static final int LEAST_TILES = 32;

    /// Numbers of a plane of transformed inputs of a block of tiles.
    private static final int BLOCK = 12 << 10;

    /// Blocks that keep some threads busy evenly.
    private static final int BLOCKS = 8;

    /// Tiles that become one step of the sums for a weight's gradient.
    private static final int CHUNK = 1024;

    /// Entries along k for which a panel stays in the first-level cache.
    private static final int DEPTH = 256;

    private static final TileProduct PRODUCT = TileProduct.best();
    private static final int WIDTH = PRODUCT.columns();

    private Winograd() {}

    /// Whether this is for convolutions of x to y with weight w.
    static boolean fits(Window window, DType dtype, Shape x, Shape w, Shape y) {
        Ints one = Ints.filled(2, 1);
        return !window.byDefinition()
                && dtype == DType.FLOAT32
                && WIDTH % LANES == 0
                && x.rank() == 4
                && w.dim(2) == 3
                && w.dim(3) == 3
                && window.groups() == 1
                && window.stride().equals(one)
                && window.dilation().equals(one)
                && isSmall(window.low())
                && isSmall(window.high())
                && w.dim(0) >= LANES
                && w.dim(1) >= LANES
                && tiles(x) >= LEAST_TILES
                && tiles(y) >= LEAST_TILES;
    }

    private static boolean isSmall(Ints padding) {
        return padding.get(0) >= 0
                && padding.get(0) <= 2
                && padding.get(1) >= 0
                && padding.get(1) <= 2;
    }

    private static long tiles(Shape x) {
        return (long) x.dim(0) * Math.ceilDiv(x.dim(2), 2) * Math.ceilDiv(x.dim(3), 2);
    }

    static void forward(Window window, View x, View w, View y) {
        try (Workspace panels = new WinogradWeight(w.contiguous()).panels(Workspace::take)) {
            convolve(x, panels, y, window.low().get(0), window.low().get(1), 1, null);
        }
    }

    static PreparedConv prepared(Window window, View w) {
        Workspace panels = new WinogradWeight(w.contiguous()).panels(Workspace::keep);
        return (x, y, together, finished) ->
                convolve(
                        x, panels, y, window.low().get(0), window.low().get(1), together, finished);
    }

    static void input(Window window, View y, View w, View x) {
        try (Workspace panels = new WinogradWeight(w.contiguous()).mirroredPanels()) {
            convolve(y, panels, x, 2 - window.low().get(0), 2 - window.low().get(1), 1, null);
        }
    }

    private static boolean convolve(
            View x,
            Workspace panels,
            View y,
            int top,
            int left,
            long together,
            PreparedConv.@Nullable Finished finished) {
        int samples = x.shape().dim(0);
        int outputs = y.shape().dim(1);
        int places = Math.toIntExact(ConvLoops.spatial(y.shape()));
        WinogradTiles tiles = new WinogradTiles(x, y, top, left);
        try (ChannelBlocks in = ChannelBlocks.of(x);
                ChannelBlocks out = new ChannelBlocks(samples, outputs, places)) {
            new Blocks(tiles, in, panels, out, x.shape().dim(1), outputs)
                    .run(samples * tiles.ofSample());
            return out.write(y, together, finished);
        }
    }

    /// Blocks of tiles.
    private record Blocks(
            WinogradTiles tiles,
            ChannelBlocks in,
            Workspace weight,
            ChannelBlocks out,
            int channels,
            int outputs) {
        void run(int count) {
            int height = PRODUCT.rows();
            int size = Math.max(1, Math.min(16, BLOCK / channels / height)) * height;
            int blocks = Math.ceilDiv(count, size);
            int panels = Math.ceilDiv(outputs, WIDTH);
            int parts = Math.clamp(BLOCKS / blocks, 1, panels);
            Parallel.tiles(
                    blocks * parts,
                    i -> {
                        int block = i / parts;
                        int part = i % parts;
                        int first = (int) ((long) count * block / blocks);
                        int last = (int) ((long) count * (block + 1) / blocks);
                        block(
                                first,
                                last - first,
                                panels * part / parts,
                                panels * (part + 1) / parts);
                    });
        }

        /// Numbers between neighbouring tiles: not a power of two, which would fall on the same
        /// places of the first-level cache.
        private int stride() {
            return in.blocks() * LANES + LANES;
        }

        private void block(int first, int count, int panel, int lastPanel) {
            long tileBytes = 4L * stride();
            try (Workspace inputs = Workspace.take(count * tileBytes * PLANES);
                    Workspace products = Workspace.take(4L * PLANES * count * WIDTH)) {
                for (int block = 0; block < in.blocks(); block++) {
                    tiles.apply(
                            Kind.INPUT,
                            in,
                            block,
                            first,
                            count,
                            inputs.at(block * ChannelBlocks.PLACE),
                            tileBytes,
                            count * tileBytes);
                }
                for (int p = panel; p < lastPanel; p++) {
                    for (int plane = 0; plane < PLANES; plane++) {
                        multiply(count, plane, p, inputs, products);
                    }
                    for (int half = 0; half < WIDTH / LANES; half++) {
                        int block = p * WIDTH / LANES + half;
                        if (block < out.blocks()) {
                            tiles.apply(
                                    Kind.OUTPUT,
                                    out,
                                    block,
                                    first,
                                    count,
                                    products.at(half * ChannelBlocks.PLACE),
                                    4L * WIDTH,
                                    4L * WIDTH * count);
                        }
                    }
                }
            }
        }

        private void multiply(
                int count, int plane, int panel, Workspace inputs, Workspace products) {
            long tileBytes = 4L * stride();
            int panels = Math.ceilDiv(outputs, WIDTH);
            int groups = Math.ceilDiv(count, PRODUCT.rows());
            for (int k = 0; k < channels; k += DEPTH) {
                long right = 4L * WIDTH * ((long) (plane * panels + panel) * channels + k);
                for (int group = 0; group < groups; group++) {
                    int row = count * group / groups;
                    int rows = count * (group + 1) / groups - row;
                    PRODUCT.multiply(
                            k > 0,
                            rows,
                            Math.min(DEPTH, channels - k),
                            inputs.memory(),
                            ((long) plane * count + row) * tileBytes + 4L * k,
                            tileBytes,
                            4,
                            weight.memory(),
                            right,
                            products.memory(),
                            4L * WIDTH * ((long) plane * count + row),
                            4L * WIDTH);
                }
            }
        }
    }

    /// The gradient w of the weight of a convolution of x, from the gradient y of its result.
    static void weight(Window window, View x, View y, View w) {
        WinogradTiles tiles = new WinogradTiles(x, y, window.low().get(0), window.low().get(1));
        int outputs = w.shape().dim(0);
        int channels = w.shape().dim(1);
        int stride = Math.ceilDiv(outputs, WIDTH) * WIDTH;
        long bytes = 4L * PLANES * channels * stride;
        try (ChannelBlocks in = ChannelBlocks.of(x);
                ChannelBlocks out = ChannelBlocks.of(y);
                Workspace sums = Workspace.take(bytes)) {
            int count = x.shape().dim(0) * tiles.ofSample();
            for (int first = 0; first < count; first += CHUNK) {
                new Chunk(
                                tiles,
                                in,
                                out,
                                sums,
                                channels,
                                stride,
                                first,
                                Math.min(CHUNK, count - first))
                        .run();
            }
            new WinogradWeight(w).write(sums, stride);
        }
    }

    /// What some tiles add to the sixteen matrices of a weight's gradient.
    ///
    /// @param stride numbers from one channel of the sums to the next
    private record Chunk(
            WinogradTiles tiles,
            ChannelBlocks in,
            ChannelBlocks out,
            Workspace sums,
            int channels,
            int stride,
            int first,
            int count) {
        private long rowBytes() {
            return 4L * (in.blocks() * LANES + LANES);
        }

        void run() {
            try (Workspace inputs = Workspace.take(count * rowBytes() * PLANES);
                    Workspace gradients = Workspace.take(4L * PLANES * count * stride)) {
                Parallel.tiles(
                        in.blocks() + out.blocks(),
                        i -> {
                            if (i < in.blocks()) {
                                tiles.apply(
                                        Kind.INPUT,
                                        in,
                                        i,
                                        first,
                                        count,
                                        inputs.at(i * ChannelBlocks.PLACE),
                                        rowBytes(),
                                        count * rowBytes());
                            } else {
                                gradient(i - in.blocks(), gradients);
                            }
                        });
                int panels = stride / WIDTH;
                Parallel.tiles(
                        PLANES * panels, i -> multiply(i / panels, i % panels, inputs, gradients));
            }
        }

        /// Into panels `[element][column / width][tile][width]`.
        private void gradient(int block, Workspace gradients) {
            int column = block * LANES;
            long at = 4L * ((long) column / WIDTH * WIDTH * count + column % WIDTH);
            tiles.apply(
                    Kind.GRADIENT,
                    out,
                    block,
                    first,
                    count,
                    gradients.at(at),
                    4L * WIDTH,
                    4L * stride * count);
        }

        private void multiply(int plane, int panel, Workspace inputs, Workspace gradients) {
            int groups = Math.ceilDiv(channels, PRODUCT.rows());
            for (int k = 0; k < count; k += DEPTH) {
                long right =
                        4L
                                * (((long) plane * stride + (long) panel * WIDTH) * count
                                        + (long) k * WIDTH);
                for (int group = 0; group < groups; group++) {
                    int row = channels * group / groups;
                    int rows = channels * (group + 1) / groups - row;
                    PRODUCT.multiply(
                            first + k > 0,
                            rows,
                            Math.min(DEPTH, count - k),
                            inputs.memory(),
                            ((long) plane * count + k) * rowBytes() + 4L * row,
                            4,
                            rowBytes(),
                            gradients.memory(),
                            right,
                            sums.memory(),
                            4L * (((long) plane * channels + row) * stride + (long) panel * WIDTH),
                            4L * stride);
                }
            }
        }
    }
}
