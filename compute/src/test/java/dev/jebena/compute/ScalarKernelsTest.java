package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The reference against formulas in double precision.
class ScalarKernelsTest {
    private final Arena arena = Arena.ofConfined();
    private final RandomGenerator random = RandomData.generator(1);
    private final Kernels kernels = Kernels.scalar();

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void softCapIsATanh() {
        FloatMatrix x = FloatMatrix.of(arena, 0, 3, -200, 40);
        Kernels.scalar().softCap(x, 0, 30);
        for (int i = 0; i < 4; i++) {
            float before = new float[] {0, 3, -200, 40}[i];
            assertThat(x.get(0, i)).isCloseTo((float) (30 * Math.tanh(before / 30)), within(1e-5f));
        }
    }

    @Test
    void alibiSlopesOfFurtherHeadsLieBetweenTheOthers() {
        AttentionShape shape = new AttentionShape(6, 6, 16, 1, 0, 0, true).withAlibi(8);
        float[] expected = {0.25f, 0.0625f, 0.015625f, 0.00390625f, 0.5f, 0.125f};
        for (int head = 0; head < 6; head++) {
            assertThat(shape.slope(head)).isEqualTo(expected[head]);
        }
    }

    @Test
    void matmulMultipliesEveryRowWithEveryRow() {
        FloatMatrix x = RandomData.floats(arena, random, 3, 70);
        FloatMatrix weights = RandomData.floats(arena, random, 5, 70);
        FloatMatrix y = FloatMatrix.allocate(arena, 3, 5);
        kernels.matmul(RandomData.f32(arena, weights), x, y, 1, 5);
        for (int m = 0; m < 3; m++) {
            assertThat(y.get(m, 0)).isZero();
            for (int r = 1; r < 5; r++) {
                double sum = 0;
                for (int k = 0; k < 70; k++) {
                    sum += (double) x.get(m, k) * weights.get(r, k);
                }
                assertThat(y.get(m, r)).isCloseTo((float) sum, within(1e-5f));
            }
        }
    }

