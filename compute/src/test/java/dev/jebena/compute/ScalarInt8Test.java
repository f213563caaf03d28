package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScalarInt8Test {
    private final Arena arena = Arena.ofConfined();
    private final RandomGenerator random = RandomData.generator(11);
    private final Kernels scalar = Kernels.scalar();

    @AfterEach
    void free() {
        arena.close();
    }

    private QuantizedRows quantized(FloatMatrix x) {
        QuantizedRows rows = QuantizedRows.allocate(arena, x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            scalar.quantize(x, row, rows);
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"Q._[01K]", "IQ4_.*"},
            mode = EnumSource.Mode.MATCH_ANY)
    void productsAreThoseOfTheRoundedActivations(DataType type) {
        if (!IntegerBlock.supports(type)) {
            return;
        }
        WeightMatrix w = RandomData.blocks(arena, random, type, 19, 768);
        FloatMatrix x = RandomData.floats(arena, random, 3, 768);
        QuantizedRows rounded = quantized(x);
        FloatMatrix y = FloatMatrix.allocate(arena, 3, 19);
        scalar.multiply(scalar.pack(w, arena), rounded, y, 0, 19);
        float[] weights = new float[768];
        for (int r = 0; r < 19; r++) {
            ScalarMatmul.decodeRow(w, r, weights);
            for (int m = 0; m < 3; m++) {
                double exact = 0;
                double size = 0;
                for (int k = 0; k < 768; k++) {
                    double a = (double) rounded.quantum(m, k) * rounded.scale(m, k / 32);
                    exact += weights[k] * a;
                    size += Math.abs(weights[k] * a);
                }
                assertThat((double) y.get(m, r))
                        .as("%s, row %d, output %d", type, m, r)
                        .isCloseTo(exact, within(1e-6 * size));
            }
        }
    }

    @Test
    void roundingIsOffByHalfAStepAtMost() {
        FloatMatrix x = RandomData.floats(arena, random, 2, 320);
        QuantizedRows rounded = quantized(x);
        for (int m = 0; m < 2; m++) {
            for (int k = 0; k < 320; k++) {
                float step = rounded.scale(m, k / 32);
                assertThat(rounded.quantum(m, k) * step)
                        .isCloseTo(x.get(m, k), within(step * 0.50001f));
            }
        }
    }

    @Test
    void zerosStayZeroAndNumbersThatAreNoneShow() {
        float[] values = new float[96];
        values[1] = Float.MIN_VALUE;
        values[33] = Float.NaN;
        values[34] = 5;
        values[70] = Float.NEGATIVE_INFINITY;
        values[71] = 5;
        QuantizedRows rounded = quantized(FloatMatrix.of(arena, values));
        assertThat(rounded.scale(0, 0)).isZero();
        assertThat(rounded.quantum(0, 1)).isZero();
        assertThat(rounded.scale(0, 1)).isNaN();
        assertThat(rounded.scale(0, 2)).isInfinite();
        assertThat(rounded.quantum(0, 71)).isZero();
    }

    @Test
    void matricesAreJoinedInPiecesOf16Rows() {
        WeightMatrix a = RandomData.blocks(arena, random, DataType.Q4_1, 32, 64);
        WeightMatrix b = RandomData.blocks(arena, random, DataType.Q4_1, 20, 64);
        QuantizedRows x = quantized(RandomData.floats(arena, random, 2, 64));
        PackedMatrix joined = scalar.allocatePacked(DataType.Q4_1, 36, 64, arena);
        scalar.pack(a, 16, 32, joined, 0);
        scalar.pack(b, 0, 20, joined, 16);
        FloatMatrix all = FloatMatrix.allocate(arena, 2, 36);
        FloatMatrix first = FloatMatrix.allocate(arena, 2, 32);
        scalar.multiply(joined, x, all, 0, 36);
        scalar.multiply(scalar.pack(a, arena), x, first, 0, 32);
        assertThat(all.columns(0, 16).row(1)).containsExactly(first.columns(16, 32).row(1));
        assertThatThrownBy(() -> scalar.pack(b, 0, 20, joined, 0))
                .hasMessageContaining("pieces are of 16 rows");
        assertThatThrownBy(() -> scalar.multiply(joined, x, all, 8, 16))
                .hasMessageContaining("multiples of 16");
        assertThatThrownBy(() -> scalar.allocatePacked(DataType.F16, 16, 64, arena))
                .hasMessageContaining("use matmul");
    }
}
