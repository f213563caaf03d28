package dev.jebena.llm.internal.constraint;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the numbers between two bounds into a grammar, digit by digit: all integers exactly, of
/// other numbers those without exponent.
final class NumberRange {
    private static final int MAX_DIGITS = 20;
    private static final int FREE_DIGITS = 12;
    private static final BigInteger LARGEST =
            BigInteger.TEN.pow(MAX_DIGITS).subtract(BigInteger.ONE);

    /// A bound of a range; open ones are not part of it.
    record Bound(BigDecimal value, boolean open) {
        Bound negated() {
            return new Bound(value.negate(), open);
        }
    }

    private final Grammar grammar;
    private final JsonText json;
    private final boolean whole;

    NumberRange(Grammar grammar, JsonText json, boolean whole) {
        this.grammar = grammar;
        this.json = json;
        this.whole = whole;
    }

    void write(Node from, @Nullable Bound low, @Nullable Bound high, Node to) {
        Bound zero = new Bound(BigDecimal.ZERO, false);
        boolean reachesUp = high == null || high.value().signum() >= 0;
        if (reachesUp) {
            magnitudes(from, low == null || low.value().signum() < 0 ? zero : low, high, to);
        }
        if (low == null || low.value().signum() < 0) {
            Bound nearest =
                    high == null || high.value().signum() >= 0
                            ? new Bound(BigDecimal.ZERO, true)
                            : high.negated();
            magnitudes(grammar.after(from, "-"), nearest, low == null ? null : low.negated(), to);
        }
    }

    private void magnitudes(Node from, Bound low, @Nullable Bound high, Node to) {
        BigInteger lowFloor = low.value().setScale(0, RoundingMode.FLOOR).toBigInteger();
        if (whole) {
            BigInteger least = low.value().setScale(0, RoundingMode.CEILING).toBigInteger();
            boolean skips = low.open() && isWhole(low.value());
            integers(from, skips ? least.add(BigInteger.ONE) : least, largest(high), to);
            return;
        }
        BigInteger highFloor =
                high == null
                        ? LARGEST.add(BigInteger.ONE)
                        : high.value().setScale(0, RoundingMode.FLOOR).toBigInteger();
        if (lowFloor.equals(highFloor)) {
            fraction(grammar.after(from, lowFloor.toString()), low, high, to);
            return;
        }
        if (lowFloor.compareTo(highFloor) > 0) {
            return;
        }
        fraction(grammar.after(from, lowFloor.toString()), low, null, to);
        if (high != null) {
            fraction(grammar.after(from, highFloor.toString()), null, high, to);
        }
        Node integer = grammar.node();
        integers(from, lowFloor.add(BigInteger.ONE), highFloor.subtract(BigInteger.ONE), integer);
        fraction(integer, null, null, to);
    }

    private static boolean isWhole(BigDecimal value) {
        return value.stripTrailingZeros().scale() <= 0;
    }

    private static BigInteger largest(@Nullable Bound high) {
        if (high == null) {
            return LARGEST;
        }
        BigInteger floor = high.value().setScale(0, RoundingMode.FLOOR).toBigInteger();
        return high.open() && isWhole(high.value()) ? floor.subtract(BigInteger.ONE) : floor;
    }

    private void integers(Node from, BigInteger low, BigInteger high, Node to) {
        int most = high.toString().length();
        for (int length = low.toString().length();
                length <= most && low.compareTo(high) <= 0;
                length++) {
            BigInteger first = length == 1 ? BigInteger.ZERO : BigInteger.TEN.pow(length - 1);
            BigInteger last = BigInteger.TEN.pow(length).subtract(BigInteger.ONE);
            String begin = low.max(first).toString();
            String end = high.min(last).toString();
            new Digits(begin, end, to, new HashMap<>()).write(from, 0, true, true);
        }
    }

    /// Digit strings of one length from `low` to `high`.
    private final class Digits {
        private final String low;
        private final String high;
        private final Node to;
        private final Map<Integer, Node> known;

