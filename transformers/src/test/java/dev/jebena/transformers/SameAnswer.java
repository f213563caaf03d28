package dev.jebena.transformers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Compares JSON values: numbers within a tolerance, everything else exactly.
final class SameAnswer {
    private SameAnswer() {}

    static void check(String place, @Nullable Object found, @Nullable Object wanted) {
        switch (wanted) {
            case Map<?, ?> map -> {
                assertThat(found).as(place).isInstanceOf(Map.class);
                Map<?, ?> other = (Map<?, ?>) found;
                assertThat(names(other)).as(place).containsExactlyInAnyOrderElementsOf(names(map));
                map.forEach((key, value) -> check(place + "." + key, other.get(key), value));
            }
            case List<?> list -> {
                assertThat(found).as(place + ": " + found).isInstanceOf(List.class);
                List<?> other = (List<?>) found;
                assertThat(other)
                        .as(place + " " + found + " instead of " + wanted)
                        .hasSameSizeAs(list);
                for (int i = 0; i < list.size(); i++) {
                    check(place + "[" + i + "]", other.get(i), list.get(i));
                }
            }
            case Double number -> {
                assertThat(found).as(place).isInstanceOf(Number.class);
                assertThat(((Number) found).doubleValue())
                        .as(place)
                        .isCloseTo(number, within(1e-4 * Math.max(1, Math.abs(number))));
            }
            case Long number -> {
                assertThat(found).as(place).isInstanceOf(Number.class);
                assertThat(((Number) found).longValue()).as(place).isEqualTo(number);
            }
            case null, default -> assertThat(found).as(place).isEqualTo(wanted);
        }
    }

    private static List<String> names(Map<?, ?> map) {
        return map.keySet().stream().map(String::valueOf).toList();
    }
}
