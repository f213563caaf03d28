package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The loop over one row of float32 that every kernel of rows has: 16 elements at a time, in one
/// register with AVX-512 and in two with AVX2.
///
/// With AVX-512 the last elements of a row that is no multiple of 16 follow under a mask, so that
/// nothing beyond the row is read or written. Code for AVX2 is for multiples of 16 only.
final class RowLoop {
    private final Assembler a;
    private final Gpr wholeBytes;
    private final @Nullable MaskRegister rest;

    /// Begins code for AVX-512 or for AVX2.
    static Assembler assembler(String name, boolean avx512) {
        return avx512 ? Assembler.avx512(name) : Assembler.avx2(name);
    }

    /// @param n elements of the row; the register is used up
    RowLoop(Assembler a, Gpr n) {
        this.a = a;
        wholeBytes = n;
        rest = a.hasAvx512() ? a.mask() : null;
        if (rest != null) {
            maskOfRest(a, rest, n, 16);
            a.and(n, -16);
        }
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

    /// Emits the loop; `body` is called for each register of a round, and for the rest.
    void each(Consumer<Span> body) {
        a.inScope(() -> {
            Gpr at = a.general();
            Label tail = a.label("tail");
            Label end = a.label("end");
            a.xor(at, at);
            a.test(wholeBytes, wholeBytes);
            a.jcc(Condition.E, tail);
            Label top = a.here("row");
            for (int part = 0; part < 64 / a.vectorBytes(); part++) {
                Span span = new Span(at, part, null);
                a.inScope(() -> body.accept(span));
            }
            a.add(at, 64);
            a.cmp(at, wholeBytes);
            a.jcc(Condition.B, top);
            a.bind(tail);
            if (rest != null) {
                a.kortestw(rest, rest);
                a.jcc(Condition.E, end);
                a.inScope(() -> body.accept(new Span(at, 0, rest)));
            }
            a.bind(end);
        });
    }

    /// One register of elements of the row, or the rest of them: how the body of the loop reads and
    /// writes.
    final class Span {
        private final Gpr at;
        private final int part;
        private final @Nullable MaskRegister mask;

        private Span(Gpr at, int part, @Nullable MaskRegister mask) {
            this.at = at;
            this.part = part;
            this.mask = mask;
        }

        /// Loads the elements of the row that begins at `row`; those beyond its end become 0.
        VectorRegister load(Gpr row) {
            VectorRegister loaded = a.vector();
            Memory from = mem(row, at, 1, byteOfPart());
            a.vmovups(mask == null ? loaded : loaded.zeroing(mask), from);
            return loaded;
        }

        void store(Gpr row, VectorRegister values) {
            Memory to = mem(row, at, 1, byteOfPart());
            a.vmovups(mask == null ? to : to.masked(mask), values);
        }

        /// A register as the destination of an operation that must leave the elements beyond the
        /// row's end as they are.
        VectorRegister only(VectorRegister destination) {
            return mask == null ? destination : destination.masked(mask);
        }

        /// A mask as the destination of a comparison that is false beyond the row's end.
        MaskRegister only(MaskRegister destination) {
            return mask == null ? destination : destination.masked(mask);
        }

        boolean isWhole() {
            return mask == null;
        }

        /// Number of this register in its round of 16 elements.
        int part() {
            return part;
        }

        /// Where it begins in its round.
        int byteOfPart() {
            return part * a.vectorBytes();
        }

        /// Bytes from the start of the row to the round.
        Gpr at() {
            return at;
        }
    }
}
