package dev.jebena.tokenizers.internal.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;

/// Python's integers (of bounded size) and floats.
final class Numbers {
    private static final int MAX_BITS = 4_096;

    private Numbers() {}

    static Object of(BigInteger value) {
        if (value.bitLength() > MAX_BITS) {
            throw new JinjaException("an integer of more than " + MAX_BITS + " bits");
        }
        return value.bitLength() < 64 ? (Object) value.longValue() : value;
    }

    static boolean isWhole(Object value) {
        return value instanceof Long || value instanceof BigInteger || value instanceof Boolean;
    }

    static boolean isNumber(Object value) {
        return isWhole(value) || value instanceof Double;
    }

    static boolean isZero(Number value) {
        return value instanceof BigInteger big ? big.signum() == 0 : value.doubleValue() == 0;
    }

    static BigInteger big(Object whole) {
        return switch (whole) {
            case Boolean bool -> bool ? BigInteger.ONE : BigInteger.ZERO;
            case BigInteger big -> big;
            default -> BigInteger.valueOf((Long) whole);
        };
    }

    static double real(Object number) {
        return number instanceof Double real ? real : big(number).doubleValue();
    }

    /// The nearest `int`.
    static int clampedInt(Object whole) {
        BigInteger big = big(whole);
        if (big.bitLength() > 31) {
            return big.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
        }
        return Math.clamp(big.longValue(), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    static Object calculate(String operator, Object left, Object right) {
        if (left instanceof Double || right instanceof Double || operator.equals("/")) {
            return realResult(operator, real(left), real(right));
        }
        if (left instanceof Long a && right instanceof Long b && small(a) && small(b)) {
            switch (operator) {
                case "+" -> {
                    return a + b;
                }
                case "-" -> {
                    return a - b;
                }
                case "*" -> {
                    return a * b;
                }
                default -> {}
            }
        }
        return wholeResult(operator, big(left), big(right));
    }

    private static boolean small(long value) {
        return value == (int) value;
    }

    private static Object realResult(String operator, double left, double right) {
        if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new JinjaException("division by zero");
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            case "%" -> left - right * Math.floor(left / right);
            default -> Math.pow(left, right);
        };
    }

    private static Object wholeResult(String operator, BigInteger left, BigInteger right) {
        return switch (operator) {
            case "+" -> of(left.add(right));
            case "-" -> of(left.subtract(right));
            case "*" -> of(left.multiply(right));
            case "**" -> power(left, right);
            default -> {
                if (right.signum() == 0) {
                    throw new JinjaException("integer division or modulo by zero");
                }
                BigInteger[] parts = left.divideAndRemainder(right);
                boolean down = parts[1].signum() != 0 && parts[1].signum() != right.signum();
                yield operator.equals("%")
                        ? of(down ? parts[1].add(right) : parts[1])
                        : of(down ? parts[0].subtract(BigInteger.ONE) : parts[0]);
            }
        };
    }

    private static Object power(BigInteger base, BigInteger exponent) {
        if (exponent.signum() < 0) {
            return Math.pow(base.doubleValue(), exponent.doubleValue());
        }
        if (base.bitLength() > 1 && exponent.doubleValue() * (base.bitLength() - 1) > MAX_BITS) {
            throw new JinjaException("an integer of more than " + MAX_BITS + " bits");
        }
        boolean unit = base.bitLength() <= 1;
        int times = unit ? 2 - exponent.intValue() % 2 : exponent.intValue();
        return exponent.signum() == 0 ? 1L : of(base.pow(times));
    }

    static Object negate(Object value) {
        return value instanceof Double real ? (Object) (-real) : of(big(value).negate());
    }

    static int compare(Object left, Object right) {
        if (left instanceof Double || right instanceof Double) {
            double a = real(left);
            double b = real(right);
            return a < b ? -1 : a > b ? 1 : 0;
        }
        return big(left).compareTo(big(right));
    }

    static boolean equal(Object left, Object right) {
        if (left instanceof Double || right instanceof Double) {
            return real(left) == real(right);
        }
        return big(left).equals(big(right));
    }

    /// Python's `repr` of a float: the shortest digits that give it back.
    static String repr(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        String digits = decimal.unscaledValue().abs().toString();
        int exponent = digits.length() - decimal.scale() - 1;
        String sign = value < 0 ? "-" : "";
        if (exponent < -4 || exponent >= 16) {
            String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
            String shown = (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "");
            return sign + digits.charAt(0) + fraction + "e" + shown + Math.abs(exponent);
        }
        String plain = decimal.abs().toPlainString();
        return sign + plain + (plain.indexOf('.') < 0 ? ".0" : "");
    }
}
