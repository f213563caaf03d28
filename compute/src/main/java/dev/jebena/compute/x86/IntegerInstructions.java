package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Spec.EVEX_W1;
import static dev.jebena.compute.x86.Spec.FULL32;
import static dev.jebena.compute.x86.Spec.FULL64;
import static dev.jebena.compute.x86.Spec.FULLMEM;
import static dev.jebena.compute.x86.Spec.M0F;
import static dev.jebena.compute.x86.Spec.M0F38;
import static dev.jebena.compute.x86.Spec.ONLY_VEX;
import static dev.jebena.compute.x86.Spec.P66;
import static dev.jebena.compute.x86.Spec.RATHER_EVEX;

/// Arithmetic of integers, the dot products of VNNI among it.
public sealed interface IntegerInstructions extends Instructions permits Assembler {
    default void vpaddb(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpaddb", P66 | M0F | 0xFC | FULLMEM, d, a, b);
    }

    default void vpaddw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpaddw", P66 | M0F | 0xFD | FULLMEM, d, a, b);
    }

    default void vpaddd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpaddd", P66 | M0F | 0xFE | FULL32, d, a, b);
    }

    default void vpaddq(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpaddq", P66 | M0F | 0xD4 | EVEX_W1 | FULL64, d, a, b);
    }

    default void vpaddsw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpaddsw", P66 | M0F | 0xED | FULLMEM, d, a, b);
    }

    default void vpsubb(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsubb", P66 | M0F | 0xF8 | FULLMEM, d, a, b);
    }

    default void vpsubw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsubw", P66 | M0F | 0xF9 | FULLMEM, d, a, b);
    }

    default void vpsubd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsubd", P66 | M0F | 0xFA | FULL32, d, a, b);
    }

    default void vpsubq(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsubq", P66 | M0F | 0xFB | EVEX_W1 | FULL64, d, a, b);
    }

    default void vpmulld(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpmulld", P66 | M0F38 | 0x40 | FULL32, d, a, b);
    }

    default void vpmullw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpmullw", P66 | M0F | 0xD5 | FULLMEM, d, a, b);
    }

    default void vpmulhw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpmulhw", P66 | M0F | 0xE5 | FULLMEM, d, a, b);
    }

    default void vpmulhuw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpmulhuw", P66 | M0F | 0xE4 | FULLMEM, d, a, b);
    }

    default void vpmulhrsw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpmulhrsw", P66 | M0F38 | 0x0B | FULLMEM, d, a, b);
    }

    default void vpmuludq(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpmuludq", P66 | M0F | 0xF4 | EVEX_W1 | FULL64, d, a, b);
    }

    default void vpmaddwd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpmaddwd", P66 | M0F | 0xF5 | FULLMEM, d, a, b);
    }

    default void vpmaddubsw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpmaddubsw", P66 | M0F38 | 0x04 | FULLMEM, d, a, b);
    }

    default void vpdpbusd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpdpbusd", P66 | M0F38 | 0x50 | FULL32 | RATHER_EVEX, d, a, b);
    }

    default void vpdpbusds(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpdpbusds", P66 | M0F38 | 0x51 | FULL32 | RATHER_EVEX, d, a, b);
    }

    default void vpdpwssd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpdpwssd", P66 | M0F38 | 0x52 | FULL32 | RATHER_EVEX, d, a, b);
    }

    default void vpdpwssds(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpdpwssds", P66 | M0F38 | 0x53 | FULL32 | RATHER_EVEX, d, a, b);
    }

    default void vpsadbw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsadbw", P66 | M0F | 0xF6 | FULLMEM, d, a, b);
    }

    default void vpsignb(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsignb", P66 | M0F38 | 0x08 | FULLMEM | ONLY_VEX, d, a, b);
    }

    default void vpsignw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsignw", P66 | M0F38 | 0x09 | FULLMEM | ONLY_VEX, d, a, b);
    }

    default void vpsignd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpsignd", P66 | M0F38 | 0x0A | FULLMEM | ONLY_VEX, d, a, b);
    }

    default void vpabsb(VectorRegister d, VectorOperand s) {
        emit("vpabsb", P66 | M0F38 | 0x1C | FULLMEM, d, s);
    }

    default void vpabsw(VectorRegister d, VectorOperand s) {
        emit("vpabsw", P66 | M0F38 | 0x1D | FULLMEM, d, s);
    }

    default void vpabsd(VectorRegister d, VectorOperand s) {
        emit("vpabsd", P66 | M0F38 | 0x1E | FULL32, d, s);
    }

    default void vpminsb(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpminsb", P66 | M0F38 | 0x38 | FULLMEM, d, a, b);
    }

    default void vpminsw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpminsw", P66 | M0F | 0xEA | FULLMEM, d, a, b);
    }

    default void vpminsd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpminsd", P66 | M0F38 | 0x39 | FULL32, d, a, b);
    }

    default void vpminub(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpminub", P66 | M0F | 0xDA | FULLMEM, d, a, b);
    }

    default void vpminud(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpminud", P66 | M0F38 | 0x3B | FULL32, d, a, b);
    }

    default void vpmaxsb(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpmaxsb", P66 | M0F38 | 0x3C | FULLMEM, d, a, b);
    }

    default void vpmaxsw(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpmaxsw", P66 | M0F | 0xEE | FULLMEM, d, a, b);
    }

    default void vpmaxsd(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpmaxsd", P66 | M0F38 | 0x3D | FULL32, d, a, b);
    }

    default void vpmaxub(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpmaxub", P66 | M0F | 0xDE | FULLMEM, d, a, b);
    }

    default void vpmaxud(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vpmaxud", P66 | M0F38 | 0x3F | FULL32, d, a, b);
    }
}
