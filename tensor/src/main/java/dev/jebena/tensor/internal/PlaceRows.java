package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.jebena.compute.Panels;
import dev.jebena.compute.Panels.Place;
import dev.jebena.tensor.DType;
import java.lang.foreign.MemorySegment;

/// Images with their channels side by side: a row for each place, `[sample][place][channel]`, and
/// behind the places of a sample a row of zeros for what lies outside.
final class PlaceRows implements AutoCloseable {
    private static final Panels PANELS = Panels.best();
    private static final int LANES = ChannelBlocks.LANES;

    /// Pieces that keep some threads busy evenly.
    private static final int PIECES = 8;

    /// Fewest places that are worth a piece.
    private static final int LEAST_PLACES = 256;

    private final int places;

    /// Numbers of a row: not a power of two, which would let rows fall on the same places of the
    /// first-level cache.
    private final int stride;

    private final Workspace memory;

    private PlaceRows(int samples, int channels, int places) {
        this.places = places;
        stride = stride(channels);
        memory = Workspace.take(samples * sampleBytes());
    }

    static PlaceRows of(View image) {
        View x = image.contiguous();
        int samples = x.shape().dim(0);
        int channels = x.shape().dim(1);
        int places = Math.toIntExact(ConvLoops.spatial(x.shape()));
        PlaceRows rows = new PlaceRows(samples, channels, places);
        MemorySegment lines = ChannelBlocks.steps(LANES, 4L * places);
        int blocks = Math.ceilDiv(channels, LANES);
        int cuts = Math.clamp(places / LEAST_PLACES, 1, Math.max(1, PIECES / (samples * blocks)));
        Parallel.tiles(
                samples * blocks * cuts,
                i -> {
                    int sample = i / cuts / blocks;
                    int first = i / cuts % blocks * LANES;
                    int begin = (int) ((long) places * (i % cuts) / cuts);
                    int end = (int) ((long) places * (i % cuts + 1) / cuts);
                    Place to = rows.sample(sample).plus(4L * first);
                    long from = x.offset() + ((long) sample * channels + first) * places + begin;
                    PANELS.transpose(
                            new Place(x.memory(), 4 * from),
                            new Place(lines, 0),
                            end - begin,
                            Math.min(LANES, channels - first),
                            to.plus(begin * rows.rowBytes()),
                            rows.stride);
                    if (end == places) {
                        to.memory()
                                .asSlice(to.at() + places * rows.rowBytes(), 4L * LANES)
                                .fill((byte) 0);
                    }
                });
        return rows;
    }

    /// Entries of four integers of 8 bits for so many channels.
    static int entries(int channels) {
        return Math.ceilDiv(channels, 4);
    }

    /// What is added to integers of a type so that they are unsigned.
    static int moved(DType dtype) {
        return dtype == DType.INT8 ? 128 : 0;
    }

    /// Images of 8-bit integers, made unsigned: a number of a row is an entry of four channels.
    ///
    /// @param zero what lies outside
    static PlaceRows ofIntegers(View image, int zero) {
        View x = image.contiguous();
        int samples = x.shape().dim(0);
        int channels = x.shape().dim(1);
        int places = Math.toIntExact(ConvLoops.spatial(x.shape()));
        PlaceRows rows = new PlaceRows(samples, entries(channels), places);
        int outside = (zero + moved(x.dtype())) * 0x01010101;
        int cuts = Math.ceilDiv(places, LEAST_PLACES);
        Parallel.tiles(
                samples * cuts,
                i -> {
                    int sample = i / cuts;
                    int begin = i % cuts * LEAST_PLACES;
                    int count = Math.min(LEAST_PLACES, places - begin);
                    Place to = rows.sample(sample).plus(begin * rows.rowBytes());
                    long from = x.offset() + (long) sample * channels * places + begin;
                    ByteRows lines = new ByteRows(x.memory(), places, to, rows.rowBytes());
                    for (int channel = 0; channel < channels; channel += 4) {
                        long at = from + (long) channel * places;
                        lines.interleave(
                                at,
                                Math.min(4, channels - channel),
                                count,
                                channel,
                                moved(x.dtype()));
                    }
                    Place behind = rows.sample(sample).plus(places * rows.rowBytes());
                    for (int entry = 0;
                            entry < entries(channels) && begin + count == places;
                            entry++) {
                        behind.memory().set(JAVA_INT_UNALIGNED, behind.at() + 4L * entry, outside);
                    }
                });
        return rows;
    }

    private static int stride(int channels) {
        return Math.ceilDiv(channels, LANES) * LANES + LANES;
    }

    /// Bytes of a row of so many channels.
    static long rowBytes(int channels) {
        return 4L * stride(channels);
    }

    long rowBytes() {
        return 4L * stride;
    }

    private long sampleBytes() {
        return (places + 1) * rowBytes();
    }

    Place sample(int sample) {
        return memory.at(sample * sampleBytes());
    }

    @Override
    public void close() {
        memory.close();
    }
}
