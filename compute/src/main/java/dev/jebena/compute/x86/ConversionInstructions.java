package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Spec.FULL32;
import static dev.jebena.compute.x86.Spec.FULLMEM;
import static dev.jebena.compute.x86.Spec.HALFMEM;
import static dev.jebena.compute.x86.Spec.M0F;
import static dev.jebena.compute.x86.Spec.M0F38;
import static dev.jebena.compute.x86.Spec.M0F3A;
import static dev.jebena.compute.x86.Spec.MEM4;
import static dev.jebena.compute.x86.Spec.MIXED;
import static dev.jebena.compute.x86.Spec.NP;
import static dev.jebena.compute.x86.Spec.ONLY_EVEX;
import static dev.jebena.compute.x86.Spec.P66;
import static dev.jebena.compute.x86.Spec.PF2;
import static dev.jebena.compute.x86.Spec.PF3;
import static dev.jebena.compute.x86.Spec.QUARTERMEM;

/// Conversions between widths and kinds of numbers.
public sealed interface ConversionInstructions extends Instructions permits Assembler {
    default void vpmovsxbw(VectorRegister d, VectorOperand s) {
        emit("vpmovsxbw", P66 | M0F38 | 0x20 | HALFMEM, d, s);
    }

    default void vpmovsxbd(VectorRegister d, VectorOperand s) {
        emit("vpmovsxbd", P66 | M0F38 | 0x21 | QUARTERMEM, d, s);
    }

    default void vpmovsxwd(VectorRegister d, VectorOperand s) {
        emit("vpmovsxwd", P66 | M0F38 | 0x23 | HALFMEM, d, s);
    }

    default void vpmovzxbw(VectorRegister d, VectorOperand s) {
        emit("vpmovzxbw", P66 | M0F38 | 0x30 | HALFMEM, d, s);
    }

    default void vpmovzxbd(VectorRegister d, VectorOperand s) {
        emit("vpmovzxbd", P66 | M0F38 | 0x31 | QUARTERMEM, d, s);
    }

    default void vpmovzxwd(VectorRegister d, VectorOperand s) {
        emit("vpmovzxwd", P66 | M0F38 | 0x33 | HALFMEM, d, s);
    }

    default void vpmovdb(VectorOperand d, VectorRegister s) {
        emitStore("vpmovdb", PF3 | M0F38 | 0x31 | QUARTERMEM | ONLY_EVEX, d, s);
    }

    default void vpmovsdb(VectorOperand d, VectorRegister s) {
        emitStore("vpmovsdb", PF3 | M0F38 | 0x21 | QUARTERMEM | ONLY_EVEX, d, s);
    }

    default void vpmovusdb(VectorOperand d, VectorRegister s) {
        emitStore("vpmovusdb", PF3 | M0F38 | 0x11 | QUARTERMEM | ONLY_EVEX, d, s);
    }

    default void vpmovdw(VectorOperand d, VectorRegister s) {
        emitStore("vpmovdw", PF3 | M0F38 | 0x33 | HALFMEM | ONLY_EVEX, d, s);
    }

    default void vpmovsdw(VectorOperand d, VectorRegister s) {
        emitStore("vpmovsdw", PF3 | M0F38 | 0x23 | HALFMEM | ONLY_EVEX, d, s);
    }

    default void vpmovwb(VectorOperand d, VectorRegister s) {
        emitStore("vpmovwb", PF3 | M0F38 | 0x30 | HALFMEM | ONLY_EVEX, d, s);
    }

    default void vpmovswb(VectorOperand d, VectorRegister s) {
        emitStore("vpmovswb", PF3 | M0F38 | 0x20 | HALFMEM | ONLY_EVEX, d, s);
    }

    default void vpacksswb(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpacksswb", P66 | M0F | 0x63 | FULLMEM, d, a, b);
    }

    default void vpackuswb(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpackuswb", P66 | M0F | 0x67 | FULLMEM, d, a, b);
    }

    default void vpackssdw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpackssdw", P66 | M0F | 0x6B | FULL32, d, a, b);
    }

    default void vpackusdw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpackusdw", P66 | M0F38 | 0x2B | FULL32, d, a, b);
    }

    default void vcvtdq2ps(VectorRegister d, VectorOperand s) {
        emit("vcvtdq2ps", NP | M0F | 0x5B | FULL32, d, s);
    }

    default void vcvtps2dq(VectorRegister d, VectorOperand s) {
        emit("vcvtps2dq", P66 | M0F | 0x5B | FULL32, d, s);
    }

    default void vcvttps2dq(VectorRegister d, VectorOperand s) {
        emit("vcvttps2dq", PF3 | M0F | 0x5B | FULL32, d, s);
    }

    default void vcvtudq2ps(VectorRegister d, VectorOperand s) {
        emit("vcvtudq2ps", PF2 | M0F | 0x7A | FULL32 | ONLY_EVEX, d, s);
    }

    default void vcvtph2ps(VectorRegister d, VectorOperand s) {
        emit("vcvtph2ps", P66 | M0F38 | 0x13 | HALFMEM, d, s);
    }

    default void vcvtps2ph(VectorOperand d, VectorRegister s, int immediate) {
        emitStore("vcvtps2ph", P66 | M0F3A | 0x1D | HALFMEM, d, s, immediate);
    }

    default void vcvtneps2bf16(VectorRegister d, VectorRegister s) {
        emit("vcvtneps2bf16", PF3 | M0F38 | 0x72 | FULL32 | MIXED | ONLY_EVEX, d, s);
    }

    default void vcvtne2ps2bf16(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vcvtne2ps2bf16", PF2 | M0F38 | 0x72 | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vcvtsi2ss(VectorRegister d, VectorRegister a, Gpr s) {
        emit("vcvtsi2ss", PF3 | M0F | 0x2A | MEM4, d, a, s);
    }

    default void vcvtss2si(Gpr d, VectorRegister s) {
        emit("vcvtss2si", PF3 | M0F | 0x2D | MEM4, d, s);
    }

    default void vcvttss2si(Gpr d, VectorRegister s) {
        emit("vcvttss2si", PF3 | M0F | 0x2C | MEM4, d, s);
    }
}
