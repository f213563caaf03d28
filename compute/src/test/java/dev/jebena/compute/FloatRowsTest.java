package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jebena.compute.FloatRows.Affine;
import dev.jebena.compute.Panels.Place;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Vector rows give the scalar reference's bits, and the reference is what its formulas say.
class FloatRowsTest {
    private static final int ROWS = 3;

    private final Random random = new Random(11);

    /// What both do to the same memory.
    private interface Work {
        void run(FloatRows rows, Place[] in, Place[] out, int n);
    }

    private Place numbers(Arena arena, int n, double spread) {
        MemorySegment memory = arena.allocate(4L * n + 4, 64);
        for (int i = 0; i < n; i++) {
            memory.set(JAVA_FLOAT_UNALIGNED, 4L * i + 4, (float) (random.nextGaussian() * spread));
        }
        return new Place(memory, 4);
    }

    private static Place copy(Arena arena, Place place) {
        MemorySegment memory = arena.allocate(place.memory().byteSize(), 64);
        memory.copyFrom(place.memory());
        return new Place(memory, place.at());
    }

    private void same(String what, int inputs, Work work) {
        for (int n :
                new int[] {1, 2, 15, 16, 17, 63, 64, 65, 100, 128, 250, 384, 1000, 4096, 9001}) {
            for (double spread : new double[] {1, 30, 1000}) {
                try (Arena arena = Arena.ofConfined()) {
                    Place[] in = new Place[inputs];
                    for (int i = 0; i < inputs; i++) {
                        in[i] = numbers(arena, ROWS * n, spread);
                    }
                    Place[] a = {numbers(arena, ROWS * n, 1), numbers(arena, ROWS, 1)};
                    Place[] b = {copy(arena, a[0]), copy(arena, a[1])};
                    work.run(FloatRows.best(), in, a, n);
                    work.run(FloatRows.scalar(), in, b, n);
                    for (int i = 0; i < a.length; i++) {
                        int count = i == 0 ? ROWS * n : ROWS;
                        for (int k = 0; k < count; k++) {
                            float x = a[i].memory().get(JAVA_FLOAT_UNALIGNED, 4 + 4L * k);
                            float y = b[i].memory().get(JAVA_FLOAT_UNALIGNED, 4 + 4L * k);
                            assertThat(Float.compare(x, y))
                                    .as("%s of %d, number %d: %s, reference %s", what, n, k, x, y)
                                    .isZero();
                        }
                    }
                }
            }
        }
    }

    @Test
    void softmaxHasTheReferencesBits() {
        for (boolean log : new boolean[] {false, true}) {
            same("softmax", 1, (rows, in, out, n) -> rows.softmax(log, in[0], out[0], n, ROWS));
            same(
                    "gradient",
                    2,
                    (rows, in, out, n) -> rows.softmaxGradient(log, in[0], in[1], out[0], n, ROWS));
        }
    }

    @Test
    void softmaxOfSumsHasTheReferencesBits() {
        same("softmax", 2, (rows, in, out, n) -> rows.softmaxOfSum(in[0], in[1], out[0], n, ROWS));
    }

    @Test
    void standardizationHasTheReferencesBits() {
        same(
                "standardize",
                1,
                (rows, in, out, n) -> rows.standardize(1e-5, in[0], out[0], out[1], null, n, ROWS));
        same(
                "standardize, weight",
                2,
                (rows, in, out, n) ->
                        rows.standardize(
                                1e-5, in[0], out[0], out[1], new Affine(in[1], null), n, ROWS));
        same(
                "standardize, weight and bias",
                3,
                (rows, in, out, n) ->
                        rows.standardize(
                                1e-5, in[0], out[0], out[1], new Affine(in[1], in[2]), n, ROWS));
        same(
                "gradient",
                3,
                (rows, in, out, n) ->
                        rows.standardizeGradient(in[0], in[1], in[2], out[0], n, ROWS));
    }

    @Test
    void crossEntropyHasTheReferencesBits() {
        for (float smoothing : new float[] {0, 0.1f}) {
            for (boolean weighted : new boolean[] {false, true}) {
                same(
                        "cross entropy",
                        2,
                        (rows, in, out, n) ->
                                rows.crossEntropy(
                                        classes(n, smoothing, weighted ? in[1] : null),
                                        in[0],
                                        out[1],
                                        out[0],
                                        n,
                                        ROWS));
                same(
                        "gradient",
                        4,
                        (rows, in, out, n) ->
                                rows.crossEntropyGradient(
                                        classes(n, smoothing, weighted ? in[1] : null),
                                        in[0],
                                        in[2],
                                        in[3],
                                        out[0],
                                        n,
                                        ROWS));
            }
        }
    }

    /// The last row does not count.
    private static FloatRows.Classes classes(int n, float smoothing, @Nullable Place weights) {
        MemorySegment numbers = Arena.ofAuto().allocate(8L * ROWS, 8);
        numbers.setAtIndex(JAVA_LONG, 0, n / 2);
        numbers.setAtIndex(JAVA_LONG, 1, n - 1);
        numbers.setAtIndex(JAVA_LONG, 2, -1);
        return new FloatRows.Classes(new Place(numbers, 0), smoothing, weights);
    }

    @Test
    void rowsWithInfinityAndNanAreTheReferences() {
        float[] special = {
            Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN, -0f, 1e30f, -100
        };
        for (float value : special) {
            for (int n : new int[] {3, 16, 70, 128}) {
                try (Arena arena = Arena.ofConfined()) {
                    Place x = numbers(arena, n, 1);
                    x.memory().set(JAVA_FLOAT_UNALIGNED, 4L + 4L * (n / 2), value);
                    Place a = numbers(arena, n, 1);
                    Place b = numbers(arena, n, 1);
                    FloatRows.best().softmax(false, x, a, n, 1);
                    FloatRows.scalar().softmax(false, x, b, n, 1);
                    assertThat(a.memory().toArray(JAVA_FLOAT))
                            .as("%s among %d", value, n)
                            .containsSequence(row(b, n));
                }
            }
        }
    }

    private static float[] row(Place place, int n) {
        return place.memory().asSlice(4, 4L * n).toArray(JAVA_FLOAT);
    }

    @Test
    void softmaxAddsUpToOneAndStandardizedRowsHaveMeanZeroAndVarianceOne() {
        try (Arena arena = Arena.ofConfined()) {
            int n = 777;
            Place x = numbers(arena, n, 5);
            Place y = numbers(arena, n, 1);
            FloatRows.best().softmax(false, x, y, n, 1);
            double sum = 0;
            for (float value : row(y, n)) {
                sum += value;
            }
            assertThat(sum).isCloseTo(1, within(1e-6));
            FloatRows.best().standardize(0, x, y, null, null, n, 1);
            sum = 0;
            double squares = 0;
            for (float value : row(y, n)) {
                sum += value;
                squares += value * value;
            }
            assertThat(sum / n).isCloseTo(0, within(1e-6));
            assertThat(squares / n).isCloseTo(1, within(1e-5));
        }
    }
}
