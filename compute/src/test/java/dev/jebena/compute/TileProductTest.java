package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.compute.x86.CpuFeatures;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Every implementation gives the bits of chains of fused multiply-adds, and writes nothing else.
class TileProductTest {
    private static List<TileProduct> variants() {
        List<TileProduct> variants = new ArrayList<>(List.of(TileProduct.scalar()));
        CpuFeatures cpu = CpuFeatures.detected();
        if (cpu.avx2()) {
            variants.add(new X86TileProduct(false));
        }
        if (cpu.avx512()) {
            variants.add(new X86TileProduct(true));
        }
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            variants.add(VectorTileProduct.INSTANCE);
        }
        return variants;
    }

    @Test
    void sumsAreChainsInTheOrderOfK() {
        Random random = new Random(4);
        for (TileProduct product : variants()) {
            for (int rows = 1; rows <= product.rows(); rows++) {
                for (int k : new int[] {0, 1, 2, 3, 4, 5, 31, 256}) {
                    check(product, rows, k, random);
                }
            }
        }
    }

    private static void check(TileProduct product, int rows, int k, Random random) {
        int columns = product.columns();
        int stride = columns + 5;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = numbers(arena, k * rows, random);
            MemorySegment b = numbers(arena, k * columns, random);
            MemorySegment c = numbers(arena, rows * stride, random);
            float[] expected = c.toArray(JAVA_FLOAT);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    for (int n = 0; n < k; n++) {
                        float left = a.getAtIndex(JAVA_FLOAT, (long) n * rows + i);
                        float right = b.getAtIndex(JAVA_FLOAT, (long) n * columns + j);
                        int at = i * stride + j;
                        expected[at] = Math.fma(left, right, expected[at]);
                    }
                }
            }
            product.add(rows, k, a, 0, b, 0, c, 0, 4L * stride);
            assertThat(c.toArray(JAVA_FLOAT))
                    .as("%s, %d rows, k %d", product.getClass().getSimpleName(), rows, k)
                    .isEqualTo(expected);
        }
    }

    private static MemorySegment numbers(Arena arena, int count, Random random) {
        MemorySegment memory = arena.allocate(4L * Math.max(count, 16), 64);
        for (int i = 0; i < memory.byteSize() / 4; i++) {
            memory.setAtIndex(JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return memory;
    }
}
