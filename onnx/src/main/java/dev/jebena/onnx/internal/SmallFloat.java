package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import java.util.Optional;

/// Floats of 8 bits and fewer: sign, exponent, fraction.
///
/// @param largest the largest finite number
/// @param overflow what a larger one becomes where it does not saturate: infinity or NaN
/// @param negativeZero whether there is one
record SmallFloat(
        int exponentBits,
        int fractionBits,
        int bias,
        double largest,
        double overflow,
        boolean negativeZero) {
    private static final SmallFloat E4M3FN = new SmallFloat(4, 3, 7, 448, Double.NaN, true);
    private static final SmallFloat E4M3FNUZ = new SmallFloat(4, 3, 8, 240, Double.NaN, false);
    private static final SmallFloat E5M2 =
            new SmallFloat(5, 2, 15, 57344, Double.POSITIVE_INFINITY, true);
    private static final SmallFloat E5M2FNUZ = new SmallFloat(5, 2, 16, 57344, Double.NaN, false);
    private static final SmallFloat E2M1 = new SmallFloat(2, 1, 1, 6, 6, true);
    private static final SmallFloat E2M3 = new SmallFloat(2, 3, 1, 7.5, 7.5, true);
    private static final SmallFloat E3M2 = new SmallFloat(3, 2, 3, 28, 28, true);

    static Optional<SmallFloat> of(OnnxElement element) {
        return Optional.ofNullable(
                switch (element) {
                    case FLOAT8E4M3FN -> E4M3FN;
                    case FLOAT8E4M3FNUZ -> E4M3FNUZ;
                    case FLOAT8E5M2 -> E5M2;
                    case FLOAT8E5M2FNUZ -> E5M2FNUZ;
                    case FLOAT4E2M1 -> E2M1;
                    case FLOAT6E2M3 -> E2M3;
                    case FLOAT6E3M2 -> E3M2;
                    default -> null;
                });
    }

    int bits() {
        return 1 + exponentBits + fractionBits;
    }

    /// The number of a bit pattern.
    double decode(int bits) {
        int sign = bits >> (bits() - 1) & 1;
        int exponent = bits >> fractionBits & (1 << exponentBits) - 1;
        int fraction = bits & (1 << fractionBits) - 1;
        if (sign == 1 && exponent == 0 && fraction == 0 && !negativeZero) {
            return Double.NaN;
        }
        double magnitude =
                exponent == 0
                        ? Math.scalb((double) fraction, 1 - bias - fractionBits)
                        : Math.scalb(
                                (double) ((1 << fractionBits) + fraction),
                                exponent - bias - fractionBits);
        if (magnitude > largest) {
            // Above the largest are infinity (with no fraction) and NaN.
            magnitude = Double.isInfinite(overflow) && fraction == 0 ? overflow : Double.NaN;
        }
        return sign == 1 ? -magnitude : magnitude;
    }

    /// The nearest number of this type, ties to even fractions.
    double round(double value, boolean saturate) {
        if (Double.isNaN(value)) {
            // Types in which every pattern is a number have -0 there.
            return overflow == largest ? -0.0 : value;
        }
        double magnitude = Math.abs(value);
        if (Double.isInfinite(magnitude)) {
            return Math.copySign(saturate ? largest : overflow, value);
        }
        int exponent = Math.max(Math.getExponent(magnitude), 1 - bias);
        double quantum = Math.scalb(1.0, exponent - fractionBits);
        double rounded = Math.rint(magnitude / quantum) * quantum;
        if (rounded > largest) {
            rounded = saturate ? largest : overflow;
        }
        return rounded == 0 && !negativeZero ? 0 : Math.copySign(rounded, value);
    }

    /// A power of two as FLOAT8E8M0 rounds: `up`, `down` or `nearest`.
    static double powerOfTwo(double value, String mode) {
        if (Double.isNaN(value) || value < 0) {
            return Double.NaN;
        }
        if (Double.isInfinite(value)) {
            return 0x1p127;
        }
        int exponent = Math.getExponent(value);
        double low = Math.scalb(1.0, exponent);
        boolean raised =
                switch (mode) {
                    case "down" -> false;
                    case "nearest" -> value >= 1.5 * low;
                    default -> value > low;
                };
        return Math.clamp(raised ? 2 * low : low, 0x1p-127, 0x1p127);
    }
}
