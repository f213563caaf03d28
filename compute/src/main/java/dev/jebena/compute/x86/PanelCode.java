package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Writes the copies of matrices into panels of numbers of four bytes, for AVX-512.
///
/// `(source, table of byte offsets, length, panel, bytes from one row of the panel to the next,
/// mask of up to 16 columns)`; the length is positive.
public final class PanelCode {
    /// Lines that [#transpose] does in one call; its length is a multiple of it.
    public static final int LINES = 4;

    /// Lines that [#squares] does in one call; its length is a multiple of it.
    public static final int SQUARE = 16;

    private PanelCode() {}

    /// Row n of the panel is what lies behind offset n.
    public static Assembler copy() {
        Assembler a = Assembler.avx512("panel_copy");
        Gpr[] in = a.arguments(6);
        MaskRegister mask = a.mask();
        a.kmovw(mask, in[5].dword());
        VectorRegister row = a.vector();
        Gpr at = a.general();
        a.loop(
                in[2],
                () -> {
                    a.mov(at, mem(in[1], 0));
                    a.vmovups(row.zeroing(mask), mem(in[0], at, 1, 0));
                    a.vmovups(mem(in[3], 0).masked(mask), row);
                    a.add(in[1], 8);
                    a.add(in[3], in[4]);
                });
        a.leave();
        return a;
    }

    /// Row n of the panel are the numbers of two bytes behind offset 2n, each followed by its
    /// partner behind offset 2n + 1.
    public static Assembler interleave() {
        Assembler a = Assembler.avx512("panel_interleave");
        Gpr[] in = a.arguments(6);
        MaskRegister mask = a.mask();
        a.kmovw(mask, in[5].dword());
        VectorRegister low = a.vector();
        VectorRegister high = a.vector();
        Gpr first = a.general();
        Gpr second = a.general();
        a.loop(
                in[2],
                () -> {
                    a.mov(first, mem(in[1], 0));
                    a.mov(second, mem(in[1], 8));
                    a.vpmovzxwd(low.zeroing(mask), mem(in[0], first, 1, 0));
                    a.vpmovzxwd(high.zeroing(mask), mem(in[0], second, 1, 0));
                    a.vpslld(high, high, 16);
                    a.vpord(low, low, high);
                    a.vmovdqu32(mem(in[3], 0).masked(mask), low);
                    a.add(in[1], 16);
                    a.add(in[3], in[4]);
                });
        a.leave();
        return a;
    }

    /// Four lines, which begin at the offsets, become four columns: sixteen numbers of each at a
    /// time, then four.
    public static Assembler transpose() {
        Assembler a = Assembler.avx512("panel_transpose");
        a.save(3);
        Gpr[] in = a.arguments(5);
        Gpr[] lines = new Gpr[LINES];
        for (int i = 0; i < LINES; i++) {
            lines[i] = a.general();
            a.mov(lines[i], mem(in[1], 8 * i));
            a.add(lines[i], in[0]);
        }
        VectorRegister[] numbers = a.vectors(LINES);
        VectorRegister[] pairs = a.vectors(LINES);
        Gpr steps = a.general();
        a.mov(steps, in[2]);
        a.shr(steps, 4);
        a.unless(Condition.E, () -> a.loop(steps, () -> step(a, in, lines, numbers, pairs)));
        a.mov(steps, in[2]);
        a.and(steps, 15);
        a.shr(steps, 2);
        VectorRegister[] four = quarters(numbers);
        VectorRegister[] fourPairs = quarters(pairs);
        a.unless(Condition.E, () -> a.loop(steps, () -> step(a, in, lines, four, fourPairs)));
        a.leave();
        return a;
    }