    @Test
    void matmulNamesBothShapesWhenTheyDoNotFit() {
        WeightMatrix w = RandomData.f32(arena, FloatMatrix.allocate(arena, 2, 10));
        FloatMatrix x = FloatMatrix.allocate(arena, 1, 11);
        FloatMatrix y = FloatMatrix.allocate(arena, 1, 2);
        assertThatThrownBy(() -> kernels.matmul(w, x, y, 0, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[2, 10] x activations [1, 11]");
    }

    @Test
    void normsFollowTheirFormulas() {
        int n = 37;
        FloatMatrix x = RandomData.floats(arena, random, 2, n);
        FloatMatrix weight = RandomData.floats(arena, random, 1, n);
        FloatMatrix bias = RandomData.floats(arena, random, 1, n);
        FloatMatrix rms = FloatMatrix.allocate(arena, 2, n);
        FloatMatrix layer = FloatMatrix.allocate(arena, 2, n);
        kernels.rmsNorm(x, 1, weight, 1e-5f, rms);
        kernels.layerNorm(x, 1, weight, bias, 1e-5f, layer);
        double mean = 0;
        double squares = 0;
        for (float v : x.row(1)) {
            mean += v / (double) n;
            squares += (double) v * v / n;
        }
        double deviation = Math.sqrt(squares - mean * mean + 1e-5);
        for (int i = 0; i < n; i++) {
            double scaled = x.get(1, i) / Math.sqrt(squares + 1e-5) * weight.get(0, i);
            assertThat(rms.get(1, i)).isCloseTo((float) scaled, within(1e-5f));
            double centred = (x.get(1, i) - mean) / deviation * weight.get(0, i) + bias.get(0, i);
            assertThat(layer.get(1, i)).isCloseTo((float) centred, within(1e-5f));
        }
    }

    @Test
    void ropeTurnsPairsOfBothLayoutsAndLeavesTheRest() {
        float[] head = {1, 2, 3, 4, 5, 6};
        FloatMatrix table = FloatMatrix.allocate(arena, 2, 4);
        table.setRow(1, new float[] {0, 1, 1, 0});
        FloatMatrix halves = FloatMatrix.of(arena, head);
        kernels.rope(halves, 0, 1, 6, table, 1, 4, false);
        assertThat(halves.row(0)).containsExactly(-3, 2, 1, 4, 5, 6);
        FloatMatrix neighbours = FloatMatrix.of(arena, head);
        kernels.rope(neighbours, 0, 1, 6, table, 1, 4, true);
        assertThat(neighbours.row(0)).containsExactly(-2, 1, 3, 4, 5, 6);
    }

    @Test
    void argmaxTakesTheFirstOfEqualsAndIgnoresNaN() {
        FloatMatrix x = FloatMatrix.of(arena, Float.NaN, 1, 5, -2, 5, Float.NaN);
        assertThat(kernels.argmax(x, 0)).isEqualTo(2);
        FloatMatrix none = FloatMatrix.of(arena, Float.NaN, Float.NaN);
        assertThat(kernels.argmax(none, 0)).isZero();
    }

    @Test
    void logSumExpIsStableForLargeNumbers() {
        FloatMatrix x = FloatMatrix.of(arena, 1000, 1000, 1000, 1000);
        assertThat(kernels.logSumExp(x, 0)).isCloseTo((float) (1000 + Math.log(4)), within(1e-4f));
    }

    @Test
    void attentionWeighsTheValuesOfVisibleKeys() {
        AttentionShape shape = new AttentionShape(2, 1, 4, 0.5f, 3, 20, true);
        int length = 40;
        FloatMatrix keys = RandomData.floats(arena, random, length, 4);
        FloatMatrix values = RandomData.floats(arena, random, length, 4);
        KvPages kv = RandomData.pages(arena, kernels, DataType.F32, keys, values, 1, 4);
        FloatMatrix q = RandomData.floats(arena, random, 2, 8);
        FloatMatrix out = FloatMatrix.allocate(arena, 2, 8);
        kernels.attend(q, out, 0, 2, 38, 0, shape, kv);
        for (int row = 0; row < 2; row++) {
            for (int head = 0; head < 2; head++) {
                double[] expected = attention(q, row, head, keys, values, 36 + row, 39 + row);
                for (int d = 0; d < 4; d++) {
                    assertThat(out.get(row, 4 * head + d))
                            .isCloseTo((float) expected[d], within(1e-5f));
                }
            }
        }
    }

    private static double[] attention(
            FloatMatrix q, int row, int head, FloatMatrix k, FloatMatrix v, int first, int end) {
        double[] result = new double[4];
        double sum = 0;
        for (int p = first; p < end; p++) {
            double dot = 0;
            for (int d = 0; d < 4; d++) {
                dot += (double) q.get(row, 4 * head + d) * k.get(p, d);
            }
            double weight = Math.exp(20 * Math.tanh(dot * 0.5 / 20));
            sum += weight;
            for (int d = 0; d < 4; d++) {
                result[d] += weight * v.get(p, d);
            }
        }
        for (int d = 0; d < 4; d++) {
            result[d] /= sum;
        }
        return result;
    }

    @Test
    void attentionRefusesAPageOutsideOfItsMemory() {
        AttentionShape shape = new AttentionShape(1, 1, 4, 1, 0, 0, true);
        MemorySegment memory = arena.allocate(KvPages.pageBytes(DataType.F16, 1, 4));
        KvPages kv = new KvPages(memory, DataType.F16, new long[] {64}, 5);
        FloatMatrix q = FloatMatrix.allocate(arena, 1, 4);
        assertThatThrownBy(() -> kernels.attend(q, q, 0, 1, 4, 0, shape, kv))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("page 0");
    }
}
