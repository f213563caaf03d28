package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Writes the softmax of rows of float32 numbers, with or without a row that is added to each of
/// them first, for AVX-512. The order of sums is that of `FloatArrays` for rows of one piece: four
/// registers of partial sums.
///
/// `(x, y, groups of 64 numbers in a row, rows, bytes of a row, the row to add)`; there is at least
/// one row.
public final class SoftmaxRowsCode {
    /// Numbers of a group.
    public static final int GROUP = 64;

    private static final int TOGETHER = 4;

    private final Assembler a;

    /// Numbers behind the groups.
    private final int rest;

    private final boolean adds;
    private final Gpr x;
    private final Gpr y;
    private final Gpr groups;
    private final Gpr rows;
    private final Gpr rowBytes;
    private final Gpr added;
    private final MaskRegister tail;
    private final Memory least;
    private final Exponential exponential;

    private SoftmaxRowsCode(int rest, boolean adds) {
        this.rest = rest;
        this.adds = adds;
        a = Assembler.avx512("softmax_rows_" + rest + (adds ? "_added" : ""));
        Gpr[] in = a.arguments(6);
        x = in[0];
        y = in[1];
        groups = in[2];
        rows = in[3];
        rowBytes = in[4];
        added = in[5];
        tail = a.mask();
        least = Constants.all(a, Float.NEGATIVE_INFINITY);
        exponential = new Exponential(a);
    }

    /// @param rest numbers of a row behind the groups, below [#GROUP]
    /// @param adds whether a row is added
    public static Assembler assemble(int rest, boolean adds) {
        SoftmaxRowsCode code = new SoftmaxRowsCode(rest, adds);
        code.emit();
        return code.a;
    }

    private void emit() {
        Gpr mask = a.general();
        a.mov(mask, (1 << rest % 16) - 1);
        a.kmovw(tail, mask.dword());
        a.loop(
                rows,
                () -> {
                    VectorRegister most = a.vector();
                    largest(most);
                    VectorRegister factor = a.vector();
                    exponentials(most, factor);
                    each(
                            y,
                            (at, apart, part, whole) -> {
                                VectorRegister value = a.vector();
                                load(value, at, whole);
                                a.vmulps(value, value, factor);
                                store(at, value, whole);
                            });
                    a.add(x, rowBytes);
                    a.add(y, rowBytes);
                });
        a.leave();
    }

    private void largest(VectorRegister most) {
        a.inScope(() -> {
            VectorRegister[] parts = a.vectors(TOGETHER);
            for (VectorRegister part : parts) {
                a.vbroadcastss(part, least.single());
            }
            each(
                    x,
                    (at, apart, part, whole) -> {
                        VectorRegister value = a.vector();
                        if (!whole) {
                            a.vbroadcastss(value, least.single());
                        }
                        a.vmovups(whole ? value : value.masked(tail), at);
                        if (adds) {
                            Memory from = mem(added, apart, 1, at.displacement());
                            a.vaddps(whole ? value : value.masked(tail), value, from);
                            store(mem(y, apart, 1, at.displacement()), value, whole);
                        }
                        // Of a number that is none the other is taken.
                        a.vmaxps(parts[part], value, parts[part]);
                    });
            a.vmaxps(parts[0], parts[0], parts[1]);
            a.vmaxps(parts[2], parts[2], parts[3]);
            a.vmaxps(parts[0], parts[0], parts[2]);
            PartialSums.largest(a, parts[0]);
            a.vbroadcastss(most, parts[0].xmm());
        });
    }

    /// @param factor gets the inverse of the sum, in all elements
    private void exponentials(VectorRegister most, VectorRegister factor) {
        a.inScope(() -> {
            PartialSums first = new PartialSums(a);
            VectorRegister[] others = a.vectors(TOGETHER - 1);
            for (VectorRegister other : others) {
                a.clear(other);
            }
            each(
                    adds ? y : x,
                    (at, apart, part, whole) -> {
                        VectorRegister value = a.vector();
                        load(value, at, whole);
                        a.vsubps(value, value, most);
                        exponential.emit(value);
                        VectorRegister sum = part == 0 ? first.of(0) : others[part - 1];
                        a.vaddps(whole ? sum : sum.masked(tail), sum, value);
                        store(mem(y, apart, 1, at.displacement()), value, whole);
                    });
            VectorRegister sum = first.of(0);
            a.vaddps(sum, sum, others[1]);
            a.vaddps(others[0], others[0], others[2]);
            a.vaddps(sum, sum, others[0]);
            VectorRegister total = first.total().xmm();
            VectorRegister one = others[0].xmm();
            a.vmovss(one, a.constants(1f));
            a.vdivss(total, one, total);
            a.vbroadcastss(factor, total);
        });
    }

    private void load(VectorRegister value, Memory at, boolean whole) {
        a.vmovups(whole ? value : value.zeroing(tail), at);
    }

    private void store(Memory at, VectorRegister value, boolean whole) {
        a.vmovups(whole ? at : at.masked(tail), value);
    }

    /// What is done with sixteen numbers.
    private interface Body {
        /// @param apart bytes from the begin of the row to that of the group
        /// @param part number of the register in its group
        /// @param whole whether all sixteen are there; else those of [#tail]
        void emit(Memory at, Gpr apart, int part, boolean whole);
    }

    private void each(Gpr row, Body body) {
        a.inScope(() -> {
            Gpr apart = a.general();
            Gpr left = a.general();
            a.xor(apart, apart);
            a.mov(left, groups);
            a.test(left, left);
            a.unless(
                    Condition.E,
                    () ->
                            a.loop(
                                    left,
                                    () -> {
                                        for (int part = 0; part < TOGETHER; part++) {
                                            one(row, apart, part, true, body);
                                        }
                                        a.add(apart, 4 * GROUP);
                                    }));
            for (int part = 0; part * 16 < rest; part++) {
                one(row, apart, part, rest - part * 16 >= 16, body);
            }
        });
    }

    private void one(Gpr row, Gpr apart, int part, boolean whole, Body body) {
        a.inScope(() -> body.emit(mem(row, apart, 1, 64 * part), apart, part, whole));
    }
}
