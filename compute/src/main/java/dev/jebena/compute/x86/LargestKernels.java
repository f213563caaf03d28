package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Largest element of a row, and what softmax needs.
public final class LargestKernels {
    private static final int EQUAL = 0;

    private LargestKernels() {}

    /// `(x, n)`: first index of the largest element; 0 if no element is greater than negative
    /// infinity.
    public static Assembler argmax(boolean avx512) {
        Assembler a = RowLoop.assembler("argmax", avx512);
        Gpr[] in = a.arguments(2);
        RowLoop row = new RowLoop(a, in[1]);
        VectorRegister most = most(a, row, in[0]);
        Gpr index = a.arguments(3)[2];
        Gpr equal = a.general();
        Label found = a.label("found");
        Label end = a.label("end");
        a.xor(index, index);
        a.inScope(() -> {
            VectorRegister none = a.vector();
            a.fill(none, Float.NEGATIVE_INFINITY);
            a.vcomiss(most.xmm(), none.xmm());
            a.jcc(Condition.E, end);
        });
        row.each(span -> {
            VectorRegister x = span.load(in[0]);
            a.lea(index, mem(span.at(), span.byteOfPart()));
            whereEqual(a, span, equal, x, most);
            a.test(equal, equal);
            a.jcc(Condition.NE, found);
        });
        a.bind(found);
        a.tzcnt(equal, equal);
        a.shr(index, 2);
        a.add(index, equal);
        a.bind(end);
        a.mov(Gpr.RAX, index);
        a.leave();
        return a;
    }

    /// One bit for each element of a register.
    private static void whereEqual(
            Assembler a, RowLoop.Span span, Gpr bits, VectorRegister x, VectorRegister y) {
        if (a.hasAvx512()) {
            MaskRegister equal = a.mask();
            a.vcmpps(span.only(equal), x, y, EQUAL);
            a.kmovw(bits.dword(), equal);
        } else {
            a.vcmpps(x, x, y, EQUAL);
            a.vmovmskps(bits, x);
        }
    }

    /// The largest element in all elements of a register.
    private static VectorRegister most(Assembler a, RowLoop row, Gpr x) {
        VectorRegister most = a.vector();
        a.fill(most, Float.NEGATIVE_INFINITY);
        // Where x is not a number, max returns its second source.
        row.each(span -> a.vmaxps(span.only(most), span.load(x), most));
        PartialSums.largest(a, most);
        a.vbroadcastss(most, most.xmm());
        return most;
    }

    /// `(x, n, out)`: writes the largest element and the sum of `exp(x - largest)`.
    public static Assembler sumOfExponentials(boolean avx512) {
        Assembler a = RowLoop.assembler("sumOfExponentials", avx512);
        Gpr[] in = a.arguments(3);
        RowLoop row = new RowLoop(a, in[1]);
        VectorRegister most = most(a, row, in[0]);
        a.vmovss(mem(in[2], 0), most.xmm());
        PartialSums sums = new PartialSums(a);
        Exponential exponential = new Exponential(a);
        row.each(span -> {
            VectorRegister x = span.load(in[0]);
            a.vsubps(x, x, most);
            exponential.emit(x);
            VectorRegister sum = sums.of(span.part());
            a.vaddps(span.only(sum), sum, x);
        });
        a.vmovss(mem(in[2], 4), sums.total().xmm());
        a.leave();
        return a;
    }
}
