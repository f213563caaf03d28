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
        int ofPage = 2 * kernel.queries() + (kernel.element().hasScales() ? 4 : 2);
        int together = Math.min(4, (registers - 1) / ofPage);
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
                a.add(keys[i], first * kernel.element().bytes());
            }
        }
        VectorRegister[] sums = a.vectors(2 * kernel.queries() * count);
        for (VectorRegister sum : sums) {
            a.clear(sum);
        }
        Gpr query = a.general();
        a.mov(query, mem(block, AttentionKernel.QUERIES));
        if (kernel.element().hasScales()) {
            blocks(first, keys, query, sums);
        } else {
            dimensions(kernel.headDim(), keys, query, sums, new VectorRegister[0]);
        }
        store(sums, count, 4 * first);
    }

    /// Adds the products of all dimensions, with the scales of 32 of them in registers at a time.
    private void blocks(int first, Gpr[] keys, Gpr query, VectorRegister[] sums) {
        int lineBytes = 2 * AttentionKernel.PAGE;
        Gpr line = a.general();
        a.xor(line, line);
        Label top = a.here("block");
        a.inScope(() -> {
            VectorRegister[] scales = a.vectors(2 * keys.length);
            Gpr page = a.general();
            for (int i = 0; i < scales.length; i++) {
                if (i % 2 == 0) {
                    a.mov(page, mem(offsets, 4 * i));
                    a.add(page, mem(block, AttentionKernel.KEYS));
                }
                int place = kernel.scalesOffset() + 2 * (first + i % 2 * lanes);
                a.vcvtph2ps(scales[i], mem(page, line, 1, place));
            }
            dimensions(KvElement.BLOCK, keys, query, sums, scales);
        });
        a.add(line, lineBytes);
        a.cmp(line, kernel.headDim() / KvElement.BLOCK * lineBytes);
        a.jcc(Condition.L, top);
    }

    /// Adds the products of the next `count` dimensions.
    ///
    /// @param scales factors of the keys; empty if there are none
    private void dimensions(
            int count, Gpr[] keys, Gpr query, VectorRegister[] sums, VectorRegister[] scales) {
        Gpr steps = a.general();
        a.mov(steps, count / UNROLLED);
        a.loop(
                steps,
                () -> {
                    for (int d = 0; d < UNROLLED; d++) {
                        dimension(d, keys, query, sums, scales);
                    }
                    a.add(query, 4 * UNROLLED);
                    for (Gpr page : keys) {
                        a.add(page, UNROLLED * AttentionKernel.PAGE * kernel.element().bytes());
                    }
                });
    }

    private void dimension(
            int d, Gpr[] keys, Gpr query, VectorRegister[] sums, VectorRegister[] scales) {
        a.inScope(() -> {
            VectorRegister[] lines = a.vectors(2 * keys.length);
            for (int i = 0; i < lines.length; i++) {
                int element = d * AttentionKernel.PAGE + i % 2 * lanes;
                Memory from = mem(keys[i / 2], element * kernel.element().bytes());
                kernel.element().load(a, lines[i], from);
                if (scales.length > 0) {
                    a.vmulps(lines[i], lines[i], scales[i]);
                }
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
