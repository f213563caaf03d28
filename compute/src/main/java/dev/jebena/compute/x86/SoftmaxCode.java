package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

import java.util.function.Consumer;

/// The second part of [AttentionKernel]: turns the logits of one query into exponentials and finds
/// the inverse of their sum.
final class SoftmaxCode {
    private static final int LESS = 1;
    private static final int NOT_LESS = 5;

    private final Assembler a;
    private final int step;
    private final Exponential exponential;
    private final VectorRegister unseen;
    private final VectorRegister lanes;
    private final VectorRegister first;
    private final VectorRegister end;
    private final VectorRegister place;
    private final MaskRegister seen;

    /// @param step bytes from the query's logits of one page to those of the next
    SoftmaxCode(Assembler a, int step) {
        this.a = a;
        this.step = step;
        exponential = new Exponential(a);
        unseen = a.vector();
        lanes = a.vector();
        first = a.vector();
        end = a.vector();
        place = a.vector();
        seen = a.mask();
        a.fill(unseen, Float.NaN);
        a.vmovups(lanes, a.constants(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    }

    /// @param logits the query's logits of the first page
    /// @param range where the first position it sees, and that after the last, are
    /// @param pages where the number of pages is
    /// @param factor where the inverse of the sum goes
    void emit(Gpr logits, Gpr range, Memory pages, Gpr factor) {
        a.vpbroadcastd(first, mem(range, 0));
        a.vpbroadcastd(end, mem(range, 4));
        VectorRegister most = a.vector();
        a.fill(most, Float.NEGATIVE_INFINITY);
        eachPart(
                logits,
                pages,
                part -> {
                    VectorRegister x = a.vector();
                    a.vmovups(x, part);
                    a.vmaxps(most.masked(seen), x, most);
                });
        RowLoop.largest(a, most);
        a.vbroadcastss(most, most.xmm());
        VectorRegister sum = a.vector();
        a.clear(sum);
        eachPart(
                logits,
                pages,
                part -> {
                    VectorRegister x = a.vector();
                    a.vmovups(x, part);
                    a.vsubps(x, x, most);
                    exponential.emit(x);
                    a.vaddps(sum.masked(seen), sum, x);
                    a.vblendmps(x.masked(seen), unseen, x);
                    a.vmovups(part, x);
                });
        RowLoop.tree(a, sum);
        a.vmovss(most.xmm(), a.constants(1f));
        a.vdivss(sum.xmm(), most.xmm(), sum.xmm());
        a.vmovss(mem(factor, 0), sum.xmm());
    }

    /// Emits a loop over the pages; `body` finds in [#seen] which of 16 positions are seen.
    private void eachPart(Gpr logits, Memory pages, Consumer<Memory> body) {
        a.inScope(() -> {
            Gpr at = a.general();
            Gpr count = a.general();
            a.mov(at, logits);
            a.mov(count, pages);
            a.vmovaps(place, lanes);
            Memory sixteen = a.constants(16).broadcast();
            a.loop(
                    count,
                    () -> {
                        for (int part = 0; part < 2; part++) {
                            a.vpcmpd(seen, place, end, LESS);
                            a.vpcmpd(seen.masked(seen), place, first, NOT_LESS);
                            a.vpaddd(place, place, sixteen);
                            Memory sixteenLogits = mem(at, 64 * part);
                            a.inScope(() -> body.accept(sixteenLogits));
                        }
                        a.add(at, step);
                    });
        });
    }
}
