package dev.jebena.compute;

import dev.jebena.compute.x86.AttentionKernel;
import dev.jebena.compute.x86.Routine;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// [Kernels#attend] as machine code: cuts the queries of a call into tiles and calls
/// [AttentionKernel] for each. The code for a shape is assembled when it is first used.
final class X86Attention {
    private static final int PAGE = KvPages.PAGE;

    private final boolean avx512;
    private volatile Plan[] plans = {};

    /// @param avx512 whether the code is for AVX-512; else for AVX2
    X86Attention(boolean avx512) {
        this.avx512 = avx512;
    }

    static boolean supports(AttentionShape shape, KvPages kv) {
        return (shape.alibi() == 0 || shape.softCap() == 0)
                && shape.headDim() % 16 == 0
                && shape.headDim() <= 1024
                && kv.length() > 0;
    }

    /// Does nothing and returns false if a query sees no position at all, which happens only
    /// without `causal` or beyond the end of the sequence.
    boolean attend(
            FloatMatrix q,
            FloatMatrix out,
            int rowBegin,
            int rowEnd,
            int position,
            int kvHead,
            AttentionShape shape,
            KvPages kv) {
        Shapes.attend(q, out, rowBegin, rowEnd, position, kvHead, shape, kv);
        for (int own = position; own < position + rowEnd - rowBegin; own++) {
            if (ScalarAttention.firstKey(shape, own)
                    >= ScalarAttention.endOfKeys(shape, own, kv.length())) {
                return false;
            }
        }
        Plan plan = plan(shape, kv.type(), q.stride(), out.stride());
        int group = shape.heads() / shape.kvHeads();
        for (int row = rowBegin; row < rowEnd; row += plan.rows) {
            int rows = Math.min(plan.rows, rowEnd - row);
            int own = position + row - rowBegin;
            for (int head = 0; head < group; head += plan.heads) {
                int heads = Math.min(plan.heads, group - head);
                int firstHead = kvHead * group + head;
                int column = firstHead * shape.headDim();
                long from = Native.row(q, row) + 4L * column;
                long to = Native.row(out, row) + 4L * column;
                tile(plan.code(rows, heads), from, to, own, firstHead, shape, kv);
            }
        }
        return true;
    }

    private static void tile(
            Code code,
            long queries,
            long results,
            int own,
            int firstHead,
            AttentionShape shape,
            KvPages kv) {
        int kvHead = firstHead / (shape.heads() / shape.kvHeads());
        AttentionKernel kernel = code.kernel;
        int last = own + kernel.rows() - 1;
        int length = kv.length();
        int firstPage = ScalarAttention.firstKey(shape, own) / PAGE;
        int pages = (ScalarAttention.endOfKeys(shape, last, length) + PAGE - 1) / PAGE - firstPage;
        int start = firstPage * PAGE;
        long bytes = AttentionKernel.BLOCK + 8L * pages + 64;
        long offsets = Scratch.own().memory(bytes + (long) pages * kernel.logitsBytes());
        long block = offsets + 8L * pages + 15 & -16;
        Native.copy(kv.offsets(), firstPage, offsets, pages);
        long headBytes = 2 * KvPages.partBytes(kv.type(), shape.headDim());
        put(block, AttentionKernel.QUERIES, queries);
        put(block, AttentionKernel.RESULTS, results);
        put(block, AttentionKernel.KEYS, Native.address(kv.data()) + kvHead * headBytes);
        put(block, AttentionKernel.OFFSETS, offsets);
        put(block, AttentionKernel.PAGES, pages);
        put(block, AttentionKernel.LOGITS, block + AttentionKernel.BLOCK + 63 & -64);
        int seenByAll = ScalarAttention.firstKey(shape, last) - start;
        put(block, AttentionKernel.FULL_BEGIN, (seenByAll + PAGE - 1) / PAGE);
        int endOfAll = ScalarAttention.endOfKeys(shape, own, length) - start;
        put(block, AttentionKernel.FULL_END, endOfAll / PAGE);
        long range = block + AttentionKernel.RANGES;
        long sink = block + AttentionKernel.SINKS;
        long fall = block + AttentionKernel.FALLS;
        for (int row = 0; row < kernel.rows(); row++) {
            int first = ScalarAttention.firstKey(shape, own + row) - start;
            int end = ScalarAttention.endOfKeys(shape, own + row, length) - start;
            for (int head = 0; head < kernel.heads(); head++) {
                Native.putInt(range, first);
                Native.putInt(range + 4, end);
                range += 8;
                if (kernel.falls()) {
                    Native.putInt(fall, own + row - start);
                    Native.putFloat(fall + 4, -shape.slope(firstHead + head));
                    fall += 8;
                }
                if (kernel.sinks()) {
                    Native.putFloat(sink, shape.sink(firstHead + head));
                    sink += 4;
                }
            }
        }
        code.routine.call(block, 0, 0, 0, 0, 0);
    }

