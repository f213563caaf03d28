package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.tensor.Op.Window;
import dev.jebena.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Some results of a convolution that the same taps of the weight reach, and the places that each
/// of them is computed from.
///
/// @param taps of the weight, counted through its last axes
/// @param results places of a sample of the result
/// @param sources for each tap and each result the place of what is convolved; one behind the last
///   if it lies outside
record ConvTaps(int[] taps, int[] results, int[][] sources) {
    /// The one part of a convolution.
    static ConvTaps forward(Window window, Shape x, Shape w, Shape y) {
        int count = size(y);
        int[] taps = new int[size(w)];
        int[][] sources = new int[taps.length][count];
        int[] results = new int[count];
        for (int tap = 0; tap < taps.length; tap++) {
            taps[tap] = tap;
            for (int result = 0; result < count; result++) {
                results[result] = result;
                sources[tap][result] = source(window, x, w, y, tap, result);
            }
        }
        return new ConvTaps(taps, results, sources);
    }

    private static int source(Window window, Shape x, Shape w, Shape y, int tap, int result) {
        int place = 0;
        int step = 1;
        for (int i = x.rank() - 3; i >= 0; i--) {
            int at =
                    result % y.dim(2 + i) * window.stride().get(i)
                            + tap % w.dim(2 + i) * window.dilation().get(i)
                            - window.low().get(i);
            if (at < 0 || at >= x.dim(2 + i)) {
                return size(x);
            }
            place += at * step;
            step *= x.dim(2 + i);
            result /= y.dim(2 + i);
            tap /= w.dim(2 + i);
        }
        return place;
    }

    /// The parts of the transposed convolution of y: with stride s the places of x fall into s
    /// phases an axis, each reached by other taps.
    static List<ConvTaps> input(Window window, Shape y, Shape w, Shape x) {
        int axes = x.rank() - 2;
        int phases = 1;
        for (int i = 0; i < axes; i++) {
            phases *= window.stride().get(i);
        }
        List<List<Integer>> results = new ArrayList<>();
        for (int i = 0; i < phases; i++) {
            results.add(new ArrayList<>());
        }
        for (int place = 0; place < size(x); place++) {
            results.get(phase(window, x, place)).add(place);
        }
        List<ConvTaps> parts = new ArrayList<>();
        for (List<Integer> places : results) {
            if (!places.isEmpty()) {
                int[] all = places.stream().mapToInt(Integer::intValue).toArray();
                parts.add(phase(window, y, w, x, all));
            }
        }
        return parts;
    }

    private static int phase(Window window, Shape x, int place) {
        int phase = 0;
        int step = 1;
        for (int i = x.rank() - 3; i >= 0; i--) {
            int stride = window.stride().get(i);
            phase += place % x.dim(2 + i) % stride * step;
            step *= stride;
            place /= x.dim(2 + i);
        }
        return phase;
    }

    private static ConvTaps phase(Window window, Shape y, Shape w, Shape x, int[] results) {
        List<Integer> taps = new ArrayList<>();
        List<int[]> sources = new ArrayList<>();
        for (int tap = 0; tap < size(w); tap++) {
            int[] places = new int[results.length];
            for (int i = 0; i < results.length; i++) {
                places[i] = transposed(window, y, w, x, tap, results[i]);
            }
            if (places[0] >= 0) {
                taps.add(tap);
                sources.add(places);
            }
        }
        return new ConvTaps(
                taps.stream().mapToInt(Integer::intValue).toArray(),
                results,
                sources.toArray(int[][]::new));
    }

    /// The place of y that a tap brings to a place of x; -1 if the tap belongs to another phase.
    private static int transposed(Window window, Shape y, Shape w, Shape x, int tap, int result) {
        int place = 0;
        int step = 1;
        boolean outside = false;
        for (int i = x.rank() - 3; i >= 0; i--) {
            int stride = window.stride().get(i);
            int distance =
                    result % x.dim(2 + i)
                            + window.low().get(i)
                            - tap % w.dim(2 + i) * window.dilation().get(i);
            if (Math.floorMod(distance, stride) != 0) {
                return -1;
            }
            int at = Math.floorDiv(distance, stride);
            outside |= at < 0 || at >= y.dim(2 + i);
            place += at * step;
            step *= y.dim(2 + i);
            result /= x.dim(2 + i);
            tap /= w.dim(2 + i);
        }
        return outside ? size(y) : place;
    }

    private static int size(Shape shape) {
        return Math.toIntExact(ConvLoops.spatial(shape));
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
