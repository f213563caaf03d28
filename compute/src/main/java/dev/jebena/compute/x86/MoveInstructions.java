package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Spec.EVEX_W1;
import static dev.jebena.compute.x86.Spec.FULLMEM;
import static dev.jebena.compute.x86.Spec.M0F;
import static dev.jebena.compute.x86.Spec.M0F38;
import static dev.jebena.compute.x86.Spec.MEM1;
import static dev.jebena.compute.x86.Spec.MEM16;
import static dev.jebena.compute.x86.Spec.MEM2;
import static dev.jebena.compute.x86.Spec.MEM32;
import static dev.jebena.compute.x86.Spec.MEM4;
import static dev.jebena.compute.x86.Spec.MEM8;
import static dev.jebena.compute.x86.Spec.NP;
import static dev.jebena.compute.x86.Spec.ONLY_EVEX;
import static dev.jebena.compute.x86.Spec.ONLY_VEX;
import static dev.jebena.compute.x86.Spec.P66;
import static dev.jebena.compute.x86.Spec.PF2;
import static dev.jebena.compute.x86.Spec.PF3;
import static dev.jebena.compute.x86.Spec.W1;

/// Loads, stores, broadcasts and gathers.
///
/// `vmovdqu` and `vmovdqa` take the AVX2 form or, where the operands need it, the one of AVX-512
/// for 32-bit elements: code for both can use one name.
public sealed interface MoveInstructions extends Instructions permits Assembler {
    default void vmovups(VectorRegister d, VectorOperand s) {
        emit("vmovups", NP | M0F | 0x10 | FULLMEM, d, s);
    }

    default void vmovups(Memory d, VectorRegister s) {
        emitStore("vmovups", NP | M0F | 0x11 | FULLMEM, d, s);
    }

    default void vmovaps(VectorRegister d, VectorOperand s) {
        emit("vmovaps", NP | M0F | 0x28 | FULLMEM, d, s);
    }

    default void vmovaps(Memory d, VectorRegister s) {
        emitStore("vmovaps", NP | M0F | 0x29 | FULLMEM, d, s);
    }

    default void vmovdqu(VectorRegister d, VectorOperand s) {
        emit("vmovdqu", PF3 | M0F | 0x6F | FULLMEM, d, s);
    }

    default void vmovdqu(Memory d, VectorRegister s) {
        emitStore("vmovdqu", PF3 | M0F | 0x7F | FULLMEM, d, s);
    }

    default void vmovdqa(VectorRegister d, VectorOperand s) {
        emit("vmovdqa", P66 | M0F | 0x6F | FULLMEM, d, s);
    }

    default void vmovdqa(Memory d, VectorRegister s) {
        emitStore("vmovdqa", P66 | M0F | 0x7F | FULLMEM, d, s);
    }

    default void vmovdqu8(VectorRegister d, VectorOperand s) {
        emit("vmovdqu8", PF2 | M0F | 0x6F | FULLMEM | ONLY_EVEX, d, s);
    }

    default void vmovdqu8(Memory d, VectorRegister s) {
        emitStore("vmovdqu8", PF2 | M0F | 0x7F | FULLMEM | ONLY_EVEX, d, s);
    }

    default void vmovdqu16(VectorRegister d, VectorOperand s) {
        emit("vmovdqu16", PF2 | M0F | 0x6F | W1 | FULLMEM | ONLY_EVEX, d, s);
    }

    default void vmovdqu16(Memory d, VectorRegister s) {
        emitStore("vmovdqu16", PF2 | M0F | 0x7F | W1 | FULLMEM | ONLY_EVEX, d, s);
    }

    default void vmovdqu32(VectorRegister d, VectorOperand s) {
        emit("vmovdqu32", PF3 | M0F | 0x6F | FULLMEM | ONLY_EVEX, d, s);
    }

    default void vmovdqu32(Memory d, VectorRegister s) {
        emitStore("vmovdqu32", PF3 | M0F | 0x7F | FULLMEM | ONLY_EVEX, d, s);
    }

    default void vmovdqu64(VectorRegister d, VectorOperand s) {
        emit("vmovdqu64", PF3 | M0F | 0x6F | W1 | FULLMEM | ONLY_EVEX, d, s);
    }

    default void vmovdqu64(Memory d, VectorRegister s) {
        emitStore("vmovdqu64", PF3 | M0F | 0x7F | W1 | FULLMEM | ONLY_EVEX, d, s);
    }

    default void vmovntps(Memory d, VectorRegister s) {
        emitStore("vmovntps", NP | M0F | 0x2B | FULLMEM, d, s);
    }

    default void vmovd(VectorRegister d, Gpr s) {
        emit("vmovd", P66 | M0F | 0x6E | MEM4, d, s);
    }

    default void vmovd(VectorRegister d, Memory s) {
        emit("vmovd", P66 | M0F | 0x6E | MEM4, d, s);
    }

    default void vmovd(Gpr d, VectorRegister s) {
        emitStore("vmovd", P66 | M0F | 0x7E | MEM4, d, s);
    }

    default void vmovd(Memory d, VectorRegister s) {
        emitStore("vmovd", P66 | M0F | 0x7E | MEM4, d, s);
    }

    default void vmovq(VectorRegister d, Gpr s) {
        emit("vmovq", P66 | M0F | 0x6E | W1 | MEM8, d, s);
    }

