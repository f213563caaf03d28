package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The reference of [Kernels#attend] and [Kernels#storeKv]: one query, one head at a time.
final class ScalarAttention {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private ScalarAttention() {}

    static void attend(
            FloatMatrix q,
            FloatMatrix out,
            int rowBegin,
            int rowEnd,
            int position,
            int kvHead,
            AttentionShape shape,
            KvPages kv) {
        Shapes.attend(q, out, rowBegin, rowEnd, position, kvHead, shape, kv);
        float[] weights = new float[Math.max(1, kv.length())];
        float[] query = new float[shape.headDim()];
        float[] result = new float[shape.headDim()];
        int group = shape.heads() / shape.kvHeads();
        for (int row = rowBegin; row < rowEnd; row++) {
            int own = position + row - rowBegin;
            int first = firstKey(shape, own);
            int end = endOfKeys(shape, own, kv.length());
            for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
                int column = head * shape.headDim();
                MemorySegment.copy(q.data(), FLOAT, q.offset(row, column), query, 0, query.length);
                scores(query, weights, first, end, kvHead, shape, kv);
                lower(weights, first, end, own, shape.slope(head));
                float sum = softmax(weights, first, end, shape.sink(head));
                weightedValues(weights, first, end, 1 / sum, kvHead, shape, kv, result);
                MemorySegment.copy(
                        result, 0, out.data(), FLOAT, out.offset(row, column), result.length);
            }
        }
    }

    /// First position that the query at `own` sees.
    static int firstKey(AttentionShape shape, int own) {
        return shape.window() > 0 ? Math.max(0, own - shape.window() + 1) : 0;
    }

    /// Position after the last one that the query at `own` sees.
    static int endOfKeys(AttentionShape shape, int own, int length) {
        if (shape.causal()) {
            return Math.min(length, own + 1);
        }
        return shape.window() > 0 ? (int) Math.min(length, (long) own + shape.window()) : length;
    }

    private static void scores(
            float[] query,
            float[] weights,
            int first,
            int end,
            int kvHead,
            AttentionShape shape,
            KvPages kv) {
        KvNumbers keys = KvNumbers.keys(kv.data(), kv.type(), kvHead, shape.headDim());
        for (int p = first; p < end; p++) {
            long page = kv.offsets()[p / KvPages.PAGE];
            int slot = p % KvPages.PAGE;
            float dot = 0;
            for (int d = 0; d < query.length; d++) {
                dot = Math.fma(query[d], keys.get(page, d, slot), dot);
            }
            weights[p] = logit(dot, shape);
        }
    }

    static float logit(float dot, AttentionShape shape) {
        float scaled = dot * shape.scale();
        float cap = shape.softCap();
        return cap == 0 ? scaled : cap * FloatMath.tanh(scaled / cap);
    }

    /// ALiBi: logits fall with the distance between query and key.
    private static void lower(float[] weights, int first, int end, int own, float slope) {
        for (int p = first; slope != 0 && p < end; p++) {
            weights[p] = Math.fma(-slope, Math.abs(own - p), weights[p]);
        }
    }

    /// Replaces logits by exponentials and returns their sum, that of the sink included.
    private static float softmax(float[] weights, int first, int end, float sink) {
        float largest = sink;
        for (int p = first; p < end; p++) {
            largest = weights[p] > largest ? weights[p] : largest;
        }
        float[] sums = new float[Kernels.LANES];
        for (int p = first; p < end; p++) {
            weights[p] = FloatMath.exp(weights[p] - largest);
            sums[p % Kernels.LANES] += weights[p];
        }
        float sum = Sums.tree(sums, 0);
        return sink == Float.NEGATIVE_INFINITY ? sum : sum + FloatMath.exp(sink - largest);
    }

    private static void weightedValues(
            float[] weights,
            int first,
            int end,
            float factor,
            int kvHead,
            AttentionShape shape,
            KvPages kv,
            float[] result) {
        KvNumbers values = KvNumbers.values(kv.data(), kv.type(), kvHead, shape.headDim());
        for (int d = 0; d < result.length; d++) {
            float sum = 0;
            for (int p = first; p < end; p++) {
                long page = kv.offsets()[p / KvPages.PAGE];
                sum = Math.fma(weights[p], values.get(page, d, p % KvPages.PAGE), sum);
            }
            result[d] = end > first ? sum * factor : 0;
        }
    }

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
        Shapes.storeKv(pages, type, pageOffset, slot, keys, values, row, kvHeads, headDim);
        float[] key = keys.row(row);
        float[] value = values.row(row);
        for (int head = 0; head < kvHeads; head++) {
            int from = head * headDim;
            KvNumbers.keys(pages, type, head, headDim).put(pageOffset, slot, key, from);
            KvNumbers.values(pages, type, head, headDim).put(pageOffset, slot, value, from);
        }
    }
}