    private static void put(long block, int field, long value) {
        Native.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, block + field, value);
    }

    /// A model has few shapes, so a search of an array is the fastest.
    private Plan plan(AttentionShape shape, DataType type, int queryStride, int outStride) {
        for (Plan plan : plans) {
            if (plan.fits(shape, type, queryStride, outStride)) {
                return plan;
            }
        }
        return newPlan(shape, type, queryStride, outStride);
    }

    private synchronized Plan newPlan(
            AttentionShape shape, DataType type, int queryStride, int outStride) {
        for (Plan plan : plans) {
            if (plan.fits(shape, type, queryStride, outStride)) {
                return plan;
            }
        }
        Plan[] more = Arrays.copyOf(plans, plans.length + 1);
        Plan made = new Plan(shape, type, queryStride, outStride, avx512);
        more[plans.length] = made;
        plans = more;
        return made;
    }

    private record Code(AttentionKernel kernel, Routine routine) {}

    /// The codes of one shape: tiles of up to `rows` tokens and `heads` heads.
    private static final class Plan {
        private final int group;
        private final int headDim;
        private final float scale;
        private final float softCap;
        private final boolean sinks;
        private final boolean falls;
        private final DataType type;
        private final int queryStride;
        private final int outStride;
        private final boolean avx512;
        final int rows;
        final int heads;
        private final @Nullable Code[] codes;

        Plan(AttentionShape shape, DataType type, int queryStride, int outStride, boolean avx512) {
            group = shape.heads() / shape.kvHeads();
            headDim = shape.headDim();
            scale = shape.scale();
            softCap = shape.softCap();
            sinks = shape.sinks() != null;
            falls = shape.alibi() != 0;
            this.type = type;
            this.queryStride = queryStride;
            this.outStride = outStride;
            this.avx512 = avx512;
            int most = AttentionKernel.mostQueries(X86Rows.element(type), avx512);
            int parts = (group + most - 1) / most;
            heads = (group + parts - 1) / parts;
            rows = most / heads;
            codes = new Code[rows * heads];
        }

        boolean fits(AttentionShape shape, DataType kvType, int queries, int out) {
            return headDim == shape.headDim()
                    && group * shape.kvHeads() == shape.heads()
                    && scale == shape.scale()
                    && softCap == shape.softCap()
                    && sinks == (shape.sinks() != null)
                    && falls == (shape.alibi() != 0)
                    && type == kvType
                    && queryStride == queries
                    && outStride == out;
        }

        Code code(int tileRows, int tileHeads) {
            int index = (tileRows - 1) * heads + tileHeads - 1;
            Code code = codes[index];
            return code != null ? code : make(index, tileRows, tileHeads);
        }

        /// Two threads may make the same code; then one of the two is used from then on.
        private Code make(int index, int tileRows, int tileHeads) {
            AttentionKernel kernel =
                    new AttentionKernel(
                            headDim,
                            tileRows,
                            tileHeads,
                            4 * queryStride,
                            4 * outStride,
                            X86Rows.element(type),
                            scale,
                            softCap,
                            sinks,
                            falls,
                            avx512);
            Code code = new Code(kernel, Routine.install(kernel.assemble()));
            codes[index] = code;
            return code;
        }
    }
}
