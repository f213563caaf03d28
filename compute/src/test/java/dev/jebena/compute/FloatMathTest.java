package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class FloatMathTest {
    private interface FloatFunction {
        float at(float x);
    }

    /// Largest error over a fine grid, in units in the last place of the exact result.
    private static double error(
            FloatFunction function, DoubleUnaryOperator exact, float from, float to) {
        double worst = 0;
        int steps = 200_000;
        for (int i = 0; i <= steps; i++) {
            float x = (float) (from + ((double) to - from) * i / steps);
            double expected = exact.applyAsDouble(x);
            double unit = Math.ulp((float) expected);
            worst = Math.max(worst, Math.abs(function.at(x) - expected) / unit);
        }
        return worst;
    }

    @Test
    void expIsAccurateFromSubnormalToOverflow() {
        assertThat(error(FloatMath::exp, Math::exp, -87, 88.7f)).isLessThan(1.5);
        assertThat(error(FloatMath::exp, Math::exp, -103, -87)).isLessThan(1.5);
        assertThat(error(FloatMath::exp, Math::exp, -1e-3f, 1e-3f)).isLessThan(1);
    }

    @Test
    void expHasExactLimits() {
        assertThat(FloatMath.exp(0)).isEqualTo(1);
        assertThat(FloatMath.exp(-0f)).isEqualTo(1);
        assertThat(FloatMath.exp(Float.POSITIVE_INFINITY)).isInfinite();
        assertThat(FloatMath.exp(100)).isInfinite();
        assertThat(FloatMath.exp(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(FloatMath.exp(-1000)).isZero();
        assertThat(FloatMath.exp(Float.NaN)).isNaN();
    }

    @Test
    void tanhIsAccurateAndOdd() {
        assertThat(error(FloatMath::tanh, Math::tanh, -12, 12)).isLessThan(2.5);
        assertThat(error(FloatMath::tanh, Math::tanh, -0.01f, 0.01f)).isLessThan(1.5);
        assertThat(FloatMath.tanh(-0.3f)).isEqualTo(-FloatMath.tanh(0.3f));
        assertThat(FloatMath.tanh(Float.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(FloatMath.tanh(Float.NEGATIVE_INFINITY)).isEqualTo(-1);
        assertThat(FloatMath.tanh(Float.NaN)).isNaN();
    }

    @Test
    void siluAndGeluAreAccurate() {
        assertThat(error(FloatMath::silu, x -> x / (1 + Math.exp(-x)), -20, 20)).isLessThan(4);
        assertThat(error(FloatMath::gelu, FloatMathTest::exactGelu, -3, 20)).isLessThan(16);
        assertThat(FloatMath.gelu(-1000)).isZero();
        assertThat(FloatMath.gelu(Float.NaN)).isNaN();
        assertThat(FloatMath.silu(-1000)).isZero();
        assertThat(FloatMath.silu(Float.NaN)).isNaN();
    }

    private static double exactGelu(double x) {
        return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }
}
