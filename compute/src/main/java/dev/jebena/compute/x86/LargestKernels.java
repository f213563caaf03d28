package dev.jebena.compute.x86;

/// Largest element of a row, and what softmax needs.
public final class LargestKernels {
    private static final int EQUAL = 0;

    private LargestKernels() {}

    /// `(x, n)`: first index of the largest element; 0 if no element is greater than negative
    /// infinity.
    public static Assembler argmax() {
        Assembler a = Assembler.avx512("argmax");
        Gpr[] in = a.arguments(2);
        RowLoop row = new RowLoop(a, in[1]);
        VectorRegister most = most(a, row, in[0]);
        Gpr index = a.arguments(3)[2];
        MaskRegister equal = a.mask();
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
            a.mov(index, span.at());
            a.vcmpps(span.only(equal), most, x, EQUAL);
            a.kortestw(equal, equal);
            a.jcc(Condition.NE, found);
        });
        a.bind(found);
        Gpr place = a.general();
        a.kmovw(place.dword(), equal);
        a.tzcnt(place, place);
        a.shr(index, 2);
        a.add(index, place);
        a.bind(end);
        a.mov(Gpr.RAX, index);
        a.leave();
        return a;
    }

    /// The largest element in all elements of a register.
    private static VectorRegister most(Assembler a, RowLoop row, Gpr x) {
        VectorRegister most = a.vector();
        a.fill(most, Float.NEGATIVE_INFINITY);
        // Where x is not a number, max returns its second source.
        row.each(span -> a.vmaxps(span.only(most), span.load(x), most));
        RowLoop.largest(a, most);
        a.vbroadcastss(most, most.xmm());
        return most;
    }

    /// `(x, n, out)`: writes the largest element and the sum of `exp(x - largest)`.
    public static Assembler sumOfExponentials() {
        Assembler a = Assembler.avx512("sumOfExponentials");
        Gpr[] in = a.arguments(3);
        RowLoop row = new RowLoop(a, in[1]);
        VectorRegister most = most(a, row, in[0]);
        a.vmovss(Memory.mem(in[2], 0), most.xmm());
        VectorRegister sum = a.vector();
        a.clear(sum);
        Exponential exponential = new Exponential(a);
        row.each(span -> {
            VectorRegister x = span.load(in[0]);
            a.vsubps(x, x, most);
            exponential.emit(x);
            a.vaddps(span.only(sum), sum, x);
        });
        RowLoop.tree(a, sum);
        a.vmovss(Memory.mem(in[2], 4), sum.xmm());
        a.leave();
        return a;
    }
}
