package dev.jebena.llm.internal.constraint;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Equality of JSON values as JSON Schema has it: numbers by their value, objects without order.
final class JsonValues {
    private JsonValues() {}

    static boolean equal(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            return decimal(x).compareTo(decimal(y)) == 0;
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            boolean same = x.size() == y.size();
            for (int i = 0; same && i < x.size(); i++) {
                same = equal(x.get(i), y.get(i));
            }
            return same;
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return x.size() == y.size()
                    && x.entrySet().stream()
                            .allMatch(e ->
                                    y.containsKey(e.getKey())
                                            && equal(e.getValue(), y.get(e.getKey())));
        }
        return a == null ? b == null : a.equals(b);
    }

    static boolean contains(List<@Nullable Object> values, @Nullable Object value) {
        return values.stream().anyMatch(one -> equal(one, value));
    }

    static List<@Nullable Object> common(
            List<@Nullable Object> first, List<@Nullable Object> second) {
        List<@Nullable Object> common = new ArrayList<>(first);
        common.removeIf(value -> !contains(second, value));
        return common;
    }

    static BigDecimal decimal(Number number) {
        return new BigDecimal(number.toString());
    }

    static boolean isWhole(Number number) {
        return decimal(number).stripTrailingZeros().scale() <= 0;
    }
}
