package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.compute.Panels.Place;
import dev.jebena.compute.WinogradTransforms;
import dev.jebena.compute.WinogradTransforms.Kind;
import java.lang.foreign.MemorySegment;

/// The tiles of images: each is 2 x 2 results of a convolution, and the 4 x 4 numbers they come
/// from. Tiles are counted through all samples.
final class WinogradTiles {
    private static final WinogradTransforms TRANSFORMS = WinogradTransforms.best();

    private final int ofSample;

    /// Where the 4 x 4 numbers of each tile of a sample lie in [ChannelBlocks].
    private final MemorySegment inputs;

    /// Where its 2 x 2 results lie.
    private final MemorySegment results;

    /// @param x `[.., height, width]` of what is convolved
    /// @param y of the results
    /// @param top zeros above x
    /// @param left zeros before x
    WinogradTiles(View x, View y, int top, int left) {
        int height = x.shape().dim(2);
        int width = x.shape().dim(3);
        int down = Math.ceilDiv(y.shape().dim(2), 2);
        int across = Math.ceilDiv(y.shape().dim(3), 2);
        ofSample = down * across;
        inputs = table(down, across, 4, height, width, top, left);
        results = table(down, across, 2, y.shape().dim(2), y.shape().dim(3), 0, 0);
    }

    private static MemorySegment table(
            int down, int across, int side, int height, int width, int top, int left) {
        MemorySegment table = Storage.allocate(8L * down * across * side * side).memory();
        long outside = (long) height * width;
        int at = 0;
        for (int tile = 0; tile < down * across; tile++) {
            for (int i = 0; i < side * side; i++) {
                int row = tile / across * 2 + i / side - top;
                int column = tile % across * 2 + i % side - left;
                boolean inside = row >= 0 && row < height && column >= 0 && column < width;
                long place = inside ? (long) row * width + column : outside;
                table.setAtIndex(JAVA_LONG, at++, place * ChannelBlocks.PLACE);
            }
        }
        return table;
    }

    int ofSample() {
        return ofSample;
    }

    /// Transforms some tiles of a block of channels.
    ///
    /// @param first tile, counted through all samples
    /// @param tiles where the first one's first plane lies
    void apply(
            Kind kind,
            ChannelBlocks images,
            int block,
            int first,
            int count,
            Place tiles,
            long tileBytes,
            long planeBytes) {
        MemorySegment table = kind == Kind.INPUT ? inputs : results;
        int places = kind.side() * kind.side();
        int done = 0;
        while (done < count) {
            int sample = (first + done) / ofSample;
            int tile = (first + done) % ofSample;
            int some = Math.min(count - done, ofSample - tile);
            TRANSFORMS.apply(
                    kind,
                    images.block(sample, block),
                    new Place(table, 8L * tile * places),
                    some,
                    tiles.plus(done * tileBytes),
                    tileBytes,
                    planeBytes);
            done += some;
        }
    }
}
