package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.jebena.compute.Panels;
import dev.jebena.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// An operand of a matrix product: element (i, k) lies at `lines[i] + inner[k]`. So all transposes,
/// strided batches, and the windows of a convolution are operands without a copy.
final class Operand {
    private static final Panels PANELS = Panels.best();

    private final DType dtype;
    private final MemorySegment memory;

    /// Element that places count from.
    private final long base;

    private final Places lines;
    private final Places inner;

    /// Elements, in order; the bytes from 0 to each lie in native memory for [Panels].
    static final class Places {
        /// Longest places that are kept for the next product.
        private static final int LONGEST_KNOWN = 1024;

        private static final int MOST_KNOWN = 1024;

        private static final Map<Line, Places> KNOWN = new ConcurrentHashMap<>();

        private final long[] elements;
        private final MemorySegment bytes;

        /// Equally far apart.
        private record Line(int count, long stride, int bytes) {}

        Places(long[] elements, DType dtype) {
            this.elements = elements;
            bytes = Storage.allocate(8L * elements.length).memory();
            for (int i = 0; i < elements.length; i++) {
                bytes.setAtIndex(JAVA_LONG, i, elements[i] * dtype.bytes());
            }
        }

        static Places of(int count, long stride, DType dtype) {
            if (count > LONGEST_KNOWN) {
                return strided(count, stride, dtype);
            }
            if (KNOWN.size() > MOST_KNOWN) {
                KNOWN.clear();
            }
            return KNOWN.computeIfAbsent(
                    new Line(count, stride, dtype.bytes()), key -> strided(count, stride, dtype));
        }

        private static Places strided(int count, long stride, DType dtype) {
            long[] elements = new long[count];
            for (int i = 0; i < count; i++) {
                elements[i] = i * stride;
            }
            return new Places(elements, dtype);
        }

        /// The second of each two before the first, as CPUs add products of bfloat16.
        static Places swapped(int count, long stride, DType dtype) {
            long[] elements = new long[count];
            for (int i = 0; i < count; i++) {
                int partner = i ^ 1;
                elements[i] = (partner < count ? partner : i) * stride;
            }
            return new Places(elements, dtype);
        }

        int count() {
            return elements.length;
        }

        /// How many places from `from` on, at most up to `end`, follow each other.
        int run(int from, int end) {
            int i = from + 1;
            while (i < end && elements[i] == elements[i - 1] + 1) {
                i++;
            }
            return i - from;
        }

        /// The byte offsets from place `from` on.
        Panels.Place table(int from) {
            return new Panels.Place(bytes, 8L * from);
        }

        /// The distance of neighbours if it is the same everywhere, else -1.
        private long step() {
            for (int i = 2; i < elements.length; i++) {
                if (elements[i] - elements[i - 1] != elements[1] - elements[0]) {
                    return -1;
                }
            }
            return elements.length < 2 ? 1 : elements[1] - elements[0];
        }
    }

    Operand(View view, long base, Places lines, Places inner) {
        dtype = view.dtype();
        memory = view.memory();
        this.base = base;
        this.lines = lines;
        this.inner = inner;
    }

    static Operand strided(
            View view, long offset, int lines, long lineStride, int inner, long innerStride) {
        return new Operand(
                view,
                offset,
                Places.of(lines, lineStride, view.dtype()),
                Places.of(inner, innerStride, view.dtype()));
    }

    DType dtype() {
        return dtype;
    }

    MemorySegment memory() {
        return memory;
    }

    int lines() {
        return lines.count();
    }

    int inner() {
        return inner.count();
    }

    /// The byte at which element (line, k) begins.
    long at(int line, int k) {
        return (base + lines.elements[line] + inner.elements[k]) * dtype.bytes();
    }

    /// Bytes from each line to the next, if neighbours along k are neighbours in memory and lines
    /// equally far apart; else 0.
    long rowBytes() {
        boolean rows = inner.run(0, inner.count()) == inner.count();
        long step = rows && lines() > 0 ? lines.step() : -1;
        return Math.max(0, step * dtype.bytes());
    }

    /// Writes lines `line` to `line + count` for `k` to `k + length` as a panel `[length][width]`,
    /// zeros behind the lines; float32 only.
    void pack(int line, int count, int k, int length, int width, MemorySegment panel, long at) {
        if (count < width) {
            panel.asSlice(at, 4L * length * width).fill((byte) 0);
        }
        Panels.Place to = new Panels.Place(panel, at);
        if (isAcross(line, count, k, length)) {
            runs(
                    lines,
                    line,
                    count,
                    (first, n) ->
                            PANELS.copy(
                                    from(lines.elements[line + first]),
                                    inner.table(k),
                                    length,
                                    n,
                                    to.plus(4L * first),
                                    width));
        } else {
            runs(
                    inner,
                    k,
                    length,
                    (first, n) ->
                            PANELS.transpose(
                                    from(inner.elements[k + first]),
                                    lines.table(line),
                                    n,
                                    count,
                                    to.plus(4L * first * width),
                                    width));
        }
    }

    /// Whether runs along the lines are copied faster than those along k are transposed. In cycles
    /// an element, on Zen 5: 2.5 / run, and 10 / run + 1 / 3.
    private boolean isAcross(int line, int count, int k, int length) {
        int across = lines.run(line, line + count);
        int down = inner.run(k, k + length);
        return 15 * down <= across * (60 + 2 * down);
    }

    private Panels.Place from(long element) {
        return new Panels.Place(memory, (base + element) * dtype.bytes());
    }

    /// Something done with `count` places that follow each other, from the `first` on.
    private interface Run {
        void take(int first, int count);
    }

    private static void runs(Places places, int from, int count, Run run) {
        for (int i = 0; i < count; ) {
            int n = places.run(from + i, from + count);
            run.take(i, n);
            i += n;
        }
    }

    /// The same for numbers of two bytes: `length` is even if it does not end with the last k;
    /// entries are pairs along k, and a missing partner is 0.
    void packPairs(
            int line, int count, int k, int length, int width, MemorySegment panel, long at) {
        int pairs = length / 2;
        int all = (length + 1) / 2;
        if (count < width || all > pairs) {
            panel.asSlice(at, 4L * all * width).fill((byte) 0);
        }
        Panels.Place to = new Panels.Place(panel, at);
        if (inner.run(k, k + 2 * pairs) == 2 * pairs) {
            // A pair is a number of four bytes.
            PANELS.transpose(from(inner.elements[k]), lines.table(line), pairs, count, to, width);
        } else {
            runs(
                    lines,
                    line,
                    count,
                    (first, n) ->
                            PANELS.interleave(
                                    from(lines.elements[line + first]),
                                    inner.table(k),
                                    pairs,
                                    n,
                                    to.plus(4L * first),
                                    width));
        }
        for (int i = 0; i < count && all > pairs; i++) {
            short last = memory.get(JAVA_SHORT_UNALIGNED, at(line + i, k + length - 1));
            panel.set(ValueLayout.JAVA_INT, at + 4L * ((long) pairs * width + i), last & 0xFFFF);
        }
    }

    /// The same as doubles, line by line.
    void read(int line, int k, int length, double[] to) {
        for (int n = 0; n < length; n++) {
            to[n] =
                    Elements.real(
                            dtype, memory, base + lines.elements[line] + inner.elements[k + n]);
        }
    }

    void read(int line, int k, int length, long[] to) {
        for (int n = 0; n < length; n++) {
            to[n] =
                    Elements.integer(
                            dtype, memory, base + lines.elements[line] + inner.elements[k + n]);
        }
    }
}
