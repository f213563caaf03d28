package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/// [Kernels#attend] in vector registers, some queries at a time: all logits of these queries, then
/// the exponentials, then the sums of values.
///
/// Both products with a page are the same operation: rows of `[PAGE]` or `[headDim]` numbers, each
/// multiplied by one number of the query or of its weights, are added up in order. So no register
/// is ever summed across, and F16 pages are decoded once for all queries of a pass.
final class VectorAttention {
    private static final int PAGE = KvPages.PAGE;
    private static final int N = Lanes.COUNT;
    private static final FloatVector RISING = FloatVector.zero(Lanes.F).addIndex(1);

    /// Queries of a pass: enough to pay for decoding a page, as far as their logits fit here.
    private static final int LOGITS_BYTES = 512 << 10;

    private final AttentionShape shape;
    private final KvPages kv;
    private final int kvHead;
    private final int headDim;
    private final int length;

    /// Scratch: a decoded half page, then for each query of the pass its logits, its output, and
    /// its range of keys in [#ranges].
    private final long page;

    private final long logits;
    private final long outputs;
    private final int[] ranges;

    /// Position of the first query, and what the logits of each head fall by for each position.
    private final int position;

    private final float[] slopes;

    private VectorAttention(int pass, int position, int kvHead, AttentionShape shape, KvPages kv) {
        this.position = position;
        this.shape = shape;
        this.kv = kv;
        this.kvHead = kvHead;
        headDim = shape.headDim();
        length = (kv.length() + PAGE - 1) / PAGE * PAGE;
        // Behind the numbers room for a scale of each 32, see VectorRoundedPage.
        long pageBytes = 4L * PAGE * headDim + 4L * headDim;
        page = Scratch.own().memory(pageBytes + pass * rowBytes(shape, kv));
        logits = page + pageBytes;
        outputs = logits + 4L * pass * length;
        ranges = new int[2 * pass];
        slopes = new float[shape.heads() / shape.kvHeads()];
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = shape.slope(kvHead * slopes.length + i);
        }
    }

    private static long rowBytes(AttentionShape shape, KvPages kv) {
        long pages = ((long) kv.length() + PAGE - 1) / PAGE;
        return 4L * PAGE * pages + 4L * shape.headDim();
    }

    static boolean supports(AttentionShape shape, KvPages kv) {
        return shape.headDim() % Kernels.LANES == 0
                && kv.length() > 0
                && (kv.type() != DataType.Q8_0 || VectorRoundedPage.isSupported());
    }

    static void attend(
            FloatMatrix q,
            FloatMatrix out,
            int rowBegin,
            int rowEnd,
            int position,
            int kvHead,
            AttentionShape shape,
            KvPages kv) {
        int group = shape.heads() / shape.kvHeads();
        int fit = (int) Math.min(64, LOGITS_BYTES / rowBytes(shape, kv));
        int rows = Math.max(1, fit / group);
        for (int row = rowBegin; row < rowEnd; row += rows) {
            int count = Math.min(rows, rowEnd - row);
            int first = position + row - rowBegin;
            VectorAttention pass = new VectorAttention(count * group, first, kvHead, shape, kv);
            pass.run(q, out, row, count);
        }
    }

    private void run(FloatMatrix q, FloatMatrix out, int row, int rows) {
        int group = shape.heads() / shape.kvHeads();
        long[] queries = new long[rows * group];
        int first = Integer.MAX_VALUE;
        int end = 0;
        for (int i = 0; i < queries.length; i++) {
            int own = position + i / group;
            ranges[2 * i] = ScalarAttention.firstKey(shape, own);
            ranges[2 * i + 1] = ScalarAttention.endOfKeys(shape, own, kv.length());
            first = Math.min(first, ranges[2 * i]);
            end = Math.max(end, ranges[2 * i + 1]);
            queries[i] = Native.row(q, row + i / group) + 4L * column(i % group);
        }
        int firstPage = first / PAGE;
        int endPage = (end + PAGE - 1) / PAGE;
        for (int p = firstPage; p < endPage; p++) {
            scores(queries, p);
        }
        for (int i = 0; i < queries.length; i++) {
            clear(outputs + 4L * i * headDim, headDim);
        }
        float[] factors = new float[queries.length];
        for (int i = 0; i < queries.length; i++) {
            factors[i] = 1 / softmax(i);
        }
        for (int p = firstPage; p < endPage; p++) {
            values(p);
        }
        for (int i = 0; i < queries.length; i++) {
            long to = Native.row(out, row + i / group) + 4L * column(i % group);
            boolean seen = ranges[2 * i] < ranges[2 * i + 1];
            scale(outputs + 4L * i * headDim, seen ? factors[i] : 0, to, headDim);
        }
    }

    private int column(int headOfGroup) {
        return (kvHead * (shape.heads() / shape.kvHeads()) + headOfGroup) * headDim;
    }

    /// Address of the keys (`part` 0) or values (1) of a page as float32, decoded if need be.
    private long halfPage(int number, int part) {
        long partBytes = KvPages.partBytes(kv.type(), headDim);
        long from =
                Native.address(kv.data()) + kv.offsets()[number] + (2L * kvHead + part) * partBytes;
        if (kv.type() == DataType.F32) {
            return from;
        }
        if (kv.type() == DataType.Q8_0) {
            VectorRoundedPage.decode(part, from, headDim, page);
        } else {
            VectorDecode.decode(kv.type(), from, (long) PAGE * headDim, page);
        }
        return page;
    }

    /// Logits of all queries for the keys of one page, four queries at a time. What a query does
    /// not see is overwritten later.
    private void scores(long[] queries, int number) {
        long keys = halfPage(number, 0);
        int last = queries.length - 1;
        for (int i = 0; i <= last; i += 4) {
            int i1 = Math.min(i + 1, last);
            int i2 = Math.min(i + 2, last);
            int i3 = Math.min(i + 3, last);
            long t0 = logitsOf(i, number);
            long t1 = logitsOf(i1, number);
            long t2 = logitsOf(i2, number);
            long t3 = logitsOf(i3, number);
            long q0 = queries[i];
            if (i == last) {
                weightedRows(q0, headDim, keys, PAGE, PAGE, clear(t0, PAGE));
            } else {
                clear(t0, PAGE);
                clear(t1, PAGE);
                clear(t2, PAGE);
                clear(t3, PAGE);
                long q1 = queries[i1];
                long q2 = queries[i2];
                long q3 = queries[i3];
                for (int j = 0; j < PAGE; j += 2 * N) {
                    long at = 4L * j;
                    fourRows(q0, q1, q2, q3, headDim, keys + at, 4 * PAGE, at, t0, t1, t2, t3);
                }
            }
            for (int j = i; j <= i3; j++) {
                finishLogits(j, number);
            }
        }
    }

    private long logitsOf(int query, int page) {
        return logits + 4L * query * length + 4L * PAGE * page;
    }

    private void finishLogits(int query, int number) {
        long at = logitsOf(query, number);
        for (int j = 0; j < PAGE; j += N) {
            Lanes.store(Lanes.load(at + 4L * j).mul(shape.scale()), at + 4L * j);
        }
        if (shape.softCap() != 0) {
            VectorMath.cap(at, shape.softCap(), Scratch.own().row(4L * PAGE), PAGE);
        }
        float slope = slopes[query % slopes.length];
        if (slope != 0) {
            lower(at, position + query / slopes.length - number * PAGE, slope);
        }
    }

    /// ALiBi: the logits of a page fall with the distance between query and key.
    ///
    /// @param own the query's place, counted from the page's first
    private static void lower(long at, int own, float slope) {
        FloatVector falling = FloatVector.broadcast(Lanes.F, -slope);
        FloatVector distance = FloatVector.broadcast(Lanes.F, own).sub(RISING);
        for (int j = 0; j < PAGE; j += N) {
            FloatVector logits = Lanes.load(at + 4L * j);
            Lanes.store(distance.abs().fma(falling, logits), at + 4L * j);
            distance = distance.sub(N);
        }
    }

    /// Turns the logits of query `i` into exponentials and returns their sum, that of the sink
    /// included.
    private float softmax(int i) {
        int first = ranges[2 * i];
        int end = ranges[2 * i + 1];
        if (first >= end) {
            return 1;
        }
        long row = logits + 4L * i * length;
        int from = first / PAGE * PAGE;
        int to = (end + PAGE - 1) / PAGE * PAGE;
        fill(row, from, first);
        fill(row, end, to);
        long seen = row + 4L * from;
        float sink = shape.sink(kvHead * slopes.length + i % slopes.length);
        float largest = VectorRows.largest(seen, to - from);
        largest = sink > largest ? sink : largest;
        VectorMath.exp(seen, 1, largest, seen, to - from);
        float sum = VectorRows.sum(seen, to - from);
        return sink == Float.NEGATIVE_INFINITY ? sum : sum + FloatMath.exp(sink - largest);
    }

    /// Logits of keys that the query does not see become negative infinity, so that they weigh 0.
    private static void fill(long row, int from, int to) {
        for (int p = from; p < to; p++) {
            Native.putFloat(row + 4L * p, Float.NEGATIVE_INFINITY);
        }
    }

    /// Adds the weighted values of one page to the outputs of all queries: four queries at a time
    /// that see the whole page, else one by one.
    private void values(int number) {
        long rows = halfPage(number, 1);
        int queries = ranges.length / 2;
        int i = 0;
        while (i < queries) {
            if (i + 4 <= queries && seesAll(i, number) && headDim % (2 * N) == 0) {
                fourValues(i, number, rows);
                i += 4;
            } else {
                oneValue(i, number, rows);
                i++;
            }
        }
    }

    /// Whether queries `i` to `i + 3` see all keys of a page.
    private boolean seesAll(int i, int number) {
        for (int j = i; j < i + 4; j++) {
            if (ranges[2 * j] > number * PAGE || ranges[2 * j + 1] < (number + 1) * PAGE) {
                return false;
            }
        }
        return true;
    }

    private void fourValues(int i, int number, long rows) {
        long step = 4L * length;
        long w = logitsOf(i, number);
        long width = 4L * headDim;
        long to = outputs + i * width;
        for (int j = 0; j < headDim; j += 2 * N) {
            long at = 4L * j;
            fourRows(
                    w,
                    w + step,
                    w + 2 * step,
                    w + 3 * step,
                    PAGE,
                    rows + at,
                    width,
                    at,
                    to,
                    to + width,
                    to + 2 * width,
                    to + 3 * width);
        }
    }

    private void oneValue(int i, int number, long rows) {
        int start = number * PAGE;
        int first = Math.max(ranges[2 * i] - start, 0);
        int count = Math.min(ranges[2 * i + 1] - start, PAGE) - first;
        if (count > 0) {
            long weights = logitsOf(i, number) + 4L * first;
            long from = rows + 4L * first * headDim;
            weightedRows(weights, count, from, headDim, headDim, outputs + 4L * i * headDim);
        }
    }

    /// Adds `factors[k] * rows[k][0 ... width]` to `to[0 ... width]`, for k from 0 to `count` - 1;
    /// `width` is a multiple of 16, `stride` the distance of rows in elements.
    private static void weightedRows(
            long factors, int count, long rows, int stride, int width, long to) {
        int column = 0;
        for (; column + 4 * N <= width; column += 4 * N) {
            fourColumns(factors, count, rows + 4L * column, 4L * stride, to + 4L * column);
        }
        for (; column < width; column += N) {
            oneColumn(factors, count, rows + 4L * column, 4L * stride, to + 4L * column);
        }
    }

    /// As [#weightedRows] for two registers' width and four rows of factors; the results begin at
    /// byte `at` of `t0` to `t3`.
    private static void fourRows(
            long f0,
            long f1,
            long f2,
            long f3,
            int count,
            long rows,
            long step,
            long at,
            long t0,
            long t1,
            long t2,
            long t3) {
        long next = at + Lanes.BYTES;
        FloatVector a0 = Lanes.load(t0 + at);
        FloatVector a1 = Lanes.load(t0 + next);
        FloatVector b0 = Lanes.load(t1 + at);
        FloatVector b1 = Lanes.load(t1 + next);
        FloatVector c0 = Lanes.load(t2 + at);
        FloatVector c1 = Lanes.load(t2 + next);
        FloatVector d0 = Lanes.load(t3 + at);
        FloatVector d1 = Lanes.load(t3 + next);
        for (int k = 0; k < count; k++) {
            long row = rows + k * step;
            FloatVector r0 = Lanes.load(row);
            FloatVector r1 = Lanes.load(row + Lanes.BYTES);
            FloatVector f = factor(f0, k);
            a0 = r0.fma(f, a0);
            a1 = r1.fma(f, a1);
            f = factor(f1, k);
            b0 = r0.fma(f, b0);
            b1 = r1.fma(f, b1);
            f = factor(f2, k);
            c0 = r0.fma(f, c0);
            c1 = r1.fma(f, c1);
            f = factor(f3, k);
            d0 = r0.fma(f, d0);
            d1 = r1.fma(f, d1);
        }
        Lanes.store(a0, t0 + at);
        Lanes.store(a1, t0 + next);
        Lanes.store(b0, t1 + at);
        Lanes.store(b1, t1 + next);
        Lanes.store(c0, t2 + at);
        Lanes.store(c1, t2 + next);
        Lanes.store(d0, t3 + at);
        Lanes.store(d1, t3 + next);
    }

    private static FloatVector factor(long factors, int k) {
        return FloatVector.broadcast(Lanes.F, Native.getFloat(factors + 4L * k));
    }

    private static void fourColumns(long factors, int count, long rows, long step, long to) {
        FloatVector s0 = Lanes.load(to);
        FloatVector s1 = Lanes.load(to + Lanes.BYTES);
        FloatVector s2 = Lanes.load(to + 2L * Lanes.BYTES);
        FloatVector s3 = Lanes.load(to + 3L * Lanes.BYTES);
        for (int k = 0; k < count; k++) {
            FloatVector factor = factor(factors, k);
            long row = rows + k * step;
            s0 = Lanes.load(row).fma(factor, s0);
            s1 = Lanes.load(row + Lanes.BYTES).fma(factor, s1);
            s2 = Lanes.load(row + 2L * Lanes.BYTES).fma(factor, s2);
            s3 = Lanes.load(row + 3L * Lanes.BYTES).fma(factor, s3);
        }
        Lanes.store(s0, to);
        Lanes.store(s1, to + Lanes.BYTES);
        Lanes.store(s2, to + 2L * Lanes.BYTES);
        Lanes.store(s3, to + 3L * Lanes.BYTES);
    }

    private static void oneColumn(long factors, int count, long rows, long step, long to) {
        FloatVector sum = Lanes.load(to);
        for (int k = 0; k < count; k++) {
            FloatVector factor = factor(factors, k);
            sum = Lanes.load(rows + k * step).fma(factor, sum);
        }
        Lanes.store(sum, to);
    }

    private static long clear(long at, int count) {
        for (int i = 0; i < count; i += N) {
            Lanes.store(FloatVector.zero(Lanes.F), at + 4L * i);
        }
        return at;
    }

    private static void scale(long from, float factor, long to, int count) {
        for (int i = 0; i < count; i += N) {
            Lanes.store(Lanes.load(from + 4L * i).mul(factor), to + 4L * i);
        }
    }

    /// [Kernels#storeKv]: values are one line, keys one element in each of `headDim` lines.
    static void storeKv(
            MemorySegment pages,
            DataType type,
            long pageOffset,
            int slot,
            FloatMatrix keys,
            FloatMatrix values,
            int row,
            int kvHeads,
            int headDim) {
        if (type == DataType.Q8_0) {
            ScalarAttention.storeKv(
                    pages, type, pageOffset, slot, keys, values, row, kvHeads, headDim);
            return;
        }
        Shapes.storeKv(pages, type, pageOffset, slot, keys, values, row, kvHeads, headDim);
        long base = Native.address(pages) + pageOffset;
        int size = type.blockBytes();
        for (int head = 0; head < kvHeads; head++) {
            long key = base + size * (2L * head * headDim * PAGE + slot);
            long value = base + size * ((2L * head + 1) * headDim * PAGE + (long) slot * headDim);
            long k = Native.row(keys, row) + 4L * head * headDim;
            long v = Native.row(values, row) + 4L * head * headDim;
            if (type == DataType.F16) {
                storeHalves(k, headDim, key, size * PAGE);
                storeHalves(v, headDim, value, size);
            } else {
                storeFloats(k, headDim, key, size * PAGE);
                storeFloats(v, headDim, value, size);
            }
        }
    }

    private static void storeHalves(long from, int count, long to, int step) {
        for (int i = 0; i < count; i++) {
            short half = Float.floatToFloat16(Native.getFloat(from + 4L * i));
            Native.ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, to + (long) i * step, half);
        }
    }

    private static void storeFloats(long from, int count, long to, int step) {
        for (int i = 0; i < count; i++) {
            Native.putFloat(to + (long) i * step, Native.getFloat(from + 4L * i));
        }
    }
}
