package dev.jebena.tensor.internal;

/// Functions that `Math` lacks, in double; relative errors below 1e-13 unless a method says
/// otherwise.
final class SpecialFunctions {
    private static final double LOG_ROOT_2PI = 0.9189385332046728;

    /// Coefficients of Stirling's series for log gamma: Bernoulli numbers over `2n (2n - 1)`.
    private static final double[] STIRLING = {
        1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156
    };

    /// `B(2n) / 2n`.
    private static final double[] DIGAMMA = {
        1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12
    };

    /// `B(2n)`.
    private static final double[] BERNOULLI = {
        1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6
    };

    private SpecialFunctions() {}

    static double erf(double x) {
        double a = Math.abs(x);
        if (Double.isNaN(x)) {
            return x;
        }
        return a < 2 ? erfSeries(x) : Math.copySign(1 - erfcFraction(a), x);
    }

    static double erfc(double x) {
        if (Double.isNaN(x)) {
            return x;
        }
        if (x < 0) {
            return 1 + erf(-x);
        }
        return x < 2 ? 1 - erfSeries(x) : erfcFraction(x);
    }

    /// `2 / sqrt(pi) exp(-x^2) (x + 2 x^3 / 3 + 4 x^5 / 15 + ...)`, without cancellation.
    private static double erfSeries(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 60; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /// The continued fraction of erfc, from its end.
    private static double erfcFraction(double x) {
        if (x > 27.5) {
            return 0;
        }
        double tail = x;
        for (int n = 120; n >= 1; n--) {
            tail = x + n / 2.0 / tail;
        }
        return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
    }

    /// By Newton's method from a rational guess.
    static double erfinv(double y) {
        if (!(Math.abs(y) < 1)) {
            return Math.abs(y) == 1 ? Math.copySign(Double.POSITIVE_INFINITY, y) : Double.NaN;
        }
        double w = -Math.log((1 - y) * (1 + y));
        double c = 2 / (Math.PI * 0.147) - w / 2;
        double x = Math.copySign(Math.sqrt(Math.sqrt(c * c + w / 0.147) - c), y);
        for (int i = 0; i < 4; i++) {
            double error = Math.abs(y) > 0.5 ? tail(y, x) : erf(x) - y;
            double step = error * Math.sqrt(Math.PI) / 2 * Math.exp(x * x);
            x -= step / (1 + x * step);
        }
        return x;
    }

    /// `erf(x) - y` near 1 by the complements, which do not cancel.
    private static double tail(double y, double x) {
        double difference = (1 - Math.abs(y)) - erfc(Math.abs(x));
        return Math.copySign(1, y) * difference;
    }

    static double logGamma(double x) {
        if (x <= 0 && x == Math.rint(x)) {
            return Double.POSITIVE_INFINITY;
        }
        if (x < 0.5) {
            return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
        }
        double shift = 1;
        double z = x;
        while (z < 10) {
            shift *= z++;
        }
        double power = 1 / z;
        double sum = (z - 0.5) * Math.log(z) - z + LOG_ROOT_2PI;
        for (double coefficient : STIRLING) {
            sum += coefficient * power;
            power /= z * z;
        }
        return sum - Math.log(shift);
    }

    static double digamma(double x) {
        if (x <= 0 && x == Math.rint(x)) {
            return x == 0 ? Math.copySign(Double.POSITIVE_INFINITY, -x) : Double.NaN;
        }
        if (x < 0) {
            return digamma(1 - x) - Math.PI / Math.tan(Math.PI * x);
        }
        double sum = 0;
        double z = x;
        while (z < 10) {
            sum -= 1 / z++;
        }
        sum += Math.log(z) - 1 / (2 * z);
        double power = 1 / (z * z);
        for (double coefficient : DIGAMMA) {
            sum -= coefficient * power;
            power /= z * z;
        }
        return sum;
    }

    static double trigamma(double x) {
        if (x < 0.5) {
            double sine = Math.sin(Math.PI * x);
            return Math.PI * Math.PI / (sine * sine) - trigamma(1 - x);
        }
        double sum = 0;
        double z = x;
        while (z < 10) {
            sum += 1 / (z * z);
            z++;
        }
        sum += 1 / z + 1 / (2 * z * z);
        double power = 1 / (z * z * z);
        for (double coefficient : BERNOULLI) {
            sum += coefficient * power;
            power /= z * z;
        }
        return sum;
    }

    static double sigmoid(double x) {
        if (x >= 0) {
            return 1 / (1 + Math.exp(-x));
        }
        double e = Math.exp(x);
        return e / (1 + e);
    }

    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    static double asinh(double x) {
        double a = Math.abs(x);
        double root =
                a > 1e8
                        ? Math.log(a) + Math.log(2)
                        : Math.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
        return Math.copySign(root, x);
    }

    static double acosh(double x) {
        double t = x - 1;
        return x > 1e8 ? Math.log(x) + Math.log(2) : Math.log1p(t + Math.sqrt(2 * t + t * t));
    }

    static double atanh(double x) {
        return 0.5 * Math.log1p(2 * x / (1 - x));
    }

    static double gelu(double x) {
        return 0.5 * x * erfc(-x * Math.sqrt(0.5));
    }

    static double geluTanh(double x) {
        double u = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
        return 0.5 * x * (1 + Math.tanh(u));
    }
}
