package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.compute.Panels;
import dev.jebena.compute.Panels.Place;
import dev.jebena.compute.WinogradTransforms;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Images with sixteen channels side by side: `[sample][channel / 16][place][16]`. Behind the
/// places of each block lies one more, which reads as 0 where something lies outside the image, and
/// takes what nobody wants.
final class ChannelBlocks implements AutoCloseable {
    static final int LANES = WinogradTransforms.LANES;

    /// Bytes of a place.
    static final long PLACE = 4L * LANES;

    private static final Panels PANELS = Panels.best();

    /// Pieces that keep some threads busy evenly.
    private static final int PIECES = 8;

    /// Fewest places that are worth a piece.
    private static final int LEAST_PLACES = 256;

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
        pieces(
                places,
                (sample, block, begin, end) -> {
                    Place to = block(sample, block);
                    int count = channelsOf(block);
                    if (count < LANES) {
                        to.memory()
                                .asSlice(to.at() + begin * PLACE, (end - begin) * PLACE)
                                .fill((byte) 0);
                    }
                    if (end == places) {
                        to.memory().asSlice(to.at() + places * PLACE, PLACE).fill((byte) 0);
                    }
                    Place from = channel(x, sample, block * LANES, channels, places);
                    PANELS.transpose(
                            from.plus(4L * begin),
                            new Place(lines, 0),
                            end - begin,
                            count,
                            to.plus(begin * PLACE),
                            LANES);
                });
    }

    /// Some places of sixteen channels of a sample.
    interface Piece {
        void run(int sample, int block, int begin, int end);
    }

    /// Goes through all blocks of all samples, in pieces that keep some threads busy.
    ///
    /// @param count of the places of a sample
    void pieces(int count, Piece piece) {
        int all = samples * blocks();
        int wanted = Parallel.threads() == 1 ? 1 : PIECES / Math.max(1, all);
        int cuts = Math.clamp(count / LEAST_PLACES, 1, Math.max(1, wanted));
        Parallel.tiles(
                all * cuts,
                i -> {
                    int begin = (int) ((long) count * (i % cuts) / cuts) & -LANES;
                    int end = (int) ((long) count * (i % cuts + 1) / cuts) & -LANES;
                    int last = i % cuts == cuts - 1 ? count : end;
                    piece.run(i / cuts / blocks(), i / cuts % blocks(), begin, last);
                });
    }

    /// Writes the elements to a contiguous image; see [PreparedConv#run].
    boolean write(View y, long together, PreparedConv.@Nullable Finished finished) {
        return write(y, steps(places, PLACE), together, finished);
    }

    /// @param lines byte offset of the row of each place of the image
    boolean write(
            View y, MemorySegment lines, long together, PreparedConv.@Nullable Finished finished) {
        boolean told = finished != null && together == 1;
        pieces(
                places,
                (sample, block, begin, end) -> {
                    Place to = channel(y, sample, block * LANES, channels, places);
                    int count = channelsOf(block);
                    PANELS.transpose(
                            block(sample, block),
                            new Place(lines, 8L * begin),
                            count,
                            end - begin,
                            to.plus(4L * begin),
                            places);
                    if (told) {
                        long first = (long) sample * channels + (long) block * LANES;
                        tell(Objects.requireNonNull(finished), first, count, begin, end);
                    }
                });
        return told || finished == null;
    }

    /// Of some places of some channels; all places of neighbouring channels are one part.
    private void tell(PreparedConv.Finished finished, long channel, int count, int begin, int end) {
        if (begin == 0 && end == places) {
            finished.take(channel * places, (channel + count) * places);
            return;
        }
        for (int i = 0; i < count; i++) {
            finished.take((channel + i) * places + begin, (channel + i) * places + end);
        }
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
