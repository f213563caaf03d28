package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Spec.FULL32;
import static dev.jebena.compute.x86.Spec.FULLMEM;
import static dev.jebena.compute.x86.Spec.M0F;
import static dev.jebena.compute.x86.Spec.M0F38;
import static dev.jebena.compute.x86.Spec.M0F3A;
import static dev.jebena.compute.x86.Spec.MEM4;
import static dev.jebena.compute.x86.Spec.NP;
import static dev.jebena.compute.x86.Spec.ONLY_EVEX;
import static dev.jebena.compute.x86.Spec.ONLY_VEX;
import static dev.jebena.compute.x86.Spec.P66;
import static dev.jebena.compute.x86.Spec.PF2;
import static dev.jebena.compute.x86.Spec.PF3;

/// Arithmetic of 32-bit floats: vectors (`ps`) and single numbers (`ss`), bfloat16 dot products.
public sealed interface FloatInstructions extends Instructions permits Assembler {
    default void vaddps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vaddps", NP | M0F | 0x58 | FULL32, d, a, b);
    }

    default void vmulps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vmulps", NP | M0F | 0x59 | FULL32, d, a, b);
    }

    default void vsubps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vsubps", NP | M0F | 0x5C | FULL32, d, a, b);
    }

    default void vminps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vminps", NP | M0F | 0x5D | FULL32, d, a, b);
    }

    default void vdivps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vdivps", NP | M0F | 0x5E | FULL32, d, a, b);
    }

    default void vmaxps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vmaxps", NP | M0F | 0x5F | FULL32, d, a, b);
    }

    default void vsqrtps(VectorRegister d, VectorOperand s) {
        emit("vsqrtps", NP | M0F | 0x51 | FULL32, d, s);
    }

    default void vandps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vandps", NP | M0F | 0x54 | FULL32, d, a, b);
    }

    default void vandnps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vandnps", NP | M0F | 0x55 | FULL32, d, a, b);
    }

    default void vorps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vorps", NP | M0F | 0x56 | FULL32, d, a, b);
    }

    default void vxorps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vxorps", NP | M0F | 0x57 | FULL32, d, a, b);
    }

    default void vfmadd132ps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vfmadd132ps", P66 | M0F38 | 0x98 | FULL32, d, a, b);
    }

    default void vfmadd213ps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vfmadd213ps", P66 | M0F38 | 0xA8 | FULL32, d, a, b);
    }

    default void vfmadd231ps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vfmadd231ps", P66 | M0F38 | 0xB8 | FULL32, d, a, b);
    }

    default void vfmsub132ps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vfmsub132ps", P66 | M0F38 | 0x9A | FULL32, d, a, b);
    }

    default void vfmsub213ps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vfmsub213ps", P66 | M0F38 | 0xAA | FULL32, d, a, b);
    }

    default void vfmsub231ps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vfmsub231ps", P66 | M0F38 | 0xBA | FULL32, d, a, b);
    }

    default void vfnmadd132ps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vfnmadd132ps", P66 | M0F38 | 0x9C | FULL32, d, a, b);
    }

    default void vfnmadd213ps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vfnmadd213ps", P66 | M0F38 | 0xAC | FULL32, d, a, b);
    }

    default void vfnmadd231ps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vfnmadd231ps", P66 | M0F38 | 0xBC | FULL32, d, a, b);
    }

    default void vdpbf16ps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vdpbf16ps", PF3 | M0F38 | 0x52 | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vroundps(VectorRegister d, VectorOperand s, int immediate) {
        emit("vroundps", P66 | M0F3A | 0x08 | FULLMEM | ONLY_VEX, d, s, immediate);
    }

    default void vrndscaleps(VectorRegister d, VectorOperand s, int immediate) {
        emit("vrndscaleps", P66 | M0F3A | 0x08 | FULL32 | ONLY_EVEX, d, s, immediate);
    }

    default void vreduceps(VectorRegister d, VectorOperand s, int immediate) {
        emit("vreduceps", P66 | M0F3A | 0x56 | FULL32 | ONLY_EVEX, d, s, immediate);
    }

    default void vscalefps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vscalefps", P66 | M0F38 | 0x2C | FULL32 | ONLY_EVEX, d, a, b);
    }

    default void vgetexpps(VectorRegister d, VectorOperand s) {
        emit("vgetexpps", P66 | M0F38 | 0x42 | FULL32 | ONLY_EVEX, d, s);
    }

    default void vgetmantps(VectorRegister d, VectorOperand s, int immediate) {
        emit("vgetmantps", P66 | M0F3A | 0x26 | FULL32 | ONLY_EVEX, d, s, immediate);
    }

    default void vrcp14ps(VectorRegister d, VectorOperand s) {
        emit("vrcp14ps", P66 | M0F38 | 0x4C | FULL32 | ONLY_EVEX, d, s);
    }

    default void vrsqrt14ps(VectorRegister d, VectorOperand s) {
        emit("vrsqrt14ps", P66 | M0F38 | 0x4E | FULL32 | ONLY_EVEX, d, s);
    }

    default void vrcpps(VectorRegister d, VectorOperand s) {
        emit("vrcpps", NP | M0F | 0x53 | FULLMEM | ONLY_VEX, d, s);
    }

    default void vrsqrtps(VectorRegister d, VectorOperand s) {
        emit("vrsqrtps", NP | M0F | 0x52 | FULLMEM | ONLY_VEX, d, s);
    }

    default void vhaddps(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vhaddps", PF2 | M0F | 0x7C | FULLMEM | ONLY_VEX, d, a, b);
    }

    default void vaddss(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vaddss", PF3 | M0F | 0x58 | MEM4, d, a, b);
    }

    default void vmulss(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vmulss", PF3 | M0F | 0x59 | MEM4, d, a, b);
    }

    default void vsubss(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vsubss", PF3 | M0F | 0x5C | MEM4, d, a, b);
    }

    default void vminss(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vminss", PF3 | M0F | 0x5D | MEM4, d, a, b);
    }

    default void vdivss(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vdivss", PF3 | M0F | 0x5E | MEM4, d, a, b);
    }

    default void vmaxss(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vmaxss", PF3 | M0F | 0x5F | MEM4, d, a, b);
    }

    default void vsqrtss(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vsqrtss", PF3 | M0F | 0x51 | MEM4, d, a, b);
    }

    default void vfmadd132ss(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vfmadd132ss", P66 | M0F38 | 0x99 | MEM4, d, a, b);
    }

    default void vfmadd213ss(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vfmadd213ss", P66 | M0F38 | 0xA9 | MEM4, d, a, b);
    }

    default void vfmadd231ss(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vfmadd231ss", P66 | M0F38 | 0xB9 | MEM4, d, a, b);
    }

    default void vfnmadd231ss(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vfnmadd231ss", P66 | M0F38 | 0xBD | MEM4, d, a, b);
    }

    default void vcomiss(VectorRegister d, VectorOperand s) {
        emit("vcomiss", NP | M0F | 0x2F | MEM4, d, s);
    }

    default void vroundss(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vroundss", P66 | M0F3A | 0x0A | MEM4 | ONLY_VEX, d, a, b, immediate);
    }

    default void vrndscaless(VectorRegister d, VectorRegister a, VectorOperand b, int immediate) {
        emit("vrndscaless", P66 | M0F3A | 0x0A | MEM4 | ONLY_EVEX, d, a, b, immediate);
    }

    default void vscalefss(VectorRegister d, VectorRegister a, VectorOperand b) {
        emit("vscalefss", P66 | M0F38 | 0x2D | MEM4 | ONLY_EVEX, d, a, b);
    }
}
