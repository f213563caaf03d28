package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

import java.util.function.ObjIntConsumer;

/// The second part of [AttentionKernel]: turns the logits of one query into exponentials and finds
/// the inverse of their sum.
final class SoftmaxCode {
    private static final int LESS = 1;
    private static final int NOT_LESS = 5;

    private final Assembler a;
    private final int step;
    private final Exponential exponential;
    private final Memory unseen;
    private final Memory least;
    private final VectorRegister first;
    private final VectorRegister end;
    private final VectorRegister place;
    private final VectorRegister most;
    private final PartialSums sums;

    /// Which positions of a register are seen: in a mask with AVX-512, else in all bits of an
    /// element.
    private final MaskRegister seen;

    private final VectorRegister seenBits;

    /// @param step bytes from the query's logits of one page to those of the next
    SoftmaxCode(Assembler a, int step) {
        this.a = a;
        this.step = step;
        exponential = new Exponential(a);
        unseen = Constants.all(a, Float.NaN);
        least = Constants.all(a, Float.NEGATIVE_INFINITY);
        first = a.vector();
        end = a.vector();
        place = a.vector();
        most = a.vector();
        sums = new PartialSums(a);
        seen = a.mask();
        seenBits = a.vector();
    }

    /// @param logits the query's logits of the first page
    /// @param range where the first position it sees, and that after the last, are
    /// @param pages where the number of pages is
    /// @param factor where the inverse of the sum goes
    void emit(Gpr logits, Gpr range, Memory pages, Gpr factor) {
        a.vpbroadcastd(first, mem(range, 0));
        a.vpbroadcastd(end, mem(range, 4));
        a.fill(most, Float.NEGATIVE_INFINITY);
        eachRegister(
                logits,
                pages,
                (from, part) -> {
                    VectorRegister x = a.vector();
                    a.vmovups(x, from);
                    select(x, least);
                    a.vmaxps(most, x, most);
                });
        PartialSums.largest(a, most);
        a.vbroadcastss(most, most.xmm());
        sums.clear();
        eachRegister(logits, pages, this::exponentials);
        VectorRegister sum = sums.total().xmm();
        a.vmovss(most.xmm(), a.constants(1f));
        a.vdivss(sum, most.xmm(), sum);
        a.vmovss(mem(factor, 0), sum);
    }

    private void exponentials(Memory logits, int part) {
        VectorRegister x = a.vector();
        a.vmovups(x, logits);
        a.vsubps(x, x, most);
        exponential.emit(x);
        VectorRegister sum = sums.of(part);
        if (a.hasAvx512()) {
            a.vaddps(sum.masked(seen), sum, x);
        } else {
            VectorRegister counted = a.vector();
            a.vandps(counted, x, seenBits);
            a.vaddps(sum, sum, counted);
        }
        select(x, unseen);
        a.vmovups(logits, x);
    }

    /// Replaces what is not seen by a constant.
    private void select(VectorRegister x, Memory otherwise) {
        a.inScope(() -> {
            VectorRegister other = a.vector();
            if (a.hasAvx512()) {
                a.vbroadcastss(other, otherwise.single());
                a.vblendmps(x.masked(seen), other, x);
            } else {
                a.vmovups(other, otherwise);
                a.vblendvps(x, other, x, seenBits);
            }
        });
    }

    /// Emits a loop over the pages; `body` gets each register of logits and its number in a group
    /// of 16.
    private void eachRegister(Gpr logits, Memory pages, ObjIntConsumer<Memory> body) {
        int bytes = a.vectorBytes();
        a.inScope(() -> {
            Gpr at = a.general();
            Gpr count = a.general();
            a.mov(at, logits);
            a.mov(count, pages);
            a.vmovups(place, Constants.counting(a));
            Memory width = Constants.all(a, bytes / 4);
            a.loop(
                    count,
                    () -> {
                        for (int i = 0; i < 4 * AttentionKernel.PAGE / bytes; i++) {
                            see();
                            a.vpaddd(place, place, width);
                            Memory from = mem(at, bytes * i);
                            int part = i % (64 / bytes);
                            a.inScope(() -> body.accept(from, part));
                        }
                        a.add(at, step);
                    });
        });
    }

    /// Finds which positions from [#place] on are seen.
    private void see() {
        if (a.hasAvx512()) {
            a.vpcmpd(seen, place, end, LESS);
            a.vpcmpd(seen.masked(seen), place, first, NOT_LESS);
        } else {
            a.inScope(() -> {
                VectorRegister early = a.vector();
                a.vpcmpgtd(early, first, place);
                a.vpcmpgtd(seenBits, end, place);
                a.vpandn(seenBits, early, seenBits);
            });
        }
    }
}
