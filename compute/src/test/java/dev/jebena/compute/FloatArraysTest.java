package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// Vector loops give the scalar reference's bits, and the reference is near the functions.
class FloatArraysTest {
    private static final float[] SPECIAL = {
        0f,
        -0f,
        1f,
        -1f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.MIN_NORMAL,
        0.999f,
        10.2f,
        -10.2f,
        15f,
        -15f
    };

    @Test
    void vectorLoopsGiveTheBitsOfTheReference() {
        Random random = new Random(7);
        for (int n : new int[] {0, 1, 15, 16, 17, 33, 64, 384, 1024, 2500, 9000}) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment x = numbers(arena, n, random);
                MemorySegment z = numbers(arena, n, random);
                for (FloatArrays.Function function : FloatArrays.Function.values()) {
                    MemorySegment a = arena.allocate(4L * n + 4, 64);
                    MemorySegment b = arena.allocate(4L * n + 4, 64);
                    FloatArrays.best().apply(function, x, 0, a, 4, n);
                    FloatArrays.scalar().apply(function, x, 0, b, 4, n);
                    same(function + " " + n, a, b);
                }
                for (FloatArrays.Combination c : FloatArrays.Combination.values()) {
                    MemorySegment a = arena.allocate(4L * n + 4, 64);
                    MemorySegment b = arena.allocate(4L * n + 4, 64);
                    FloatArrays.best().combine(c, x, 0, z, 0, a, 4, n);
                    FloatArrays.scalar().combine(c, x, 0, z, 0, b, 4, n);
                    same(c + " " + n, a, b);
                }
                reductions(x, n);
                conversions(arena, x, n);
            }
        }
    }

    private static void conversions(Arena arena, MemorySegment x, int n) {
        MemorySegment a = arena.allocate(4L * n + 8, 64);
        MemorySegment b = arena.allocate(4L * n + 8, 64);
        FloatArrays.best().toBrain(x, 0, a, 2, n);
        FloatArrays.scalar().toBrain(x, 0, b, 2, n);
        same("to bfloat16 " + n, a, b);
        MemorySegment c = arena.allocate(4L * n + 4, 64);
        MemorySegment d = arena.allocate(4L * n + 4, 64);
        FloatArrays.best().fromBrain(a, 2, c, 4, n);
        FloatArrays.scalar().fromBrain(a, 2, d, 4, n);
        same("from bfloat16 " + n, c, d);
        FloatArrays.best().fromInts(x, 0, c, 4, n);
        FloatArrays.scalar().fromInts(x, 0, d, 4, n);
        same("from int32 " + n, c, d);
        MemorySegment scaled = arena.allocate(4L * n, 64);
        FloatArrays.best().scale(x, 0, 0, 77, scaled, 0, n);
        for (MemorySegment numbers : new MemorySegment[] {x, scaled}) {
            FloatArrays.best().toBytes(numbers, 0, a, 1, n);
            FloatArrays.scalar().toBytes(numbers, 0, b, 1, n);
            same("to bytes " + n, a, b);
        }
    }

    private static void reductions(MemorySegment x, int n) {
        FloatArrays best = FloatArrays.best();
        FloatArrays scalar = FloatArrays.scalar();
        int from = Math.min(n, SPECIAL.length);
        long at = 4L * from;
        assertThat(best.sum(x, at, n - from)).isEqualTo(scalar.sum(x, at, n - from));
        assertThat(best.squares(x, at, 0.5f, n - from))
                .isEqualTo(scalar.squares(x, at, 0.5f, n - from));
        assertThat(best.max(x, at, n - from)).isEqualTo(scalar.max(x, at, n - from));
        assertThat(Float.compare(best.max(x, 0, n), scalar.max(x, 0, n))).isZero();
    }

    private static void same(String what, MemorySegment a, MemorySegment b) {
        float[] actual = a.toArray(JAVA_FLOAT);
        float[] expected = b.toArray(JAVA_FLOAT);
        for (int i = 0; i < actual.length; i++) {
            boolean nan = Float.isNaN(actual[i]) && Float.isNaN(expected[i]);
            assertThat(
                            nan
                                    || Float.floatToRawIntBits(actual[i])
                                            == Float.floatToRawIntBits(expected[i]))
                    .as("%s, element %d: %s, reference %s", what, i, actual[i], expected[i])
                    .isTrue();
        }
    }

    private static MemorySegment numbers(Arena arena, int n, Random random) {
        MemorySegment memory = arena.allocate(4L * Math.max(1, n), 64);
        for (int i = 0; i < n; i++) {
            float value =
                    i < SPECIAL.length ? SPECIAL[i] : (float) (random.nextGaussian() * (i % 7));
            memory.setAtIndex(JAVA_FLOAT, i, value);
        }
        return memory;
    }

    @Test
    void functionsAreWithinFourUnitsInTheLastPlace() {
        check(FloatArrays.Function.LOG, Math::log, 1e-30, 1e30);
        check(FloatArrays.Function.EXP, Math::exp, -80, 80);
        check(FloatArrays.Function.TANH, Math::tanh, -12, 12);
        check(FloatArrays.Function.SIGMOID, x -> 1 / (1 + Math.exp(-x)), -80, 80);
    }

    private static void check(
            FloatArrays.Function function, DoubleUnaryOperator exact, double low, double high) {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            double between = low + (high - low) * random.nextDouble();
            double spread =
                    low > 0
                            ? Math.exp(Math.log(low) + Math.log(high / low) * random.nextDouble())
                            : between;
            float x = (float) spread;
            float y = FloatFunctions.apply(function, x);
            double expected = exact.applyAsDouble(x);
            assertThat(Math.abs(y - expected))
                    .as("%s(%s) is %s, not %s", function, x, y, expected)
                    .isLessThanOrEqualTo(4 * Math.ulp((float) expected));
        }
    }

    @Test
    void erfAndGeluAreNearTheSeries() {
        for (float x = -5; x <= 5; x += 0.0137f) {
            double expected = erf(x);
            assertThat(Math.abs(FloatFunctions.erf(x) - expected))
                    .as("erf(%s)", x)
                    .isLessThan(4 * Math.ulp((float) expected));
            double gelu = 0.5 * x * (1 + erf(x * Math.sqrt(0.5)));
            assertThat(Math.abs(FloatFunctions.gelu(x) - gelu))
                    .as("gelu(%s)", x)
                    .isLessThan(0x1p-21 * Math.abs(x) + 1e-12);
        }
    }

    /// `2 / sqrt(pi) exp(-x^2)` times the sum of `2^n x^(2n + 1) / (1 3 5 ... (2n + 1))`.
    private static double erf(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 150; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
