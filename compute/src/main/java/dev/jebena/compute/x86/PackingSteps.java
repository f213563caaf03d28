package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Steps of [TilePacking] that AVX-512 does in one instruction and AVX2 in several.
final class PackingSteps {
    private static final int SELECT = 0xCA; // a ? b : c, bit by bit
    private static final int AND_OF_XOR = 0x28; // (a ^ b) & c
    private static final int OR_OF_AND = 0xF8; // a | (b & c)

    private final Assembler a;
    private final VectorRegister extra;
    private final Map<Integer, Memory> constants = new HashMap<>();

    /// @param extra a register that each step may use, unless it is an argument
    PackingSteps(Assembler a, VectorRegister extra) {
        this.a = a;
        this.extra = extra;
    }

    /// A vector that repeats `value`.
    private Memory constant(int value) {
        return constants.computeIfAbsent(
                value,
                key -> {
                    int[] values = new int[a.vectorBytes() / 4];
                    Arrays.fill(values, key);
                    return a.constants(values);
                });
    }

    void and(VectorRegister to, VectorRegister from, int mask) {
        a.vpand(to, from, constant(mask));
    }

    /// `to = mask ? x : y`, bit by bit; `y` is lost.
    void select(VectorRegister to, int mask, VectorRegister x, VectorRegister y) {
        a.vmovdqu(to, constant(mask));
        if (a.hasAvx512()) {
            a.vpternlogd(to, x, y, SELECT);
        } else {
            a.vpandn(y, to, y);
            a.vpand(to, to, x);
            a.vpor(to, to, y);
        }
    }

    /// `to |= from & mask`; `from` is lost.
    void orBits(VectorRegister to, VectorRegister from, int mask) {
        if (a.hasAvx512()) {
            a.vpternlogd(to, from, constant(mask), OR_OF_AND);
        } else {
            a.vpand(from, from, constant(mask));
            a.vpor(to, to, from);
        }
    }

    /// Exchanges the bits in `low` of each 32-bit number with those `distance` places above.
    void swap(VectorRegister numbers, VectorRegister t, int distance, int low) {
        a.vpsrld(t, numbers, distance);
        if (a.hasAvx512()) {
            a.vpternlogd(t, numbers, constant(low), AND_OF_XOR);
        } else {
            a.vpxor(t, t, numbers);
            a.vpand(t, t, constant(low));
        }
        a.vpxor(numbers, numbers, t);
        a.vpslld(t, t, distance);
        a.vpxor(numbers, numbers, t);
    }

    /// Four bytes at `base + offset` and each of the distances in `offsets`.
    void gather(VectorRegister to, Gpr base, VectorRegister offsets, int offset) {
        Memory from = mem(base, offsets, 1, offset);
        if (a.hasAvx512()) {
            MaskRegister all = MaskRegister.k(1);
            a.kxnorw(all, all, all);
            a.vpgatherdd(to.masked(all), from);
        } else {
            a.vpcmpeqd(extra, extra, extra);
            a.vpgatherdd(to, from, extra);
        }
    }

    /// Stores the lower 16 bits of each 32-bit number.
    void storeWords(Memory to, VectorRegister numbers) {
        if (a.hasAvx512()) {
            a.vpmovdw(to, numbers);
            return;
        }
        lowest(numbers, 0x05040100, 0x0D0C0908, -1, -1);
        a.vpermq(extra, extra, 0b00_00_10_00);
        a.vmovdqu(to, extra.xmm());
    }

    /// Stores the lowest byte of each 32-bit number.
    void storeBytes(Memory to, VectorRegister numbers) {
        if (a.hasAvx512()) {
            a.vpmovdb(to, numbers);
            return;
        }
        lowest(numbers, 0x0C080400, -1, -1, -1);
        a.vpermq(extra, extra, 0b00_00_10_00);
        a.vpshufd(extra.xmm(), extra.xmm(), 0b00_00_10_00);
        a.vmovq(to, extra.xmm());
    }

    /// Moves bytes within each 16 of `numbers` to `extra`, in the order of the bytes given.
    private void lowest(VectorRegister numbers, int... order) {
        int[] both = Arrays.copyOf(order, 8);
        System.arraycopy(order, 0, both, 4, 4);
        a.vpshufb(extra, numbers, a.constants(both));
    }
}