    /// Sixteen lines, which begin at the offsets, become sixteen columns.
    public static Assembler squares() {
        Assembler a = Assembler.avx512("panel_squares");
        Gpr[] in = a.arguments(5);
        VectorRegister[][] x = new VectorRegister[LINES][];
        for (int i = 0; i < LINES; i++) {
            x[i] = a.vectors(LINES);
        }
        VectorRegister[] temps = a.vectors(LINES);
        Gpr line = a.general();
        Gpr blocks = a.general();
        a.mov(blocks, in[2]);
        a.shr(blocks, 4);
        a.loop(
                blocks,
                () -> {
                    for (int i = 0; i < SQUARE; i++) {
                        a.mov(line, mem(in[1], 8 * i));
                        a.vmovups(x[i / LINES][i % LINES], mem(in[0], line, 1, 0));
                    }
                    a.add(in[0], 4 * SQUARE);
                    for (VectorRegister[] group : x) {
                        withinQuarters(a, group, temps);
                    }
                    for (int j = 0; j < LINES; j++) {
                        quartersAcross(a, x[0][j], x[1][j], x[2][j], x[3][j], temps);
                    }
                    for (int n = 0; n < SQUARE; n++) {
                        a.vmovups(mem(in[3], 0), x[n / LINES][n % LINES]);
                        a.add(in[3], in[4]);
                    }
                });
        a.leave();
        return a;
    }

    /// Quarter l of register g becomes quarter g of register l.
    private static void quartersAcross(
            Assembler a,
            VectorRegister x0,
            VectorRegister x1,
            VectorRegister x2,
            VectorRegister x3,
            VectorRegister[] temps) {
        int lower = 0b01_00_01_00;
        int upper = 0b11_10_11_10;
        int even = 0b10_00_10_00;
        int odd = 0b11_01_11_01;
        a.vshuff32x4(temps[0], x0, x1, lower);
        a.vshuff32x4(temps[1], x0, x1, upper);
        a.vshuff32x4(temps[2], x2, x3, lower);
        a.vshuff32x4(temps[3], x2, x3, upper);
        a.vshuff32x4(x0, temps[0], temps[2], even);
        a.vshuff32x4(x1, temps[0], temps[2], odd);
        a.vshuff32x4(x2, temps[1], temps[3], even);
        a.vshuff32x4(x3, temps[1], temps[3], odd);
    }

    /// Quarter l of register j becomes number `4 l + j` of each of four lines.
    private static void withinQuarters(Assembler a, VectorRegister[] x, VectorRegister[] pairs) {
        a.vunpcklps(pairs[0], x[0], x[1]);
        a.vunpckhps(pairs[1], x[0], x[1]);
        a.vunpcklps(pairs[2], x[2], x[3]);
        a.vunpckhps(pairs[3], x[2], x[3]);
        a.vunpcklpd(x[0], pairs[0], pairs[2]);
        a.vunpckhpd(x[1], pairs[0], pairs[2]);
        a.vunpcklpd(x[2], pairs[1], pairs[3]);
        a.vunpckhpd(x[3], pairs[1], pairs[3]);
    }

    private static VectorRegister[] quarters(VectorRegister[] registers) {
        VectorRegister[] quarters = new VectorRegister[registers.length];
        for (int i = 0; i < quarters.length; i++) {
            quarters[i] = registers[i].xmm();
        }
        return quarters;
    }

    private static void step(
            Assembler a, Gpr[] in, Gpr[] lines, VectorRegister[] x, VectorRegister[] pairs) {
        int bytes = x[0].bits() / 8;
        for (int i = 0; i < LINES; i++) {
            a.vmovups(x[i], mem(lines[i], 0));
            a.add(lines[i], bytes);
        }
        withinQuarters(a, x, pairs);
        for (int lane = 0; lane < bytes / 16; lane++) {
            for (VectorRegister column : x) {
                if (bytes == 16) {
                    a.vmovups(mem(in[3], 0), column);
                } else {
                    a.vextractf32x4(mem(in[3], 0), column, lane);
                }
                a.add(in[3], in[4]);
            }
        }
    }
}
