package dev.jebena.llm.internal.constraint;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the numbers of a schema into a grammar. Where they have to be multiples, or other than
/// some, those without exponent.
final class NumberText {
    private static final int MAX_DIVISOR = 2_000;
    private static final int MAX_DECIMALS = 9;

    private final Grammar grammar;
    private final JsonText json;

    NumberText(Grammar grammar, JsonText json) {
        this.grammar = grammar;
        this.json = json;
    }

    void write(Node from, Facts facts, Node to) {
        boolean wholes = facts.integer;
        boolean plain = facts.notMultiples.isEmpty() && !facts.fraction;
        for (BigDecimal multiple : facts.multiples) {
            wholes |= multiple.stripTrailingZeros().scale() <= 0;
            plain &= multiple.compareTo(BigDecimal.ONE) == 0;
        }
        List<BigDecimal> excluded =
                facts.excluded.stream()
                        .filter(Number.class::isInstance)
                        .map(value -> JsonValues.decimal((Number) value))
                        .toList();
        if (plain && excluded.isEmpty()) {
            range(from, facts, wholes, to);
            return;
        }
        Node start = grammar.node();
        Node end = new Node(true);
        range(start, facts, wholes, end);
        Language numbers = Language.of(start, end).and(regex("-?[0-9]+(?:[.][0-9]+)?"));
        for (BigDecimal multiple : facts.multiples) {
            numbers = numbers.and(multiples(multiple));
        }
        for (BigDecimal multiple : facts.notMultiples) {
            numbers = numbers.minus(multiples(multiple));
        }
        for (BigDecimal value : excluded) {
            numbers = numbers.minus(spellings(value));
        }
        if (facts.fraction) {
            numbers = numbers.and(regex("-?[0-9]+[.][0-9]*[1-9][0-9]*"));
        }
        new LanguageText(grammar).plain(numbers, from, to);
    }

    private void range(Node from, Facts facts, boolean wholes, Node to) {
        NumberRange.@Nullable Bound low = facts.low;
        NumberRange.@Nullable Bound high = facts.high;
        if (low == null && high == null) {
            json.number(from, to, wholes);
        } else {
            new NumberRange(grammar, json, wholes).write(from, low, high, to);
        }
    }

    private static Language regex(String pattern) {
        return Language.of(RegexParser.parseWhole(pattern));
    }

    /// All texts without exponent that stand for `value`.
    private static Language spellings(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        String digits = stripped.abs().toPlainString();
        String sign = value.signum() < 0 ? "-" : value.signum() == 0 ? "-?" : "";
        String zeros = digits.contains(".") ? "0*" : "(?:[.]0+)?";
        return regex(sign + digits.replace(".", "[.]") + zeros);
    }

    /// Multiples of `divisor`, digit by digit: what is read so far is known by its remainder.
    private static Language multiples(BigDecimal divisor) {
        BigDecimal stripped = divisor.stripTrailingZeros();
        int decimals = Math.max(0, stripped.scale());
        BigInteger unscaled = stripped.movePointRight(decimals).toBigIntegerExact();
        if (unscaled.compareTo(BigInteger.valueOf(MAX_DIVISOR)) > 0
                || decimals > MAX_DECIMALS
                || unscaled.intValue() * (decimals + 2) > 5_000) {
            throw Grammar.refused(
                    "schema: 'multipleOf' %s has too many digits to be followed"
                            .formatted(divisor.toPlainString()));
        }
        int a = unscaled.intValue();
        int states = 2 + a * (decimals + 2);
        BitSet accepting = new BitSet();
        for (int remainder = 0; remainder < a; remainder++) {
            for (int read = -1; read <= decimals; read++) {
                long rest = remainder * power(10, decimals - Math.max(0, read), a) % a;
                accepting.set(2 + a * (read + 1) + remainder, rest == 0);
            }
        }
        return Language.ofDigits(states, (state, c) -> next(state, c, a, decimals), accepting);
    }

    private static long power(int base, int exponent, int modulus) {
        long power = 1 % modulus;
        for (int i = 0; i < exponent; i++) {
            power = power * base % modulus;
        }
        return power;
    }

    /// State 0 is the start, 1 follows the sign; the others are remainders, first of the integer
    /// part, then for each number of decimals.
    private static int next(int state, int c, int a, int decimals) {
        if (c == '-') {
            return state == 0 ? 1 : -1;
        }
        int read = state < 2 ? -1 : (state - 2) / a - 1;
        int remainder = state < 2 ? 0 : (state - 2) % a;
        if (c == '.') {
            return state >= 2 && read < 0 ? 2 + a + remainder : -1;
        }
        int digit = c - '0';
        if (read == decimals) {
            return digit == 0 ? state : -1;
        }
        int then = read < 0 ? -1 : read + 1;
        return 2 + a * (then + 1) + (remainder * 10 + digit) % a;
    }
}
