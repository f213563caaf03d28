package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.compute.LoopCode.Input;
import dev.jebena.compute.LoopCode.Operation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Generated loops give the bits of the readable reference, for whole vectors and for the rest.
class LoopCodeTest {
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
        Float.MIN_NORMAL,
        88.7f,
        -103.9f,
        1e30f,
        -1e30f,
        10.2f
    };

    private static MemorySegment numbers(Arena arena, int n, long seed) {
        Random random = new Random(seed);
        MemorySegment x = arena.allocate(4L * Math.max(1, n), 64);
        for (int i = 0; i < n; i++) {
            float value =
                    random.nextInt(4) == 0
                            ? SPECIAL[random.nextInt(SPECIAL.length)]
                            : (float) (random.nextGaussian() * 4);
            x.setAtIndex(JAVA_FLOAT, i, value);
        }
        return x;
    }

    @Test
    void functionsHaveTheBitsOfTheReference() {
        try (Arena arena = Arena.ofConfined()) {
            for (FloatArrays.Function function : FloatArrays.Function.values()) {
                var builder = new LoopCode.Builder(LoopCode.Type.FLOAT, List.of(Input.NUMBERS));
                builder.output(builder.function(function, 0));
                NumberLoop loop = builder.build().compile();
                for (int n : new int[] {0, 1, 15, 16, 17, 1000}) {
                    MemorySegment x = numbers(arena, n, n);
                    MemorySegment y = arena.allocate(4L * Math.max(1, n), 64);
                    loop.run(new long[] {x.address(), y.address()}, n);
                    for (int i = 0; i < n; i++) {
                        float of = x.getAtIndex(JAVA_FLOAT, i);
                        assertThat(Float.floatToIntBits(y.getAtIndex(JAVA_FLOAT, i)))
                                .as("%s(%s), element %d of %d", function, of, i, n)
                                .isEqualTo(
                                        Float.floatToIntBits(FloatFunctions.apply(function, of)));
                    }
                }
            }
        }
    }

    @Test
    void masksAndOneNumberForAll() {
        try (Arena arena = Arena.ofConfined()) {
            var builder =
                    new LoopCode.Builder(
                            LoopCode.Type.FLOAT,
                            List.of(Input.NUMBERS, Input.NUMBER, Input.BOOLEANS));
            int larger = builder.step(Operation.GT, 0, 1);
            int both = builder.step(Operation.AND, larger, 2);
            int odd = builder.step(Operation.XOR, larger, builder.step(Operation.NOT, 2));
            builder.output(both);
            builder.output(odd);
            builder.output(builder.step(Operation.CHOOSE, both, 0, 1));
            NumberLoop loop = builder.build().compile();
            int n = 37;
            MemorySegment x = numbers(arena, n, 5);
            MemorySegment one = numbers(arena, 1, 1);
            one.setAtIndex(JAVA_FLOAT, 0, 0.5f);
            MemorySegment flags = arena.allocate(n);
            MemorySegment first = arena.allocate(n);
            MemorySegment second = arena.allocate(n);
            MemorySegment chosen = arena.allocate(4L * n, 64);
            for (int i = 0; i < n; i++) {
                flags.set(JAVA_BYTE, i, (byte) (i % 3 == 0 ? 1 : 0));
            }
            loop.run(
                    new long[] {
                        x.address(),
                        one.address(),
                        flags.address(),
                        first.address(),
                        second.address(),
                        chosen.address()
                    },
                    n);
            for (int i = 0; i < n; i++) {
                float value = x.getAtIndex(JAVA_FLOAT, i);
                boolean flag = i % 3 == 0;
                boolean and = value > 0.5f && flag;
                assertThat(first.get(JAVA_BYTE, i)).isEqualTo((byte) (and ? 1 : 0));
                assertThat(second.get(JAVA_BYTE, i))
                        .isEqualTo((byte) (value > 0.5f ^ !flag ? 1 : 0));
                assertThat(chosen.getAtIndex(JAVA_FLOAT, i)).isEqualTo(and ? value : 0.5f);
            }
        }
    }

    @Test
    void callsAndFloat64() {
        try (Arena arena = Arena.ofConfined()) {
            var builder = new LoopCode.Builder(LoopCode.Type.DOUBLE, List.of(Input.NUMBERS));
            int sine = builder.call(Math::sin, 0);
            builder.output(builder.step(Operation.MUL, sine, builder.call(Math::pow, 0, sine)));
            NumberLoop loop = builder.build().compile();
            MemorySegment x = arena.allocate(8 * 20, 64);
            MemorySegment y = arena.allocate(8 * 20, 64);
            for (int i = 0; i < 20; i++) {
                x.setAtIndex(JAVA_DOUBLE, i, i / 7.0);
            }
            loop.run(new long[] {x.address(), y.address()}, 20);
            for (int i = 0; i < 20; i++) {
                double sin = Math.sin(i / 7.0);
                assertThat(y.getAtIndex(JAVA_DOUBLE, i)).isEqualTo(sin * Math.pow(i / 7.0, sin));
            }
        }
    }

    @Test
    void vectorsOfFloat64() {
        try (Arena arena = Arena.ofConfined()) {
            var builder =
                    new LoopCode.Builder(
                            LoopCode.Type.DOUBLE, List.of(Input.NUMBERS, Input.NUMBER));
            int root = builder.step(Operation.SQRT, builder.step(Operation.ABS, 0));
            int less = builder.step(Operation.LT, 0, 1);
            int fused = builder.step(Operation.FMA, 0, root, builder.constant(0.1));
            builder.output(builder.step(Operation.CHOOSE, less, fused, root));
            NumberLoop loop = builder.build().compile();
            int n = 37;
            MemorySegment x = arena.allocate(8L * n, 64);
            MemorySegment y = arena.allocate(8L * n, 64);
            MemorySegment one = arena.allocate(8, 64);
            one.set(JAVA_DOUBLE, 0, 0.5);
            for (int i = 0; i < n; i++) {
                x.setAtIndex(JAVA_DOUBLE, i, (i - 18) / 7.0);
            }
            loop.run(new long[] {x.address(), one.address(), y.address()}, n);
            for (int i = 0; i < n; i++) {
                double of = (i - 18) / 7.0;
                double root64 = Math.sqrt(Math.abs(of));
                assertThat(y.getAtIndex(JAVA_DOUBLE, i))
                        .isEqualTo(of < 0.5 ? Math.fma(of, root64, 0.1) : root64);
            }
        }
    }
}
