package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

import org.jspecify.annotations.Nullable;

/// The second part of [AttentionKernel]: turns the logits of one query into exponentials and finds
/// the inverse of their sum.
final class SoftmaxCode {
    private static final int LESS = 1;
    private static final int NOT_LESS = 5;

    private final Assembler a;
    private final Gpr block;
    private final int step;
    private final Exponential exponential;
    private final @Nullable SoftCap softCap;
    private final boolean sinks;
    private final @Nullable Distance distance;
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

    /// @param block the block of arguments
    /// @param kernel which it is a part of
    SoftmaxCode(Assembler a, Gpr block, AttentionKernel kernel) {
        this.a = a;
        this.block = block;
        step = kernel.logitsBytes();
        sinks = kernel.sinks();
        exponential = new Exponential(a);
        softCap = kernel.softCap() == 0 ? null : new SoftCap(a, exponential, kernel.softCap());
        unseen = Constants.all(a, Float.NaN);
        least = Constants.all(a, Float.NEGATIVE_INFINITY);
        first = a.vector();
        end = a.vector();
        place = a.vector();
        most = a.vector();
        sums = new PartialSums(a);
        seen = a.mask();
        seenBits = a.vector();
        distance = kernel.falls() ? new Distance(a.vector(), a.vector()) : null;
    }

    /// What logits fall by (ALiBi), in all elements.
    ///
    /// @param own the query's position
    /// @param fall for each position between query and key, negative
    private record Distance(VectorRegister own, VectorRegister fall) {}

    /// @param logits the query's logits of the first page
    /// @param range where the first position it sees, and that after the last, are
    /// @param factor where the inverse of the sum goes; the query's sink lies behind it
    void emit(Gpr logits, Gpr range, Gpr factor) {
        a.vpbroadcastd(first, mem(range, 0));
        a.vpbroadcastd(end, mem(range, 4));
        a.fill(most, Float.NEGATIVE_INFINITY);
        if (distance != null) {
            int falls = AttentionKernel.FALLS - AttentionKernel.RANGES;
            a.vpbroadcastd(distance.own, mem(range, falls));
            a.vbroadcastss(distance.fall, mem(range, falls + 4));
        }
        eachRegister(
                logits,
                (from, part, whole) -> {
                    VectorRegister x = a.vector();
                    a.vmovups(x, from);
                    if (softCap != null) {
                        softCap.emit(x);
                    }
                    if (distance != null) {
                        lower(x, distance);
                    }
                    if (softCap != null || distance != null) {
                        a.vmovups(from, x);
                    }
                    if (!whole) {
                        select(x, least);
                    }
                    a.vmaxps(most, x, most);
                });
        PartialSums.largest(a, most);
        Memory sink = mem(factor, AttentionKernel.SINKS - AttentionKernel.FACTORS);
        if (sinks) {
            a.inScope(() -> {
                VectorRegister x = a.vector().xmm();
                a.vmovss(x, sink);
                a.vmaxps(most.xmm(), x, most.xmm());
            });
        }
        a.vbroadcastss(most, most.xmm());
        sums.clear();
        eachRegister(logits, this::exponentials);
        VectorRegister sum = sums.total().xmm();
        if (sinks) {
            a.inScope(() -> {
                VectorRegister x = a.vector();
                a.vbroadcastss(x, sink);
                a.vsubps(x, x, most);
                exponential.emit(x);
                a.vaddps(sum, sum, x.xmm());
            });
        }
        a.vmovss(most.xmm(), a.constants(1f));
        a.vdivss(sum, most.xmm(), sum);
        a.vmovss(mem(factor, 0), sum);
    }

    /// `x = fma(fall, |own - place|, x)`.
    private void lower(VectorRegister x, Distance from) {
        a.inScope(() -> {
            VectorRegister apart = a.vector();
            a.vpsubd(apart, from.own, place);
            a.vpabsd(apart, apart);
            a.vcvtdq2ps(apart, apart);
            a.vfmadd231ps(x, apart, from.fall);
        });
    }

    private void exponentials(Memory logits, int part, boolean whole) {
        VectorRegister x = a.vector();
        a.vmovups(x, logits);
        a.vsubps(x, x, most);
        exponential.emit(x);
        VectorRegister sum = sums.of(part);
        if (whole) {
            a.vaddps(sum, sum, x);
        } else if (a.hasAvx512()) {
            a.vaddps(sum.masked(seen), sum, x);
        } else {
            VectorRegister counted = a.vector();
            a.vandps(counted, x, seenBits);
            a.vaddps(sum, sum, counted);
        }
        if (!whole) {
            select(x, unseen);
        }
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

    /// What is done with a register of logits.
    private interface Body {
        /// @param part its number in a group of 16
        /// @param whole whether all of them are seen; else [#see] has found out which
        void emit(Memory logits, int part, boolean whole);
    }

    /// Emits a loop over the pages; those that all queries see in full need no masks.
    private void eachRegister(Gpr logits, Body body) {
        a.inScope(() -> {
            Gpr at = a.general();
            Gpr page = a.general();
            Label masked = a.label("masked");
            Label next = a.label("next");
            a.mov(at, logits);
            a.xor(page, page);
            a.vmovups(place, Constants.counting(a));
            Label top = a.here("page");
            a.cmp(page, mem(block, AttentionKernel.FULL_BEGIN));
            a.jcc(Condition.L, masked);
            a.cmp(page, mem(block, AttentionKernel.FULL_END));
            a.jcc(Condition.GE, masked);
            page(at, body, true);
            if (distance == null) {
                a.vpaddd(place, place, Constants.all(a, AttentionKernel.PAGE));
            }
            a.jmp(next);
            a.bind(masked);
            page(at, body, false);
            a.bind(next);
            a.add(at, step);
            a.inc(page);
            a.cmp(page, mem(block, AttentionKernel.PAGES));
            a.jcc(Condition.L, top);
        });
    }

    private void page(Gpr at, Body body, boolean whole) {
        int bytes = a.vectorBytes();
        Memory width = Constants.all(a, bytes / 4);
        for (int i = 0; i < 4 * AttentionKernel.PAGE / bytes; i++) {
            if (!whole) {
                see();
            }
            Memory from = mem(at, bytes * i);
            int part = i % (64 / bytes);
            a.inScope(() -> body.emit(from, part, whole));
            if (!whole || distance != null) {
                a.vpaddd(place, place, width);
            }
        }
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
