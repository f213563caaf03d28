package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Spec.EVEX_W1;
import static dev.jebena.compute.x86.Spec.FULL32;
import static dev.jebena.compute.x86.Spec.FULL64;
import static dev.jebena.compute.x86.Spec.FULLMEM;
import static dev.jebena.compute.x86.Spec.M0F;
import static dev.jebena.compute.x86.Spec.M0F38;
import static dev.jebena.compute.x86.Spec.M0F3A;
import static dev.jebena.compute.x86.Spec.MEM1;
import static dev.jebena.compute.x86.Spec.MEM16;
import static dev.jebena.compute.x86.Spec.MEM2;
import static dev.jebena.compute.x86.Spec.MEM32;
import static dev.jebena.compute.x86.Spec.MEM4;
import static dev.jebena.compute.x86.Spec.NP;
import static dev.jebena.compute.x86.Spec.ONLY_EVEX;
import static dev.jebena.compute.x86.Spec.ONLY_VEX;
import static dev.jebena.compute.x86.Spec.P66;
import static dev.jebena.compute.x86.Spec.PF2;
import static dev.jebena.compute.x86.Spec.PF3;
import static dev.jebena.compute.x86.Spec.W1;

/// Permutations, interleaving, parts of vectors.
public sealed interface ShuffleInstructions extends Instructions permits Assembler {
    default void vpshufb(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpshufb", P66 | M0F38 | 0x00 | FULLMEM, d, a, b);
    }

    default void vpshufd(VectorRegister d, VectorOperand s, int immediate) {
        emit("vpshufd", P66 | M0F | 0x70 | FULL32, d, s, immediate);
    }

    default void vpshuflw(VectorRegister d, VectorOperand s, int immediate) {
        emit("vpshuflw", PF2 | M0F | 0x70 | FULLMEM, d, s, immediate);
    }

    default void vpshufhw(VectorRegister d, VectorOperand s, int immediate) {
        emit("vpshufhw", PF3 | M0F | 0x70 | FULLMEM, d, s, immediate);
    }

    default void vshufps(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vshufps", NP | M0F | 0xC6 | FULL32, d, a, b, immediate);
    }

    default void vpermb(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpermb", P66 | M0F38 | 0x8D | FULLMEM | ONLY_EVEX, d, a, b);
    }

