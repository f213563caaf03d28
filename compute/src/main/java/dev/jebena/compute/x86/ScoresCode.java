package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// The first part of [AttentionKernel]: logits of all queries for all keys of the pages.
final class ScoresCode {
    private static final int UNROLLED = 4;

    private final Assembler a;
    private final AttentionKernel kernel;
    private final Gpr block;
    private final int lanes;
    private final Gpr offsets;
    private final Gpr pages;
    private final Gpr logits;

    ScoresCode(Assembler a, AttentionKernel kernel, Gpr block) {
        this.a = a;
        this.kernel = kernel;
        this.block = block;
        lanes = a.vectorBytes() / 4;
        offsets = a.general();
        pages = a.general();
        logits = a.general();
    }

    /// Several pages at once if the queries are few, since each sum waits for its predecessor.
    void emit() {
        a.mov(offsets, mem(block, AttentionKernel.OFFSETS));
        a.mov(pages, mem(block, AttentionKernel.PAGES));
        a.mov(logits, mem(block, AttentionKernel.LOGITS));
        int registers = a.hasAvx512() ? 32 : 16;
        int together = Math.min(4, (registers - 1) / (2 * kernel.queries() + 2));
        Label end = a.label("scored");
        if (together > 1) {
            Label single = a.label("single");
            a.cmp(pages, together);
            a.jcc(Condition.L, single);
            Label top = a.here("pages");
            a.inScope(() -> pages(together));
            a.sub(pages, together);
            a.cmp(pages, together);
            a.jcc(Condition.GE, top);
            a.bind(single);
            a.test(pages, pages);
            a.jcc(Condition.E, end);
        }
        a.loop(pages, () -> pages(1));
        a.bind(end);
    }

    /// Logits of `count` pages: as many positions of each at once as two registers hold.
    private void pages(int count) {
        for (int position = 0; position < AttentionKernel.PAGE; position += 2 * lanes) {
            int first = position;
            a.inScope(() -> positions(count, first));
        }
        a.add(offsets, 8 * count);
        a.add(logits, count * kernel.logitsBytes());
    }

    private void positions(int count, int first) {
        Gpr[] keys = new Gpr[count];
        for (int i = 0; i < count; i++) {
            keys[i] = a.general();
            a.mov(keys[i], mem(offsets, 8 * i));
            a.add(keys[i], mem(block, AttentionKernel.KEYS));
            if (first > 0) {
                a.add(keys[i], first * kernel.elementBytes());
            }
        }
        VectorRegister[] sums = a.vectors(2 * kernel.queries() * count);
        for (VectorRegister sum : sums) {
            a.clear(sum);
        }
        Gpr query = a.general();
        Gpr steps = a.general();
        a.mov(query, mem(block, AttentionKernel.QUERIES));
        a.mov(steps, kernel.headDim() / UNROLLED);
        a.loop(
                steps,
                () -> {
                    for (int d = 0; d < UNROLLED; d++) {
                        dimension(d, keys, query, sums);
                    }
                    a.add(query, 4 * UNROLLED);
                    for (Gpr page : keys) {
                        a.add(page, UNROLLED * AttentionKernel.PAGE * kernel.elementBytes());
                    }
                });
        store(sums, count, 4 * first);
    }

    /// Adds the products of one dimension.
    private void dimension(int d, Gpr[] keys, Gpr query, VectorRegister[] sums) {
        a.inScope(() -> {
            VectorRegister[] lines = a.vectors(2 * keys.length);
            for (int i = 0; i < lines.length; i++) {
                int element = d * AttentionKernel.PAGE + i % 2 * lanes;
                kernel.load(a, lines[i], keys[i / 2], element);
            }
            VectorRegister factor = a.vector();
            for (int q = 0; q < kernel.queries(); q++) {
                a.vbroadcastss(factor, mem(query, 4 * d + kernel.queryOffset(q)));
                for (int i = 0; i < lines.length; i++) {
                    a.vfmadd231ps(sums[q * lines.length + i], lines[i], factor);
                }
            }
        });
    }

    private void store(VectorRegister[] sums, int count, int firstByte) {
        Memory scale = Constants.all(a, kernel.scale());
        for (int i = 0; i < sums.length; i++) {
            int q = i / (2 * count);
            int page = i % (2 * count) / 2;
            int place = page * kernel.logitsBytes() + q * 4 * AttentionKernel.PAGE + firstByte;
            a.vmulps(sums[i], sums[i], scale);
            a.vmovups(mem(logits, place + i % 2 * a.vectorBytes()), sums[i]);
        }
    }
}
