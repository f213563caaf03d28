package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

import java.util.function.Consumer;

/// The loop over one row of float32 that every kernel of rows has: whole registers of 16 elements
/// first, then the rest under a mask, so that nothing beyond the row is read or written.
final class RowLoop {
    private final Assembler a;
    private final Gpr wholeBytes;
    private final MaskRegister rest;

    /// @param n elements of the row; the register is used up
    RowLoop(Assembler a, Gpr n) {
        this.a = a;
        wholeBytes = n;
        rest = a.mask();
        maskOfRest(a, rest, n, 16);
        a.and(n, -16);
        a.shl(n, 2);
    }

    /// Sets the lowest `n` modulo `modulus` bits of a mask.
    static void maskOfRest(Assembler a, MaskRegister mask, Gpr n, int modulus) {
        a.inScope(() -> {
            Gpr count = a.general();
            Gpr ones = a.general();
            a.mov(count, n);
            a.and(count, modulus - 1);
            a.mov(ones, -1);
            a.bzhi(ones, ones, count);
            a.kmovw(mask, ones.dword());
        });
    }

    /// Emits the loop; `body` is called twice, for a whole register and for the rest.
    void each(Consumer<Span> body) {
        a.inScope(() -> {
            Gpr at = a.general();
            Label tail = a.label("tail");
            Label end = a.label("end");
            a.xor(at, at);
            a.test(wholeBytes, wholeBytes);
            a.jcc(Condition.E, tail);
            Label top = a.here("row");
            a.inScope(() -> body.accept(new Span(at, true)));
            a.add(at, 64);
            a.cmp(at, wholeBytes);
            a.jcc(Condition.B, top);
            a.bind(tail);
            a.kortestw(rest, rest);
            a.jcc(Condition.E, end);
            a.inScope(() -> body.accept(new Span(at, false)));
            a.bind(end);
        });
    }

    /// Adds the 16 partial sums of a register in the order of the contract of kernels; the result
    /// is the first element.
    static void tree(Assembler a, VectorRegister sums) {
        fold(a, sums, a::vaddps);
    }

    /// Largest of 16 elements that are numbers; the result is the first element.
    static void largest(Assembler a, VectorRegister values) {
        fold(a, values, a::vmaxps);
    }

    private interface Operation {
        void emit(VectorRegister d, VectorRegister x, VectorOperand y);
    }

    private static void fold(Assembler a, VectorRegister values, Operation operation) {
        a.inScope(() -> {
            VectorRegister other = a.vector();
            a.vextractf32x8(other.ymm(), values, 1);
            operation.emit(values.ymm(), values.ymm(), other.ymm());
            a.vextractf32x4(other.xmm(), values.ymm(), 1);
            operation.emit(values.xmm(), values.xmm(), other.xmm());
            a.vshufps(other.xmm(), values.xmm(), values.xmm(), 0b1110);
            operation.emit(values.xmm(), values.xmm(), other.xmm());
            a.vshufps(other.xmm(), values.xmm(), values.xmm(), 0b0001);
            operation.emit(values.xmm(), values.xmm(), other.xmm());
        });
    }

    /// 16 elements of the row, or the rest of them: how the body of the loop reads and writes.
    final class Span {
        private final Gpr at;
        private final boolean whole;

        private Span(Gpr at, boolean whole) {
            this.at = at;
            this.whole = whole;
        }

        /// Loads the elements of the row that begins at `row`; those beyond its end become 0.
        VectorRegister load(Gpr row) {
            VectorRegister loaded = a.vector();
            a.vmovups(whole ? loaded : loaded.zeroing(rest), mem(row, at, 1, 0));
            return loaded;
        }

        void store(Gpr row, VectorRegister values) {
            Memory to = mem(row, at, 1, 0);
            a.vmovups(whole ? to : to.masked(rest), values);
        }

        /// A register as the destination of an operation that must leave the elements beyond the
        /// row's end as they are.
        VectorRegister only(VectorRegister destination) {
            return whole ? destination : destination.masked(rest);
        }

        /// A mask as the destination of a comparison that is false beyond the row's end.
        MaskRegister only(MaskRegister destination) {
            return whole ? destination : destination.masked(rest);
        }

        boolean isWhole() {
            return whole;
        }

        /// Bytes from the start of the row.
        Gpr at() {
            return at;
        }
    }
}