        Digits(String low, String high, Node to, Map<Integer, Node> known) {
            this.low = low;
            this.high = high;
            this.to = to;
            this.known = known;
        }

        void write(Node from, int at, boolean atLow, boolean atHigh) {
            if (at == low.length()) {
                grammar.jump(from, to);
                return;
            }
            char least = atLow ? low.charAt(at) : '0';
            char most = atHigh ? high.charAt(at) : '9';
            for (char c = least; c <= most; c++) {
                boolean nextLow = atLow && c == least;
                boolean nextHigh = atHigh && c == most;
                int key = at * 4 + (nextLow ? 2 : 0) + (nextHigh ? 1 : 0);
                Node next = known.get(key);
                if (next == null) {
                    next = grammar.node();
                    known.put(key, next);
                    write(next, at + 1, nextLow, nextHigh);
                }
                grammar.bytes(from, c, c, next);
            }
        }
    }

    /// What may follow an integer part that equals that of the given bounds; null bounds are none.
    private void fraction(Node from, @Nullable Bound low, @Nullable Bound high, Node to) {
        String lowDigits = low == null ? "" : fractionDigits(low.value());
        String highDigits = high == null ? "" : fractionDigits(high.value());
        if (low == null && high == null) {
            grammar.jump(from, to);
            Node first = grammar.node();
            grammar.bytes(grammar.after(from, "."), '0', '9', first);
            json.digits(first, FREE_DIGITS - 1, to);
            return;
        }
        int most = Math.max(lowDigits.length(), highDigits.length()) + 6;
        if (most > 60) {
            throw Grammar.refused("a bound with more than 50 decimals");
        }
        Fraction fraction = new Fraction(low, high, lowDigits, highDigits, most, to);
        fraction.end(from, 0, low != null, high != null);
        fraction.write(grammar.after(from, "."), 0, low != null, high != null);
    }

    private static String fractionDigits(BigDecimal value) {
        BigDecimal fraction = value.remainder(BigDecimal.ONE).abs().stripTrailingZeros();
        String text = fraction.toPlainString();
        return text.contains(".") ? text.substring(text.indexOf('.') + 1) : "";
    }

    /// The digits after the point, while they equal those of a bound or no longer do.
    private final class Fraction {
        private final @Nullable Bound low;
        private final @Nullable Bound high;
        private final String lowDigits;
        private final String highDigits;
        private final int most;
        private final Node to;
        private final Map<Integer, Node> known = new HashMap<>();

        Fraction(
                @Nullable Bound low,
                @Nullable Bound high,
                String lowDigits,
                String highDigits,
                int most,
                Node to) {
            this.low = low;
            this.high = high;
            this.lowDigits = lowDigits;
            this.highDigits = highDigits;
            this.most = most;
            this.to = to;
        }

        /// Lets the number end after `at` digits if it is within the bounds then.
        void end(Node from, int at, boolean atLow, boolean atHigh) {
            boolean equalsLow = atLow && lowDigits.length() <= at;
            boolean equalsHigh = atHigh && highDigits.length() <= at;
            boolean tooLow = (atLow && !equalsLow) || (equalsLow && low != null && low.open());
            if (!tooLow && !(equalsHigh && high != null && high.open())) {
                grammar.jump(from, to);
            }
        }

        void write(Node from, int at, boolean atLow, boolean atHigh) {
            if (at == most) {
                return;
            }
            char least = atLow && at < lowDigits.length() ? lowDigits.charAt(at) : '0';
            char last = atHigh ? (at < highDigits.length() ? highDigits.charAt(at) : '0') : '9';
            for (char c = least; c <= last; c++) {
                boolean nextLow = atLow && c == least;
                boolean nextHigh = atHigh && c == last;
                int key = at * 4 + (nextLow ? 2 : 0) + (nextHigh ? 1 : 0);
                Node next = known.get(key);
                if (next == null) {
                    next = grammar.node();
                    known.put(key, next);
                    end(next, at + 1, nextLow, nextHigh);
                    write(next, at + 1, nextLow, nextHigh);
                }
                grammar.bytes(from, c, c, next);
            }
        }
    }
}
