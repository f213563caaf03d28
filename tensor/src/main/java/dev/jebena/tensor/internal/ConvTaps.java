package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.tensor.Op.Window;
import dev.jebena.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Some results of a convolution that the same taps of the weight reach, and the places that each
/// of them is computed from.
///
/// @param taps of the weight, counted through its last axes
/// @param results places of a sample of the result
/// @param sources for each tap and each result the place of what is convolved; one behind the last
///   if it lies outside
record ConvTaps(int[] taps, int[] results, int[][] sources) {
    private static final int OUTSIDE = -1;

    /// The same for one axis, with [#OUTSIDE] for what lies outside.
    private record Axis(int[] taps, int[] results, int[][] sources) {}

    /// The one part of a convolution.
    static ConvTaps forward(Window window, Shape x, Shape w, Shape y) {
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < x.rank() - 2; i++) {
            int[] taps = IntStream.range(0, w.dim(2 + i)).toArray();
            int[] results = IntStream.range(0, y.dim(2 + i)).toArray();
            int[][] sources = new int[taps.length][results.length];
            for (int tap : taps) {
                for (int result : results) {
                    int at =
                            result * window.stride().get(i)
                                    + tap * window.dilation().get(i)
                                    - window.low().get(i);
                    sources[tap][result] = at < x.dim(2 + i) ? Math.max(at, OUTSIDE) : OUTSIDE;
                }
            }
            axes.add(new Axis(taps, results, sources));
        }
        return combined(axes, x, w, y);
    }

    /// The parts of the transposed convolution of y: with stride s the places of x fall into s
    /// phases an axis, each reached by other taps.
    static List<ConvTaps> input(Window window, Shape y, Shape w, Shape x) {
        List<List<Axis>> parts = List.of(List.of());
        for (int i = 0; i < x.rank() - 2; i++) {
            List<List<Axis>> longer = new ArrayList<>();
            for (int phase = 0; phase < window.stride().get(i); phase++) {
                Axis axis = phase(window, y, w, x, i, phase);
                for (List<Axis> part : parts) {
                    List<Axis> axes = new ArrayList<>(part);
                    axes.add(axis);
                    longer.add(axes);
                }
            }
            parts = longer;
        }
        return parts.stream().map(axes -> combined(axes, y, w, x)).toList();
    }

    private static Axis phase(Window window, Shape y, Shape w, Shape x, int axis, int phase) {
        int stride = window.stride().get(axis);
        int low = window.low().get(axis);
        int dilation = window.dilation().get(axis);
        int[] results =
                IntStream.range(0, x.dim(2 + axis)).filter(at -> at % stride == phase).toArray();
        int[] taps =
                IntStream.range(0, w.dim(2 + axis))
                        .filter(tap -> Math.floorMod(phase + low - tap * dilation, stride) == 0)
                        .toArray();
        int[][] sources = new int[taps.length][results.length];
        for (int i = 0; i < taps.length; i++) {
            for (int j = 0; j < results.length; j++) {
                int at = Math.floorDiv(results[j] + low - taps[i] * dilation, stride);
                sources[i][j] = at < y.dim(2 + axis) ? Math.max(at, OUTSIDE) : OUTSIDE;
            }
        }
        return new Axis(taps, results, sources);
    }

    /// @param source the shape of what is convolved
    private static ConvTaps combined(List<Axis> axes, Shape source, Shape w, Shape result) {
        int[] taps = {0};
        int[] results = {0};
        int[][] sources = {{0}};
        for (int i = 0; i < axes.size(); i++) {
            Axis axis = axes.get(i);
            int[][] longer = new int[taps.length * axis.taps.length][];
            for (int tap = 0; tap < longer.length; tap++) {
                longer[tap] =
                        crossed(
                                sources[tap / axis.taps.length],
                                source.dim(2 + i),
                                axis.sources[tap % axis.taps.length]);
            }
            taps = crossed(taps, w.dim(2 + i), axis.taps);
            results = crossed(results, result.dim(2 + i), axis.results);
            sources = longer;
        }
        int outside = Math.toIntExact(ConvLoops.spatial(source));
        for (int[] places : sources) {
            for (int i = 0; i < places.length; i++) {
                places[i] = places[i] == OUTSIDE ? outside : places[i];
            }
        }
        return new ConvTaps(taps, results, sources);
    }

    /// All places of some axes, each with those of one more axis of `dim` places.
    private static int[] crossed(int[] places, int dim, int[] more) {
        int[] all = new int[places.length * more.length];
        int at = 0;
        for (int place : places) {
            for (int next : more) {
                boolean outside = place == OUTSIDE || next == OUTSIDE;
                all[at++] = outside ? OUTSIDE : place * dim + next;
            }
        }
        return all;
    }

    /// Whether there is one tap, and each result comes from the place of the same number.
    boolean isInPlace() {
        if (taps.length != 1) {
            return false;
        }
        for (int i = 0; i < results.length; i++) {
            if (sources[0][i] != i) {
                return false;
            }
        }
        return true;
    }

    /// Whether the results are all places in their order.
    boolean isInOrder(int places) {
        return results.length == places;
    }

    /// The byte offsets of the sources, result by result.
    MemorySegment offsetsOfResults(long rowBytes) {
        MemorySegment table = Storage.allocate(8L * taps.length * results.length).memory();
        for (int i = 0; i < results.length; i++) {
            for (int tap = 0; tap < taps.length; tap++) {
                long at = (long) i * taps.length + tap;
                table.setAtIndex(JAVA_LONG, at, sources[tap][i] * rowBytes);
            }
        }
        return table;
    }

    /// The byte offsets of the sources, tap by tap.
    MemorySegment offsets(long rowBytes) {
        int count = results.length;
        MemorySegment table = Storage.allocate(8L * taps.length * count).memory();
        for (int tap = 0; tap < taps.length; tap++) {
            for (int i = 0; i < count; i++) {
                table.setAtIndex(JAVA_LONG, (long) tap * count + i, sources[tap][i] * rowBytes);
            }
        }
        return table;
    }
}
