package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.compute.x86.CpuFeatures;
import dev.jebena.compute.x86.TileProductCode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Every implementation gives the bits of chains of fused multiply-adds, and writes nothing else.
class TileProductTest {
    private static List<TileProduct> variants() {
        List<TileProduct> variants = new ArrayList<>(List.of(TileProduct.scalar()));
        CpuFeatures cpu = CpuFeatures.detected();
        if (cpu.avx2()) {
            variants.add(new X86TileProduct(false, TileProductCode.Entry.FLOAT));
        }
        if (cpu.avx512()) {
            variants.add(new X86TileProduct(true, TileProductCode.Entry.FLOAT));
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
                    check(product, rows, k, 1, rows, random);
                    check(product, rows, k, k + 3, 1, random);
                    check(product, rows, k, 2, 2 * rows + 1, random);
                }
            }
        }
    }

    /// @param aRow numbers from one row of a to the next
    /// @param aStep numbers from one k to the next
    private static void check(
            TileProduct product, int rows, int k, int aRow, int aStep, Random random) {
        int columns = product.columns();
        int stride = columns + 5;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = numbers(arena, rows * aRow + k * aStep, random);
            MemorySegment b = numbers(arena, k * columns, random);
            MemorySegment c = numbers(arena, rows * stride, random);
            float[] expected = c.toArray(JAVA_FLOAT);
            boolean adds = random.nextBoolean();
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    if (!adds) {
                        expected[i * stride + j] = 0;
                    }
                    for (int n = 0; n < k; n++) {
                        float left = a.getAtIndex(JAVA_FLOAT, (long) n * aStep + (long) i * aRow);
                        float right = b.getAtIndex(JAVA_FLOAT, (long) n * columns + j);
                        int at = i * stride + j;
                        expected[at] = Math.fma(left, right, expected[at]);
                    }
                }
            }
            product.multiply(adds, rows, k, a, 0, 4L * aRow, 4L * aStep, b, 0, c, 0, 4L * stride);
            assertThat(c.toArray(JAVA_FLOAT))
                    .as("%s, %d rows, k %d", product.getClass().getSimpleName(), rows, k)
                    .isEqualTo(expected);
        }
    }

    @Test
    void aColumnIsItsTiles() {
        Random random = new Random(6);
        for (TileProduct product : variants()) {
            columns(product, random, TileProductTest::numbers);
        }
        if (TileProduct.pairs() != null) {
            columns(TileProduct.pairs(), random, TileProductTest::pairs);
        }
        if (TileProduct.quads() != null) {
            columns(TileProduct.quads(), random, TileProductTest::pairs);
        }
    }

    private static void columns(TileProduct product, Random random, Source source) {
        for (int rows = 1; rows <= product.rows(); rows++) {
            for (int groups : new int[] {1, 2, 7}) {
                for (int k : new int[] {0, 1, 6, 40}) {
                    try (Arena arena = Arena.ofConfined()) {
                        column(product, rows, groups, k, random, source, arena);
                    }
                }
            }
        }
    }

    private static void column(
            TileProduct product,
            int rows,
            int groups,
            int k,
            Random random,
            Source source,
            Arena arena) {
        int columns = product.columns();
        long stride = 4L * (columns + 3);
        boolean packed = random.nextBoolean();
        boolean adds = random.nextBoolean();
        long row = packed ? 4 : 4L * (k + 2);
        long step = packed ? 4L * rows : 4;
        long group = packed ? step * k : rows * row;
        MemorySegment a = source.numbers(arena, rows * groups * (k + 2), random);
        MemorySegment b = source.numbers(arena, k * columns, random);
        MemorySegment c = numbers(arena, rows * groups * (columns + 3), random);
        MemorySegment d = arena.allocate(c.byteSize(), 64).copyFrom(c);
        MemorySegment e = arena.allocate(c.byteSize(), 64).copyFrom(c);
        for (int g = 0; g < groups; g++) {
            int first = g * rows;
            long to = first * stride;
            product.multiply(adds, rows, k, a, g * group, row, step, b, 0, d, to, stride);
        }
        TileProduct.Left left = new TileProduct.Left(a, 0, row, step, group);
        Panels.Place panel = new Panels.Place(b, 0);
        TileProduct.Rows target = new TileProduct.Rows(c, 0, stride);
        product.column(adds, rows, groups, k, left, panel, target, null);
        String what = "%s, %d x %d rows, k %d".formatted(product, groups, rows, k);
        assertThat(c.toArray(JAVA_INT)).as(what).isEqualTo(d.toArray(JAVA_INT));
        MemorySegment brain = arena.allocate(c.byteSize(), 64).fill((byte) 7);
        target = new TileProduct.Rows(e, 0, stride);
        product.column(
                adds,
                rows,
                groups,
                k,
                left,
                panel,
                target,
                new TileProduct.Rows(brain, 2, stride / 2));
        for (int i = 0; i < rows * groups; i++) {
            for (int j = 0;
                    j < columns + 3 && 2 + i * stride / 2 + 2L * j < brain.byteSize();
                    j++) {
                float value = d.get(JAVA_FLOAT, i * stride + 4L * j);
                short found = brain.get(JAVA_SHORT, 2 + i * stride / 2 + 2L * j);
                assertThat(found)
                        .as("%s, %s at %d, %d", what, value, i, j)
                        .isEqualTo(j < columns ? FloatFunctions.brain(value) : 0x0707);
            }
        }
    }

    /// The reference is what the CPU does, of all bit patterns but NaN's.
    @Test
    void pairsAreAddedAsTheReferenceSays() {
        assumeTrue(TileProduct.pairs() != null, "this CPU has no products of bfloat16");
        TileProduct product = Objects.requireNonNull(TileProduct.pairs());
        compare(product, ScalarTileProduct.PAIRS, TileProductTest::pairs);
    }

    @Test
    void quadsAreExact() {
        assumeTrue(TileProduct.quads() != null, "this CPU has no products of 8-bit integers");
        TileProduct product = Objects.requireNonNull(TileProduct.quads());
        compare(
                product,
                ScalarTileProduct.QUADS,
                (arena, count, random) -> {
                    MemorySegment memory = arena.allocate(4L * count, 64);
                    for (int i = 0; i < count; i++) {
                        memory.setAtIndex(JAVA_INT, i, random.nextInt());
                    }
                    return memory;
                });
    }

    /// Makes numbers of four bytes.
    private interface Source {
        MemorySegment numbers(Arena arena, int count, Random random);
    }

    private static void compare(TileProduct product, TileProduct reference, Source source) {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            int rows = 1 + round % 12;
            int k = 1 + random.nextInt(40);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment a = source.numbers(arena, k * rows, random);
                MemorySegment b = source.numbers(arena, k * 32, random);
                MemorySegment c = numbers(arena, rows * 32, random);
                MemorySegment d = arena.allocate(c.byteSize(), 64).copyFrom(c);
                boolean adds = random.nextBoolean();
                product.multiply(adds, rows, k, a, 0, 4, 4L * rows, b, 0, c, 0, 128);
                for (int half = 0; half < 2; half++) {
                    MemorySegment columns = arena.allocate(64L * k, 64);
                    for (int n = 0; n < k; n++) {
                        MemorySegment.copy(b, 128L * n + 64L * half, columns, 64L * n, 64);
                    }
                    for (int row = 0; row < rows; row += 4) {
                        int some = Math.min(4, rows - row);
                        long to = 128L * row + 64L * half;
                        reference.multiply(
                                adds, some, k, a, 4L * row, 4, 4L * rows, columns, 0, d, to, 128);
                    }
                }
                assertThat(c.toArray(JAVA_INT)).as("k %d", k).isEqualTo(d.toArray(JAVA_INT));
            }
        }
    }

    /// Finite bfloat16 numbers, small ones among them.
    private static MemorySegment pairs(Arena arena, int count, Random random) {
        MemorySegment memory = arena.allocate(4L * count, 64);
        for (int i = 0; i < 2 * count; i++) {
            float value = (float) (random.nextGaussian() * (random.nextInt(8) == 0 ? 1e-38 : 1));
            memory.setAtIndex(JAVA_SHORT, i, FloatFunctions.brain(value));
        }
        return memory;
    }

    private static MemorySegment numbers(Arena arena, int count, Random random) {
        MemorySegment memory = arena.allocate(4L * Math.max(count, 16), 64);
        for (int i = 0; i < memory.byteSize() / 4; i++) {
            memory.setAtIndex(JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return memory;
    }
}
