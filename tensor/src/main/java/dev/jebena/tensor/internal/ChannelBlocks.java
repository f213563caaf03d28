package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.compute.Panels;
import dev.jebena.compute.Panels.Place;
import dev.jebena.compute.WinogradTransforms;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Images with sixteen channels side by side: `[sample][channel / 16][place][16]`. Behind the
/// places of each block lies one more, which reads as 0 where something lies outside the image, and
/// takes what nobody wants.
final class ChannelBlocks implements AutoCloseable {
    static final int LANES = WinogradTransforms.LANES;

    /// Bytes of a place.
    static final long PLACE = 4L * LANES;

    private static final Panels PANELS = Panels.best();

    private final int samples;
    private final int channels;
    private final int places;
    private final Workspace memory;

    /// @param places of one channel
    ChannelBlocks(int samples, int channels, int places) {
        this.samples = samples;
        this.channels = channels;
        this.places = places;
        memory = Workspace.take((long) samples * blocks() * blockBytes());
    }

    /// The elements of an image `[sample, channel, ...]`.
    static ChannelBlocks of(View image) {
        View x = image.contiguous();
        int places = Math.toIntExact(ConvLoops.spatial(x.shape()));
        ChannelBlocks blocks = new ChannelBlocks(x.shape().dim(0), x.shape().dim(1), places);
        blocks.read(x);
        return blocks;
    }

    int blocks() {
        return Math.ceilDiv(channels, LANES);
    }

    private long blockBytes() {
        return (places + 1) * PLACE;
    }

    Place block(int sample, int block) {
        return memory.at(((long) sample * blocks() + block) * blockBytes());
    }

    private int channelsOf(int block) {
        return Math.min(LANES, channels - block * LANES);
    }

    private static Place channel(View x, int sample, int channel, int channels, int places) {
        long first = ((long) sample * channels + channel) * places;
        return new Place(x.memory(), 4 * (x.offset() + first));
    }

    private void read(View x) {
        MemorySegment lines = steps(LANES, 4L * places);
        Parallel.tiles(
                samples * blocks(),
                i -> {
                    int sample = i / blocks();
                    int block = i % blocks();
                    Place to = block(sample, block);
                    int count = channelsOf(block);
                    if (count < LANES) {
                        to.memory().asSlice(to.at(), blockBytes()).fill((byte) 0);
                    }
                    to.memory().asSlice(to.at() + places * PLACE, PLACE).fill((byte) 0);
                    Place from = channel(x, sample, block * LANES, channels, places);
                    PANELS.transpose(from, new Place(lines, 0), places, count, to, LANES);
                });
    }

    /// Writes the elements to a contiguous image; see [PreparedConv#run].
    boolean write(View y, long together, PreparedConv.@Nullable Finished finished) {
        return write(y, steps(places, PLACE), together, finished);
    }

    /// @param lines byte offset of the row of each place of the image
    boolean write(
            View y, MemorySegment lines, long together, PreparedConv.@Nullable Finished finished) {
        boolean whole = places % together == 0;
        Parallel.tiles(
                samples * blocks(),
                i -> {
                    int sample = i / blocks();
                    int block = i % blocks();
                    Place to = channel(y, sample, block * LANES, channels, places);
                    Place from = block(sample, block);
                    int count = channelsOf(block);
                    PANELS.transpose(from, new Place(lines, 0), count, places, to, places);
                    if (whole && finished != null) {
                        long first = ((long) sample * channels + block * LANES) * places;
                        finished.take(first, first + (long) count * places);
                    }
                });
        return whole;
    }

    @Override
    public void close() {
        memory.close();
    }

    /// A table of byte offsets: `0, step, 2 step, ...`
    static MemorySegment steps(int count, long step) {
        MemorySegment table = Storage.allocate(8L * count).memory();
        for (int i = 0; i < count; i++) {
            table.setAtIndex(JAVA_LONG, i, i * step);
        }
        return table;
    }
}