    default void vpermw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpermw", P66 | M0F38 | 0x8D | W1 | FULLMEM | ONLY_EVEX, d, a, b);
    }

    default void vpermd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpermd", P66 | M0F38 | 0x36 | FULL32, d, a, b);
    }

    default void vpermps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpermps", P66 | M0F38 | 0x16 | FULL32, d, a, b);
    }

    default void vpermq(VectorRegister d, VectorOperand s, int immediate) {
        emit("vpermq", P66 | M0F3A | 0x00 | W1 | FULL64, d, s, immediate);
    }

    default void vpermpd(VectorRegister d, VectorOperand s, int immediate) {
        emit("vpermpd", P66 | M0F3A | 0x01 | W1 | FULL64, d, s, immediate);
    }

    default void vpermi2b(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpermi2b", P66 | M0F38 | 0x75 | FULLMEM | ONLY_EVEX, d, a, b);
    }

    default void vpermi2w(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpermi2w", P66 | M0F38 | 0x75 | W1 | FULLMEM | ONLY_EVEX, d, a, b);
    }

    default void vpermi2d(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpermi2d", P66 | M0F38 | 0x76 | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vpermi2ps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpermi2ps", P66 | M0F38 | 0x77 | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vpermt2b(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpermt2b", P66 | M0F38 | 0x7D | FULLMEM | ONLY_EVEX, d, a, b);
    }

    default void vpermt2w(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpermt2w", P66 | M0F38 | 0x7D | W1 | FULLMEM | ONLY_EVEX, d, a, b);
    }

    default void vpermt2d(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpermt2d", P66 | M0F38 | 0x7E | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vpermt2q(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpermt2q", P66 | M0F38 | 0x7E | W1 | FULL64 | ONLY_EVEX, d, a, b);
    }

    default void vpermt2ps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpermt2ps", P66 | M0F38 | 0x7F | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vunpcklps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vunpcklps", NP | M0F | 0x14 | FULL32, d, a, b);
    }

    default void vunpckhps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vunpckhps", NP | M0F | 0x15 | FULL32, d, a, b);
    }

    default void vunpcklpd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vunpcklpd", P66 | M0F | 0x14 | EVEX_W1 | FULL64, d, a, b);
    }

    default void vunpckhpd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vunpckhpd", P66 | M0F | 0x15 | EVEX_W1 | FULL64, d, a, b);
    }

    default void vpunpcklbw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpunpcklbw", P66 | M0F | 0x60 | FULLMEM, d, a, b);
    }

    default void vpunpcklwd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpunpcklwd", P66 | M0F | 0x61 | FULLMEM, d, a, b);
    }

    default void vpunpckldq(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpunpckldq", P66 | M0F | 0x62 | FULL32, d, a, b);
    }

    default void vpunpcklqdq(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpunpcklqdq", P66 | M0F | 0x6C | EVEX_W1 | FULL64, d, a, b);
    }

    default void vpunpckhbw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpunpckhbw", P66 | M0F | 0x68 | FULLMEM, d, a, b);
    }

    default void vpunpckhwd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpunpckhwd", P66 | M0F | 0x69 | FULLMEM, d, a, b);
    }

    default void vpunpckhdq(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpunpckhdq", P66 | M0F | 0x6A | FULL32, d, a, b);
    }

    default void vpunpckhqdq(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpunpckhqdq", P66 | M0F | 0x6D | EVEX_W1 | FULL64, d, a, b);
    }

    default void vpalignr(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vpalignr", P66 | M0F3A | 0x0F | FULLMEM, d, a, b, immediate);
    }

    default void valignd(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("valignd", P66 | M0F3A | 0x03 | FULL32 | ONLY_EVEX, d, a, b, immediate);
    }

    default void vshuff32x4(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vshuff32x4", P66 | M0F3A | 0x23 | FULL32 | ONLY_EVEX, d, a, b, immediate);
    }

    default void vshuff64x2(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vshuff64x2", P66 | M0F3A | 0x23 | W1 | FULL64 | ONLY_EVEX, d, a, b, immediate);
    }

    default void vshufi32x4(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vshufi32x4", P66 | M0F3A | 0x43 | FULL32 | ONLY_EVEX, d, a, b, immediate);
    }

    default void vshufi64x2(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vshufi64x2", P66 | M0F3A | 0x43 | W1 | FULL64 | ONLY_EVEX, d, a, b, immediate);
    }

    default void vperm2f128(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vperm2f128", P66 | M0F3A | 0x06 | FULLMEM | ONLY_VEX, d, a, b, immediate);
    }

    default void vperm2i128(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vperm2i128", P66 | M0F3A | 0x46 | FULLMEM | ONLY_VEX, d, a, b, immediate);
    }

    /// Stores one byte of the lowest 16.
    default void vpextrb(Memory d, VectorRegister s, int immediate) {
        emitStore("vpextrb", P66 | M0F3A | 0x14 | MEM1, d, s, immediate);
    }

    /// Stores one 16-bit element of the lowest eight.
    default void vpextrw(Memory d, VectorRegister s, int immediate) {
        emitStore("vpextrw", P66 | M0F3A | 0x15 | MEM2, d, s, immediate);
    }

    /// Stores one 32-bit element of the lowest four.
    default void vextractps(Memory d, VectorRegister s, int immediate) {
        emitStore("vextractps", P66 | M0F3A | 0x17 | MEM4, d, s, immediate);
    }

    default void vextractf128(VectorOperand d, VectorRegister s, int immediate) {
        emitStore("vextractf128", P66 | M0F3A | 0x19 | MEM16 | ONLY_VEX, d, s, immediate);
    }

    default void vextracti128(VectorOperand d, VectorRegister s, int immediate) {
        emitStore("vextracti128", P66 | M0F3A | 0x39 | MEM16 | ONLY_VEX, d, s, immediate);
    }

    default void vextractf32x4(VectorOperand d, VectorRegister s, int immediate) {
        emitStore("vextractf32x4", P66 | M0F3A | 0x19 | MEM16 | ONLY_EVEX, d, s, immediate);
    }

    default void vextracti32x4(VectorOperand d, VectorRegister s, int immediate) {
        emitStore("vextracti32x4", P66 | M0F3A | 0x39 | MEM16 | ONLY_EVEX, d, s, immediate);
    }

    default void vextractf32x8(VectorOperand d, VectorRegister s, int immediate) {
        emitStore("vextractf32x8", P66 | M0F3A | 0x1B | MEM32 | ONLY_EVEX, d, s, immediate);
    }

    default void vextracti32x8(VectorOperand d, VectorRegister s, int immediate) {
        emitStore("vextracti32x8", P66 | M0F3A | 0x3B | MEM32 | ONLY_EVEX, d, s, immediate);
    }

    default void vextractf64x4(VectorOperand d, VectorRegister s, int immediate) {
        emitStore("vextractf64x4", P66 | M0F3A | 0x1B | W1 | MEM32 | ONLY_EVEX, d, s, immediate);
    }

    default void vextracti64x4(VectorOperand d, VectorRegister s, int immediate) {
        emitStore("vextracti64x4", P66 | M0F3A | 0x3B | W1 | MEM32 | ONLY_EVEX, d, s, immediate);
    }

    default void vinsertf128(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vinsertf128", P66 | M0F3A | 0x18 | MEM16 | ONLY_VEX, d, a, b, immediate);
    }

    default void vinserti128(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vinserti128", P66 | M0F3A | 0x38 | MEM16 | ONLY_VEX, d, a, b, immediate);
    }

    default void vinsertf32x4(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vinsertf32x4", P66 | M0F3A | 0x18 | MEM16 | ONLY_EVEX, d, a, b, immediate);
    }

    default void vinserti32x4(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vinserti32x4", P66 | M0F3A | 0x38 | MEM16 | ONLY_EVEX, d, a, b, immediate);
    }

    default void vinsertf32x8(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vinsertf32x8", P66 | M0F3A | 0x1A | MEM32 | ONLY_EVEX, d, a, b, immediate);
    }

    default void vinserti32x8(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vinserti32x8", P66 | M0F3A | 0x3A | MEM32 | ONLY_EVEX, d, a, b, immediate);
    }

    default void vinsertf64x4(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vinsertf64x4", P66 | M0F3A | 0x1A | W1 | MEM32 | ONLY_EVEX, d, a, b, immediate);
    }

    default void vinserti64x4(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vinserti64x4", P66 | M0F3A | 0x3A | W1 | MEM32 | ONLY_EVEX, d, a, b, immediate);
    }
}
