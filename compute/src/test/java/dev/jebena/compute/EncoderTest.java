package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderTest {
    private static final int ROWS = 16;
    private static final int COLUMNS = 512;

    static Stream<DataType> writable() {
        return DataType.writable().stream();
    }

    /// Normal numbers with outliers and an offset for each row, then lognormal importance of the
    /// columns. The errors are those of llama.cpp's quantizer over the same numbers: the root of
    /// the mean square, and with importance of its weighted mean.
    @ParameterizedTest
    @CsvSource({
        "Q4_0, 2.975539e-03, 2.683750e-03",
        "Q4_1, 2.261030e-03, 1.719790e-03",
        "Q5_0, 1.480733e-03, 1.368537e-03",
        "Q5_1, 1.096118e-03, 8.383511e-04",
        "Q8_0, 1.857344e-04, 1.844565e-04",
        "Q2_K, 8.181721e-03, 6.006805e-03",
        "Q3_K, 4.658049e-03, 3.970160e-03",
        "Q4_K, 2.120185e-03, 1.795511e-03",
        "Q5_K, 1.072504e-03, 9.442622e-04",
        "Q6_K, 5.745445e-04, 4.925945e-04",
        "IQ4_NL, 2.353354e-03, 2.081505e-03",
        "IQ4_XS, 2.388344e-03, 2.126893e-03"
    })
    void errorsAreThoseOfTheReferenceOrSmaller(DataType type, double plain, double weighted)
            throws IOException {
        float[] all = reference();
        float[] x = Arrays.copyOf(all, ROWS * COLUMNS);
        float[] importance = Arrays.copyOfRange(all, x.length, all.length);
        double own = error(x, encoded(type, x, null), ones());
        double ownWeighted = error(x, encoded(type, x, importance), importance);
        System.out.printf(
                "%s plain %.4f, weighted %.4f of the reference%n",
                type, own / plain, ownWeighted / weighted);
        assertThat(own).isLessThanOrEqualTo(1.01 * plain);
        assertThat(ownWeighted).isLessThanOrEqualTo(1.01 * weighted);
    }

    private static float[] encoded(DataType type, float[] x, float @Nullable [] importance) {
        MemorySegment blocks = MemorySegment.ofArray(new byte[(int) type.bytes(x.length)]);
        int row = COLUMNS / type.blockSize();
        for (int i = 0; i < x.length / COLUMNS; i++) {
            if (importance == null) {
                type.encode(x, i * COLUMNS, blocks, (long) i * row, row);
            } else {
                type.encode(x, i * COLUMNS, importance, blocks, (long) i * row, row);
            }
        }
        float[] back = new float[x.length];
        type.decode(blocks, 0, x.length / type.blockSize(), back, 0);
        return back;
    }

    private static double error(float[] x, float[] y, float[] importance) {
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < x.length; i++) {
            double difference = (double) x[i] - y[i];
            sum += importance[i % COLUMNS] * difference * difference;
            weights += importance[i % COLUMNS];
        }
        return Math.sqrt(sum / weights);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, -0f, 1e-30f, 1e-12f, -3, 0.7f, 3000})
    void blocksOfOneNumberComeBack(float number) {
        for (DataType type : DataType.writable()) {
            float[] x = new float[COLUMNS];
            Arrays.fill(x, number);
            // Its scale is a power of two, and its numbers have one bit after the point.
            float share = type == DataType.MXFP4 ? 0.17f : 0.05f;
            float slack = Math.abs(number) * share + 1e-7f;
            for (boolean unknown : new boolean[] {true, false}) {
                // No column matters: weights of 0 must not make the matrix vanish.
                float[] back = encoded(type, x, unknown ? null : new float[COLUMNS]);
                for (float value : back) {
                    assertThat(value)
                            .as("%s of %s", type, number)
                            .isBetween(number - slack, number + slack);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("writable")
    void whatABlockCanStoreComesBack(DataType type) {
        RandomGenerator random = RandomData.generator(23);
        float[] x = new float[COLUMNS];
        for (int i = 0; i < x.length; i++) {
            x[i] = (random.nextInt(4) - 2) / 4f;
        }
        // Every group has both ends, so that its scale is a quarter in all formats.
        for (int i = 0; i < x.length; i += 16) {
            x[i] = -0.5f;
            x[i + 1] = 0.25f;
        }
        boolean ternary = type == DataType.TQ1_0 || type == DataType.TQ2_0;
        assertThat(error(x, encoded(type, x, null), ones())).isLessThan(ternary ? 0.2 : 0.05);
    }

    @ParameterizedTest
    @MethodSource("writable")
    void outliersAndNumbersThatAreNoneGiveBlocksAllTheSame(DataType type) {
        RandomGenerator random = RandomData.generator(type.ggufId());
        for (int round = 0; round < 50; round++) {
            float[] x = new float[COLUMNS];
            for (int i = 0; i < x.length; i++) {
                x[i] = Float.intBitsToFloat(random.nextInt());
            }
            assertThat(encoded(type, x, null)).hasSize(COLUMNS);
            assertThat(encoded(type, x, ones())).hasSize(COLUMNS);
        }
    }

    @Test
    void aLargeElementDoesNotEraseTheOthersOfABlockOfGroups() {
        float[] x = new float[COLUMNS];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(i);
        }
        x[40] = 30;
        for (DataType type : new DataType[] {DataType.Q4_K, DataType.Q6_K, DataType.IQ4_XS}) {
            float[] back = encoded(type, x, null);
            assertThat(back[40]).isBetween(29f, 31f);
            assertThat(Math.abs(back[300] - x[300])).isLessThan(0.3f);
        }
    }

    private static float[] ones() {
        float[] ones = new float[COLUMNS];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static float[] reference() throws IOException {
        try (InputStream stream = EncoderTest.class.getResourceAsStream("reference.weights")) {
            byte[] bytes = Objects.requireNonNull(stream).readAllBytes();
            float[] values = new float[bytes.length / 4];
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
            return values;
        }
    }
}
