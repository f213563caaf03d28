package dev.jebena.tokenizers.internal.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Python's operators over values.
final class Operators {
    private Operators() {}

    static Object arithmetic(String operator, Object left, Object right, Budget budget) {
        check(left);
        check(right);
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.calculate(operator, left, right);
        }
        if (operator.equals("+") && left instanceof String a && right instanceof String b) {
            budget.allocate((long) a.length() + b.length());
            return a + b;
        }
        if (operator.equals("+")
                && left instanceof List<?> a
                && right instanceof List<?> b
                && a instanceof Tuple == b instanceof Tuple) {
            budget.allocate((long) a.size() + b.size());
            List<Object> all = new ArrayList<>(a);
            all.addAll(b);
            return a instanceof Tuple ? new Tuple(all) : all;
        }
        if (operator.equals("*") && Numbers.isWhole(right)) {
            return repeat(left, right, budget);
        }
        if (operator.equals("*") && Numbers.isWhole(left)) {
            return repeat(right, left, budget);
        }
        if (operator.equals("%") && left instanceof String format) {
            return PercentFormat.format(format, right, budget);
        }
        throw unsupported(operator, left, right);
    }

    private static Object repeat(Object value, Object times, Budget budget) {
        int count = Math.max(0, Numbers.clampedInt(times));
        if (value instanceof String text) {
            budget.allocate((long) text.length() * count);
            return text.repeat(count);
        }
        if (value instanceof List<?> list) {
            budget.allocate((long) list.size() * count);
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < count && !list.isEmpty(); i++) {
                all.addAll(list);
            }
            return value instanceof Tuple ? new Tuple(all) : all;
        }
        throw unsupported("*", value, times);
    }

    private static JinjaException unsupported(String operator, Object left, Object right) {
        String types = "'" + Values.typeName(left) + "' and '" + Values.typeName(right) + "'";
        return new JinjaException("unsupported operand types for " + operator + ": " + types);
    }

    private static void check(Object value) {
        if (value instanceof Undefined missing) {
            throw new JinjaException(missing.reason());
        }
    }

    static boolean compare(String operator, Object left, Object right, Budget budget) {
        return switch (operator) {
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "in" -> contains(right, left, budget);
            case "not in" -> !contains(right, left, budget);
            case "<" -> ordered(operator, left, right) && order(left, right) < 0;
            case "<=" -> ordered(operator, left, right) && order(left, right) <= 0;
            case ">" -> ordered(operator, left, right) && order(left, right) > 0;
            default -> ordered(operator, left, right) && order(left, right) >= 0;
        };
    }

    /// Whether the pair has an order; NaN has none.
    private static boolean ordered(String operator, Object left, Object right) {
        check(left);
        check(right);
        boolean numbers = Numbers.isNumber(left) && Numbers.isNumber(right);
        boolean comparable =
                numbers
                        || (left instanceof String && right instanceof String)
                        || (left instanceof List
                                && right instanceof List
                                && left instanceof Tuple == right instanceof Tuple);
        if (!comparable) {
            throw new JinjaException(
                    "'"
                            + operator
                            + "' not supported between '"
                            + Values.typeName(left)
                            + "' and '"
                            + Values.typeName(right)
                            + "'");
        }
        return !numbers || !(isNan(left) || isNan(right));
    }

    private static boolean isNan(Object value) {
        return value instanceof Double number && number.isNaN();
    }

    /// Negative, zero or positive; fails for values without an order between them.
    static int order(Object left, Object right) {
        ordered("<", left, right);
        if (left instanceof String a && right instanceof String b) {
            return compareCodePoints(a, b);
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                Object x = a.get(i);
                Object y = b.get(i);
                if (!equal(x, y)) {
                    return order(x, y);
                }
            }
            return Integer.compare(a.size(), b.size());
        }
        return Numbers.compare(left, right);
    }

    private static int compareCodePoints(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Surrogates stand for characters above all others.
                boolean bothPlain = !Character.isSurrogate(x) && !Character.isSurrogate(y);
                return bothPlain || (Character.isSurrogate(x) && Character.isSurrogate(y))
                        ? Character.compare(x, y)
                        : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    static boolean equal(Object left, Object right) {
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.equal(left, right);
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            return a instanceof Tuple == b instanceof Tuple && equalItems(a, b);
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            return equalEntries(Values.map(a), Values.map(b));
        }
        if (left instanceof View a && right instanceof View b) {
            return a.kind() == b.kind() && equalItems(a.items(), b.items());
        }
        return left instanceof Undefined
                ? right instanceof Undefined
                : left == right || (left instanceof String && left.equals(right));
    }

    private static boolean equalItems(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        Iterator<?> others = b.iterator();
        for (Object item : a) {
            if (!equal(item, others.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalEntries(Map<Object, Object> a, Map<Object, Object> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<Object, Object> entry : a.entrySet()) {
            Object other = b.get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean contains(Object container, Object wanted, Budget budget) {
        if (container instanceof String text) {
            check(wanted);
            if (wanted instanceof String part) {
                budget.steps(text.length() >> 6);
                return text.contains(part);
            }
            throw new JinjaException(
                    "'in <string>' needs a string on its left, not " + Values.typeName(wanted));
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(Values.key(wanted));
        }
        for (Object item : Values.elements(container, budget)) {
            if (equal(item, wanted)) {
                return true;
            }
        }
        return false;
    }
}
