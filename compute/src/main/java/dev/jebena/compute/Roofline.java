package dev.jebena.compute;

import dev.jebena.compute.x86.CpuFeatures;
import dev.jebena.compute.x86.RooflineKernels;
import dev.jebena.compute.x86.Routine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.DoubleSupplier;

/// What this machine can do at most, measured: the two roofs of Williams, Waterman and Patterson
/// ("Roofline", CACM 52(4), 2009). Decoding one sequence stands under the memory's, reading a
/// prompt under the arithmetic's.
///
/// @param threads that were measured together
/// @param bytesPerSecond read from memory in order
/// @param multiplyAddsPerSecond as `products` says; 0 where no code can be assembled
/// @param products what is multiplied: `int8` or `float32`
public record Roofline(
        int threads, double bytesPerSecond, double multiplyAddsPerSecond, String products) {
    /// More than any last-level cache that a few cores share.
    private static final long BYTES = 512L << 20;

    private static final long PIECE = 1 << 20;
    private static final int ROUNDS = 1 << 20;
    private static final int REPEATS = 5;

    /// Measures for about a second with all of `workers`.
    public static Roofline measure(Workers workers) {
        CpuFeatures features = CpuFeatures.detected();
        boolean assembled = features.avx2();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = LargeMemory.allocate(arena, BYTES);
            // Memory that was never written is one page of zeros for the system.
            memory.fill((byte) 1);
            Reader reader =
                    assembled
                            ? reader(Routine.install(RooflineKernels.read(features.avx512())))
                            : Native::touch;
            double bytes = best(() -> bytesPerSecond(workers, memory, reader));
            if (!assembled) {
                return new Roofline(workers.count(), bytes, 0, "float32");
            }
            Routine code = Routine.install(RooflineKernels.multiplyAdd(features));
            long products = RooflineKernels.roundProducts(features);
            double rate = best(() -> products * roundsPerSecond(workers, code));
            String kind = RooflineKernels.hasDots(features) ? "int8" : "float32";
            return new Roofline(workers.count(), bytes, rate, kind);
        }
    }

    /// Reads a range of memory and returns something of it.
    private interface Reader {
        int read(long address, long bytes);
    }

    private static Reader reader(Routine code) {
        return (address, bytes) ->
                (int) code.call(address, bytes / RooflineKernels.roundBytes(), 0, 0, 0, 0);
    }

    private static double bytesPerSecond(Workers workers, MemorySegment memory, Reader reader) {
        int[] seen = new int[workers.count()];
        long start = Native.address(memory);
        double seconds =
                seconds(() ->
                        workers.run(
                                (int) (BYTES / PIECE),
                                (tile, worker) ->
                                        seen[worker] += reader.read(start + tile * PIECE, PIECE)));
        return BYTES / seconds;
    }

    private static double roundsPerSecond(Workers workers, Routine code) {
        int tiles = workers.count() * 8;
        double seconds =
                seconds(() ->
                        workers.run(tiles, (tile, worker) -> code.call(ROUNDS / 8, 0, 0, 0, 0, 0)));
        return ROUNDS / 8.0 * tiles / seconds;
    }

    private static double seconds(Runnable work) {
        long began = System.nanoTime();
        work.run();
        return (System.nanoTime() - began) / 1e9;
    }

    private static double best(DoubleSupplier measurement) {
        double best = 0;
        for (int i = 0; i < REPEATS; i++) {
            best = Math.max(best, measurement.getAsDouble());
        }
        return best;
    }
}
