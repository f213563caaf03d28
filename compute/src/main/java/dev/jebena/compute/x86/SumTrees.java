package dev.jebena.compute.x86;

/// Adds the sixteen partial sums of up to four dot products at once, each in the order of the
/// contract of kernels: a level of the tree halves the length of the sums and joins two registers
/// into one.
final class SumTrees {
    /// Dot products of one round.
    static final int WIDTH = 4;

    private final Assembler a;

    /// Where the tree of 512 bits leaves the results.
    private final Memory places;

    /// @param a has three vector registers free
    SumTrees(Assembler a) {
        this.a = a;
        places = a.constants(0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /// Adds and stores the results one after the other; the sums are used up.
    ///
    /// @param sums the registers of each dot product: one with AVX-512, two with AVX2
    void store(VectorRegister[][] sums, Memory to) {
        a.inScope(() -> {
            VectorRegister results = a.hasAvx512() ? add512(sums) : add256(sums);
            if (sums.length == WIDTH) {
                a.vmovups(to, results);
                return;
            }
            for (int i = 0; i < sums.length; i++) {
                a.vextractps(to.plus(4 * i), results, i);
            }
        });
    }

    private VectorRegister add512(VectorRegister[][] sums) {
        VectorRegister even = a.vector();
        VectorRegister odd = a.vector();
        VectorRegister last = a.vector();
        halve512(even, odd, first(sums, 0), first(sums, 1));
        if (sums.length > 2) {
            halve512(odd, last, first(sums, 2), first(sums, 3));
        } else {
            a.vmovaps(odd, even);
        }
        a.vshuff32x4(last, even, odd, 0x88); // elements 0 to 3 of all four
        a.vshuff32x4(even, even, odd, 0xDD); // elements 4 to 7
        a.vaddps(last, last, even);
        a.vshufps(even, last, last, 0b1110);
        a.vaddps(last, last, even);
        a.vshufps(even, last, last, 0b0001);
        a.vaddps(last, last, even);
        a.vmovups(even, places);
        a.vpermps(last, even, last);
        return last.xmm();
    }

    /// The first register of a dot product; of the last one where there are fewer.
    private static VectorRegister first(VectorRegister[][] sums, int index) {
        return sums[Math.min(index, sums.length - 1)][0];
    }

    private void halve512(
            VectorRegister d, VectorRegister free, VectorRegister x, VectorRegister y) {
        a.vshuff64x2(d, x, y, 0x44); // elements 0 to 7 of both
        a.vshuff64x2(free, x, y, 0xEE); // elements 8 to 15
        a.vaddps(d, d, free);
    }

    private VectorRegister add256(VectorRegister[][] sums) {
        for (VectorRegister[] two : sums) {
            a.vaddps(two[0], two[0], two[1]);
        }
        VectorRegister even = a.vector();
        VectorRegister odd = a.vector();
        VectorRegister last = a.vector();
        halve256(even, odd, first(sums, 0), first(sums, 1));
        if (sums.length > 2) {
            halve256(odd, last, first(sums, 2), first(sums, 3));
        } else {
            a.vmovaps(odd, even);
        }
        a.vshufps(last, even, odd, 0x44); // elements 0 and 1 of dot products 0, 2 | 1, 3
        a.vshufps(even, even, odd, 0xEE); // elements 2 and 3
        a.vaddps(last, last, even);
        a.vshufps(even, last, last, 0x88);
        a.vshufps(odd, last, last, 0xDD);
        a.vaddps(last, even, odd);
        a.vextractf128(odd.xmm(), last, 1);
        a.vunpcklps(last.xmm(), last.xmm(), odd.xmm());
        return last.xmm();
    }

    private void halve256(
            VectorRegister d, VectorRegister free, VectorRegister x, VectorRegister y) {
        a.vperm2f128(d, x, y, 0x20); // elements 0 to 3 of both
        a.vperm2f128(free, x, y, 0x31); // elements 4 to 7
        a.vaddps(d, d, free);
    }
}
