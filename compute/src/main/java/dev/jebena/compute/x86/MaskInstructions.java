package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Spec.FULL32;
import static dev.jebena.compute.x86.Spec.FULLMEM;
import static dev.jebena.compute.x86.Spec.M0F;
import static dev.jebena.compute.x86.Spec.M0F38;
import static dev.jebena.compute.x86.Spec.M0F3A;
import static dev.jebena.compute.x86.Spec.NP;
import static dev.jebena.compute.x86.Spec.ONLY_EVEX;
import static dev.jebena.compute.x86.Spec.ONLY_VEX;
import static dev.jebena.compute.x86.Spec.P66;
import static dev.jebena.compute.x86.Spec.PF2;
import static dev.jebena.compute.x86.Spec.PF3;
import static dev.jebena.compute.x86.Spec.VECTOR256;
import static dev.jebena.compute.x86.Spec.W1;

/// Comparisons, mask registers, and choosing by masks: AVX-512's in k registers, AVX2's in the sign
/// bits of vectors.
public sealed interface MaskInstructions extends Instructions permits Assembler {
    default void vcmpps(MaskRegister d, VectorRegister a, VectorOperand b, int predicate) {
        emit("vcmpps", NP | M0F | 0xC2 | FULL32 | ONLY_EVEX, d, a, b, predicate);
    }

    default void vpcmpd(MaskRegister d, VectorRegister a, VectorOperand b, int predicate) {
        emit("vpcmpd", P66 | M0F3A | 0x1F | FULL32 | ONLY_EVEX, d, a, b, predicate);
    }

    default void vpcmpud(MaskRegister d, VectorRegister a, VectorOperand b, int predicate) {
        emit("vpcmpud", P66 | M0F3A | 0x1E | FULL32 | ONLY_EVEX, d, a, b, predicate);
    }

    default void vpcmpb(MaskRegister d, VectorRegister a, VectorOperand b, int predicate) {
        emit("vpcmpb", P66 | M0F3A | 0x3F | FULLMEM | ONLY_EVEX, d, a, b, predicate);
    }

    default void vpcmpub(MaskRegister d, VectorRegister a, VectorOperand b, int predicate) {
        emit("vpcmpub", P66 | M0F3A | 0x3E | FULLMEM | ONLY_EVEX, d, a, b, predicate);
    }

