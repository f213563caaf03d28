package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Spec.EVEX_W1;
import static dev.jebena.compute.x86.Spec.FULL32;
import static dev.jebena.compute.x86.Spec.FULL64;
import static dev.jebena.compute.x86.Spec.FULLMEM;
import static dev.jebena.compute.x86.Spec.M0F;
import static dev.jebena.compute.x86.Spec.M0F38;
import static dev.jebena.compute.x86.Spec.M0F3A;
import static dev.jebena.compute.x86.Spec.MEM16;
import static dev.jebena.compute.x86.Spec.ONLY_EVEX;
import static dev.jebena.compute.x86.Spec.P66;
import static dev.jebena.compute.x86.Spec.W1;

/// Bitwise logic and shifts of integer vectors.
///
/// The names without element size (`vpxor`) take the AVX2 form or, where the operands need it, the
/// one of AVX-512 for 32-bit elements.
public sealed interface BitInstructions extends Instructions permits Assembler {
    default void vpand(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpand", P66 | M0F | 0xDB | FULL32, d, a, b);
    }

    default void vpandn(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpandn", P66 | M0F | 0xDF | FULL32, d, a, b);
    }

    default void vpor(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpor", P66 | M0F | 0xEB | FULL32, d, a, b);
    }

    default void vpxor(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpxor", P66 | M0F | 0xEF | FULL32, d, a, b);
    }

    default void vpandd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpandd", P66 | M0F | 0xDB | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vpandnd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpandnd", P66 | M0F | 0xDF | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vpord(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpord", P66 | M0F | 0xEB | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vpxord(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpxord", P66 | M0F | 0xEF | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vpternlogd(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vpternlogd", P66 | M0F3A | 0x25 | FULL32 | ONLY_EVEX, d, a, b, immediate);
    }

    default void vpsrlw(VectorRegister d, VectorOperand s, int immediate) {
        emitShift("vpsrlw", P66 | M0F | 0x71 | FULLMEM, 2, d, s, immediate);
    }

    default void vpsraw(VectorRegister d, VectorOperand s, int immediate) {
        emitShift("vpsraw", P66 | M0F | 0x71 | FULLMEM, 4, d, s, immediate);
    }

    default void vpsllw(VectorRegister d, VectorOperand s, int immediate) {
        emitShift("vpsllw", P66 | M0F | 0x71 | FULLMEM, 6, d, s, immediate);
    }

    default void vpsrld(VectorRegister d, VectorOperand s, int immediate) {
        emitShift("vpsrld", P66 | M0F | 0x72 | FULL32, 2, d, s, immediate);
    }

    default void vpsrad(VectorRegister d, VectorOperand s, int immediate) {
        emitShift("vpsrad", P66 | M0F | 0x72 | FULL32, 4, d, s, immediate);
    }

    default void vpslld(VectorRegister d, VectorOperand s, int immediate) {
        emitShift("vpslld", P66 | M0F | 0x72 | FULL32, 6, d, s, immediate);
    }

    default void vpsrlq(VectorRegister d, VectorOperand s, int immediate) {
        emitShift("vpsrlq", P66 | M0F | 0x73 | EVEX_W1 | FULL64, 2, d, s, immediate);
    }

    default void vpsllq(VectorRegister d, VectorOperand s, int immediate) {
        emitShift("vpsllq", P66 | M0F | 0x73 | EVEX_W1 | FULL64, 6, d, s, immediate);
    }

    default void vpsrldq(VectorRegister d, VectorOperand s, int immediate) {
        emitShift("vpsrldq", P66 | M0F | 0x73 | FULLMEM, 3, d, s, immediate);
    }

    default void vpslldq(VectorRegister d, VectorOperand s, int immediate) {
        emitShift("vpslldq", P66 | M0F | 0x73 | FULLMEM, 7, d, s, immediate);
    }

    default void vpsrlw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsrlw", P66 | M0F | 0xD1 | MEM16, d, a, b);
    }

    default void vpsrld(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsrld", P66 | M0F | 0xD2 | MEM16, d, a, b);
    }

    default void vpsrlq(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsrlq", P66 | M0F | 0xD3 | EVEX_W1 | MEM16, d, a, b);
    }

    default void vpsraw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsraw", P66 | M0F | 0xE1 | MEM16, d, a, b);
    }

    default void vpsrad(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsrad", P66 | M0F | 0xE2 | MEM16, d, a, b);
    }

    default void vpsllw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsllw", P66 | M0F | 0xF1 | MEM16, d, a, b);
    }

    default void vpslld(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpslld", P66 | M0F | 0xF2 | MEM16, d, a, b);
    }

    default void vpsllq(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsllq", P66 | M0F | 0xF3 | EVEX_W1 | MEM16, d, a, b);
    }

    default void vpsllvd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsllvd", P66 | M0F38 | 0x47 | FULL32, d, a, b);
    }

    default void vpsrlvd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsrlvd", P66 | M0F38 | 0x45 | FULL32, d, a, b);
    }

    default void vpsravd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsravd", P66 | M0F38 | 0x46 | FULL32, d, a, b);
    }

    default void vpsllvq(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsllvq", P66 | M0F38 | 0x47 | W1 | FULL64, d, a, b);
    }

    default void vpsrlvq(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsrlvq", P66 | M0F38 | 0x45 | W1 | FULL64, d, a, b);
    }

    default void vpsllvw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsllvw", P66 | M0F38 | 0x12 | W1 | FULLMEM | ONLY_EVEX, d, a, b);
    }

    default void vpsrlvw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsrlvw", P66 | M0F38 | 0x10 | W1 | FULLMEM | ONLY_EVEX, d, a, b);
    }

    default void vpsravw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsravw", P66 | M0F38 | 0x11 | W1 | FULLMEM | ONLY_EVEX, d, a, b);
    }

    default void vpmultishiftqb(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpmultishiftqb", P66 | M0F38 | 0x83 | W1 | FULL64 | ONLY_EVEX, d, a, b);
    }
}
