package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The selective scan on vectors gives the bits of the reference.
class VectorScanTest {
    private static final int CHANNELS = 37;
    private static final int ROWS = 5;

    private final Arena arena = Arena.ofConfined();
    private final RandomGenerator random = RandomData.generator(7);

    @AfterEach
    void free() {
        arena.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 15, 16, 17, 33, 128})
    void statesAndOutputsHaveTheBitsOfTheReference(int count) {
        FloatMatrix x = RandomData.floats(arena, random, ROWS, CHANNELS);
        FloatMatrix step = RandomData.floats(arena, random, ROWS, CHANNELS);
        step.set(0, 0, 25);
        step.set(1, 0, -90);
        FloatMatrix b = RandomData.floats(arena, random, ROWS, count);
        FloatMatrix c = RandomData.floats(arena, random, ROWS, count);
        FloatMatrix decay = RandomData.floats(arena, random, CHANNELS, count);
        for (int d = 0; d < CHANNELS; d++) {
            for (int n = 0; n < count; n++) {
                decay.set(d, n, -30 * Math.abs(decay.get(d, n)));
            }
        }
        FloatMatrix skip = RandomData.floats(arena, random, 1, CHANNELS);
        FloatMatrix copy = copy(x);
        FloatMatrix states = RandomData.floats(arena, random, CHANNELS, count);
        FloatMatrix expected = copy(states);
        for (int row = 0; row < ROWS; row++) {
            Kernels.scalar().scan(copy, step, b, c, row, decay, skip, expected, 0, CHANNELS);
            Kernels vector = VectorKernels.cold();
            vector.scan(x, step, b, c, row, decay, skip, states, 0, 11);
            vector.scan(x, step, b, c, row, decay, skip, states, 11, CHANNELS);
            assertThat(x.row(row)).containsExactly(copy.row(row));
        }
        for (int d = 0; d < CHANNELS; d++) {
            assertThat(states.row(d)).containsExactly(expected.row(d));
        }
    }

    private FloatMatrix copy(FloatMatrix from) {
        FloatMatrix to = FloatMatrix.allocate(arena, from.rows(), from.columns());
        for (int row = 0; row < from.rows(); row++) {
            from.copyRow(row, to, row);
        }
        return to;
    }

    @Test
    void matricesThatAreTooSmallAreRefused() {
        FloatMatrix wide = FloatMatrix.allocate(arena, 1, 8);
        FloatMatrix states = FloatMatrix.allocate(arena, 8, 4);
        FloatMatrix narrow = FloatMatrix.allocate(arena, 1, 3);
        assertThatThrownBy(() ->
                        VectorKernels.cold()
                                .scan(wide, wide, narrow, wide, 0, states, wide, states, 0, 8))
                .hasMessageContaining("scan: inputs of states");
    }
}