    default void vptestmd(MaskRegister d, VectorRegister a, VectorOperand b) {
        emit("vptestmd", P66 | M0F38 | 0x27 | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vptestnmd(MaskRegister d, VectorRegister a, VectorOperand b) {
        emit("vptestnmd", PF3 | M0F38 | 0x27 | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vptestmb(MaskRegister d, VectorRegister a, VectorOperand b) {
        emit("vptestmb", P66 | M0F38 | 0x26 | FULLMEM | ONLY_EVEX, d, a, b);
    }

    default void vptestnmb(MaskRegister d, VectorRegister a, VectorOperand b) {
        emit("vptestnmb", PF3 | M0F38 | 0x26 | FULLMEM | ONLY_EVEX, d, a, b);
    }

    default void vcmpps(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vcmpps", NP | M0F | 0xC2 | FULL32 | ONLY_VEX, d, a, b, immediate);
    }

    default void vpcmpeqb(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpcmpeqb", P66 | M0F | 0x74 | FULLMEM | ONLY_VEX, d, a, b);
    }

    default void vpcmpeqd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpcmpeqd", P66 | M0F | 0x76 | FULL32 | ONLY_VEX, d, a, b);
    }

    default void vpcmpgtb(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpcmpgtb", P66 | M0F | 0x64 | FULLMEM | ONLY_VEX, d, a, b);
    }

    default void vpcmpgtd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpcmpgtd", P66 | M0F | 0x66 | FULL32 | ONLY_VEX, d, a, b);
    }

    default void vblendmps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vblendmps", P66 | M0F38 | 0x65 | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vpblendmd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpblendmd", P66 | M0F38 | 0x64 | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vpblendmb(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpblendmb", P66 | M0F38 | 0x66 | FULLMEM | ONLY_EVEX, d, a, b);
    }

    default void vblendps(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vblendps", P66 | M0F3A | 0x0C | FULLMEM | ONLY_VEX, d, a, b, immediate);
    }

    default void vpblendd(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vpblendd", P66 | M0F3A | 0x02 | FULLMEM | ONLY_VEX, d, a, b, immediate);
    }

    default void vblendvps(
            VectorRegister d, VectorRegister a, VectorOperand b, VectorRegister mask) {
        emitBlend("vblendvps", P66 | M0F3A | 0x4A | FULLMEM | ONLY_VEX, d, a, b, mask);
    }

    default void vpblendvb(
            VectorRegister d, VectorRegister a, VectorOperand b, VectorRegister mask) {
        emitBlend("vpblendvb", P66 | M0F3A | 0x4C | FULLMEM | ONLY_VEX, d, a, b, mask);
    }

    default void vmovmskps(Gpr d, VectorRegister s) {
        emit("vmovmskps", NP | M0F | 0x50 | FULLMEM | ONLY_VEX, d, s);
    }

    default void vpmovmskb(Gpr d, VectorRegister s) {
        emit("vpmovmskb", P66 | M0F | 0xD7 | FULLMEM | ONLY_VEX, d, s);
    }

    default void vpmovm2b(VectorRegister d, MaskRegister s) {
        emit("vpmovm2b", PF3 | M0F38 | 0x28 | FULLMEM | ONLY_EVEX, d, s);
    }

    default void vpmovm2w(VectorRegister d, MaskRegister s) {
        emit("vpmovm2w", PF3 | M0F38 | 0x28 | W1 | FULLMEM | ONLY_EVEX, d, s);
    }

    default void vpmovm2d(VectorRegister d, MaskRegister s) {
        emit("vpmovm2d", PF3 | M0F38 | 0x38 | FULLMEM | ONLY_EVEX, d, s);
    }

    default void vpmovb2m(MaskRegister d, VectorRegister s) {
        emit("vpmovb2m", PF3 | M0F38 | 0x29 | FULLMEM | ONLY_EVEX, d, s);
    }

    default void vpmovd2m(MaskRegister d, VectorRegister s) {
        emit("vpmovd2m", PF3 | M0F38 | 0x39 | FULLMEM | ONLY_EVEX, d, s);
    }

    default void kmovb(MaskRegister d, Memory s) {
        emit("kmovb", P66 | M0F | 0x90 | ONLY_VEX, d, s);
    }

    default void kmovb(Memory d, MaskRegister s) {
        emitStore("kmovb", P66 | M0F | 0x91 | ONLY_VEX, d, s);
    }

    default void kmovb(MaskRegister d, Gpr s) {
        emit("kmovb", P66 | M0F | 0x92 | ONLY_VEX, d, s.dword());
    }

    default void kmovb(Gpr d, MaskRegister s) {
        emit("kmovb", P66 | M0F | 0x93 | ONLY_VEX, d.dword(), s);
    }

    default void kmovw(MaskRegister d, MaskRegister s) {
        emit("kmovw", NP | M0F | 0x90 | ONLY_VEX, d, s);
    }

    default void kmovw(MaskRegister d, Memory s) {
        emit("kmovw", NP | M0F | 0x90 | ONLY_VEX, d, s);
    }

    default void kmovw(Memory d, MaskRegister s) {
        emitStore("kmovw", NP | M0F | 0x91 | ONLY_VEX, d, s);
    }

    default void kmovw(MaskRegister d, Gpr s) {
        emit("kmovw", NP | M0F | 0x92 | ONLY_VEX, d, s.dword());
    }

    default void kmovw(Gpr d, MaskRegister s) {
        emit("kmovw", NP | M0F | 0x93 | ONLY_VEX, d.dword(), s);
    }

    default void kmovd(MaskRegister d, Memory s) {
        emit("kmovd", P66 | M0F | 0x90 | W1 | ONLY_VEX, d, s);
    }

    default void kmovd(Memory d, MaskRegister s) {
        emitStore("kmovd", P66 | M0F | 0x91 | W1 | ONLY_VEX, d, s);
    }

    default void kmovd(MaskRegister d, Gpr s) {
        emit("kmovd", PF2 | M0F | 0x92 | ONLY_VEX, d, s.dword());
    }

    default void kmovd(Gpr d, MaskRegister s) {
        emit("kmovd", PF2 | M0F | 0x93 | ONLY_VEX, d.dword(), s);
    }

    default void kmovq(MaskRegister d, MaskRegister s) {
        emit("kmovq", NP | M0F | 0x90 | W1 | ONLY_VEX, d, s);
    }

    default void kmovq(MaskRegister d, Memory s) {
        emit("kmovq", NP | M0F | 0x90 | W1 | ONLY_VEX, d, s);
    }

    default void kmovq(Memory d, MaskRegister s) {
        emitStore("kmovq", NP | M0F | 0x91 | W1 | ONLY_VEX, d, s);
    }

    default void kmovq(MaskRegister d, Gpr s) {
        emit("kmovq", PF2 | M0F | 0x92 | W1 | ONLY_VEX, d, s);
    }

    default void kmovq(Gpr d, MaskRegister s) {
        emit("kmovq", PF2 | M0F | 0x93 | W1 | ONLY_VEX, d, s);
    }

    default void kxnorb(MaskRegister d, MaskRegister a, MaskRegister b) {
        emit("kxnorb", P66 | M0F | 0x46 | VECTOR256 | ONLY_VEX, d, a, b);
    }

    default void kxnorw(MaskRegister d, MaskRegister a, MaskRegister b) {
        emit("kxnorw", NP | M0F | 0x46 | VECTOR256 | ONLY_VEX, d, a, b);
    }

    default void kxnord(MaskRegister d, MaskRegister a, MaskRegister b) {
        emit("kxnord", P66 | M0F | 0x46 | W1 | VECTOR256 | ONLY_VEX, d, a, b);
    }

    default void kxnorq(MaskRegister d, MaskRegister a, MaskRegister b) {
        emit("kxnorq", NP | M0F | 0x46 | W1 | VECTOR256 | ONLY_VEX, d, a, b);
    }

    default void kandw(MaskRegister d, MaskRegister a, MaskRegister b) {
        emit("kandw", NP | M0F | 0x41 | VECTOR256 | ONLY_VEX, d, a, b);
    }

    default void kandnw(MaskRegister d, MaskRegister a, MaskRegister b) {
        emit("kandnw", NP | M0F | 0x42 | VECTOR256 | ONLY_VEX, d, a, b);
    }

    default void korw(MaskRegister d, MaskRegister a, MaskRegister b) {
        emit("korw", NP | M0F | 0x45 | VECTOR256 | ONLY_VEX, d, a, b);
    }

    default void kxorw(MaskRegister d, MaskRegister a, MaskRegister b) {
        emit("kxorw", NP | M0F | 0x47 | VECTOR256 | ONLY_VEX, d, a, b);
    }

    default void kunpckwd(MaskRegister d, MaskRegister a, MaskRegister b) {
        emit("kunpckwd", NP | M0F | 0x4B | VECTOR256 | ONLY_VEX, d, a, b);
    }

    default void knotw(MaskRegister d, MaskRegister s) {
        emit("knotw", NP | M0F | 0x44 | ONLY_VEX, d, s);
    }

    default void kortestw(MaskRegister d, MaskRegister s) {
        emit("kortestw", NP | M0F | 0x98 | ONLY_VEX, d, s);
    }

    default void kshiftrw(MaskRegister d, MaskRegister s, int count) {
        emit("kshiftrw", P66 | M0F3A | 0x30 | W1 | ONLY_VEX, d, s, count);
    }

    default void kshiftrd(MaskRegister d, MaskRegister s, int count) {
        emit("kshiftrd", P66 | M0F3A | 0x31 | ONLY_VEX, d, s, count);
    }

    default void kshiftrq(MaskRegister d, MaskRegister s, int count) {
        emit("kshiftrq", P66 | M0F3A | 0x31 | W1 | ONLY_VEX, d, s, count);
    }
}
