package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Loops that do one thing as fast as the core can: the limits that kernels are compared with.
public final class RooflineKernels {
    private static final int LINE = 64;
    private static final int LINES = 8;

    /// Independent sums; enough to hide the latency of a multiply-add on every known core.
    private static final int SUMS = 12;

    private RooflineKernels() {}

    /// `(from, rounds)`: reads `rounds` times [#roundBytes] bytes in order.
    public static Assembler read(boolean avx512) {
        Assembler a = RowLoop.assembler("read", avx512);
        Gpr[] in = a.arguments(2);
        int width = a.vectorBytes();
        VectorRegister[] sums = new VectorRegister[LINES];
        for (int i = 0; i < LINES; i++) {
            sums[i] = a.vector();
        }
        a.loop(
                in[1],
                () -> {
                    for (int i = 0; i < roundBytes() / width; i++) {
                        VectorRegister sum = sums[i % LINES];
                        a.vpaddd(sum, sum, mem(in[0], i * width));
                    }
                    a.add(in[0], roundBytes());
                });
        a.leave();
        return a;
    }

    public static int roundBytes() {
        return LINES * LINE;
    }

    /// `(rounds)`: does `rounds` times [#roundProducts] multiply-adds of 8-bit integers where the
    /// CPU has VNNI, else of float32.
    public static Assembler multiplyAdd(CpuFeatures features) {
        Assembler a = RowLoop.assembler("multiplyAdd", features.avx512());
        Gpr[] in = a.arguments(1);
        VectorRegister x = a.vector();
        VectorRegister[] sums = new VectorRegister[SUMS];
        a.vpxor(x, x, x);
        for (int i = 0; i < SUMS; i++) {
            sums[i] = a.vector();
            a.vpxor(sums[i], sums[i], sums[i]);
        }
        a.loop(
                in[0],
                () -> {
                    for (VectorRegister sum : sums) {
                        if (hasDots(features)) {
                            a.vpdpbusd(sum, x, x);
                        } else {
                            a.vfmadd231ps(sum, x, x);
                        }
                    }
                });
        a.leave();
        return a;
    }

    public static int roundProducts(CpuFeatures features) {
        int bytes = features.avx512() ? 64 : 32;
        return SUMS * (hasDots(features) ? bytes : bytes / Float.BYTES);
    }

    /// Whether the CPU multiplies 8-bit integers at its full rate.
    public static boolean hasDots(CpuFeatures features) {
        return features.avx512() || features.has(CpuFeatures.Feature.AVXVNNI);
    }
}