    default void vmovq(VectorRegister d, Memory s) {
        emit("vmovq", PF3 | M0F | 0x7E | EVEX_W1 | MEM8, d, s);
    }

    default void vmovq(Gpr d, VectorRegister s) {
        emitStore("vmovq", P66 | M0F | 0x7E | W1 | MEM8, d, s);
    }

    default void vmovq(Memory d, VectorRegister s) {
        emitStore("vmovq", P66 | M0F | 0xD6 | EVEX_W1 | MEM8, d, s);
    }

    default void vmovss(VectorRegister d, Memory s) {
        emit("vmovss", PF3 | M0F | 0x10 | MEM4, d, s);
    }

    default void vmovss(Memory d, VectorRegister s) {
        emitStore("vmovss", PF3 | M0F | 0x11 | MEM4, d, s);
    }

    default void vmovss(VectorRegister d, VectorRegister a, VectorRegister b) {
        emit("vmovss", PF3 | M0F | 0x10 | MEM4, d, a, b);
    }

    default void vbroadcastss(VectorRegister d, VectorOperand s) {
        emit("vbroadcastss", P66 | M0F38 | 0x18 | MEM4, d, s);
    }

    default void vpbroadcastb(VectorRegister d, VectorOperand s) {
        emit("vpbroadcastb", P66 | M0F38 | 0x78 | MEM1, d, s);
    }

    default void vpbroadcastw(VectorRegister d, VectorOperand s) {
        emit("vpbroadcastw", P66 | M0F38 | 0x79 | MEM2, d, s);
    }

    default void vpbroadcastd(VectorRegister d, VectorOperand s) {
        emit("vpbroadcastd", P66 | M0F38 | 0x58 | MEM4, d, s);
    }

    default void vpbroadcastq(VectorRegister d, VectorOperand s) {
        emit("vpbroadcastq", P66 | M0F38 | 0x59 | EVEX_W1 | MEM8, d, s);
    }

    default void vpbroadcastb(VectorRegister d, Gpr s) {
        emit("vpbroadcastb", P66 | M0F38 | 0x7A | MEM4 | ONLY_EVEX, d, s);
    }

    default void vpbroadcastw(VectorRegister d, Gpr s) {
        emit("vpbroadcastw", P66 | M0F38 | 0x7B | MEM4 | ONLY_EVEX, d, s);
    }

    default void vpbroadcastd(VectorRegister d, Gpr s) {
        emit("vpbroadcastd", P66 | M0F38 | 0x7C | MEM4 | ONLY_EVEX, d, s);
    }

    default void vpbroadcastq(VectorRegister d, Gpr s) {
        emit("vpbroadcastq", P66 | M0F38 | 0x7C | W1 | MEM8 | ONLY_EVEX, d, s);
    }

    default void vbroadcastf128(VectorRegister d, Memory s) {
        emit("vbroadcastf128", P66 | M0F38 | 0x1A | MEM16 | ONLY_VEX, d, s);
    }

    default void vbroadcasti128(VectorRegister d, Memory s) {
        emit("vbroadcasti128", P66 | M0F38 | 0x5A | MEM16 | ONLY_VEX, d, s);
    }

    default void vbroadcastf32x4(VectorRegister d, Memory s) {
        emit("vbroadcastf32x4", P66 | M0F38 | 0x1A | MEM16 | ONLY_EVEX, d, s);
    }

    default void vbroadcasti32x4(VectorRegister d, Memory s) {
        emit("vbroadcasti32x4", P66 | M0F38 | 0x5A | MEM16 | ONLY_EVEX, d, s);
    }

    default void vbroadcastf32x8(VectorRegister d, Memory s) {
        emit("vbroadcastf32x8", P66 | M0F38 | 0x1B | MEM32 | ONLY_EVEX, d, s);
    }

    default void vbroadcasti32x8(VectorRegister d, Memory s) {
        emit("vbroadcasti32x8", P66 | M0F38 | 0x5B | MEM32 | ONLY_EVEX, d, s);
    }

    default void vpgatherdd(VectorRegister d, Memory s) {
        emit("vpgatherdd", P66 | M0F38 | 0x90 | MEM4 | ONLY_EVEX, d, s);
    }

    default void vgatherdps(VectorRegister d, Memory s) {
        emit("vgatherdps", P66 | M0F38 | 0x92 | MEM4 | ONLY_EVEX, d, s);
    }

    default void vpgatherdd(VectorRegister d, Memory s, VectorRegister mask) {
        emitGather("vpgatherdd", P66 | M0F38 | 0x90 | MEM4 | ONLY_VEX, d, mask, s);
    }

    default void vgatherdps(VectorRegister d, Memory s, VectorRegister mask) {
        emitGather("vgatherdps", P66 | M0F38 | 0x92 | MEM4 | ONLY_VEX, d, mask, s);
    }

    default void vcompressps(VectorOperand d, VectorRegister s) {
        emitStore("vcompressps", P66 | M0F38 | 0x8A | MEM4 | ONLY_EVEX, d, s);
    }

    default void vpcompressd(VectorOperand d, VectorRegister s) {
        emitStore("vpcompressd", P66 | M0F38 | 0x8B | MEM4 | ONLY_EVEX, d, s);
    }
}
