package dev.jebena.tokenizers.internal.jinja;

import java.util.ArrayList;
import java.util.List;

/// Python's slices, `value[start:stop:step]`.
final class Slices {
    private Slices() {}

    static Object slice(Object value, Object start, Object stop, Object step, Budget budget) {
        if (value instanceof String text) {
            int length = CodePoints.length(text);
            if (bound(step, 1) == 1) {
                int[] range = range(length, start, stop, 1);
                budget.allocate(text.length());
                return CodePoints.substring(text, range[0], Math.max(range[0], range[1]));
            }
            budget.allocate(length * 2L);
            return String.join(
                    "",
                    pick(CodePoints.characters(text), range(length, start, stop, bound(step, 1))));
        }
        if (value instanceof List<?> list) {
            budget.allocate(list.size());
            List<Object> items =
                    new ArrayList<>(pick(list, range(list.size(), start, stop, bound(step, 1))));
            return value instanceof Tuple ? new Tuple(items) : items;
        }
        if (value instanceof View view && view.kind() == View.Kind.RANGE) {
            List<Object> items = view.items();
            return new View(
                    View.Kind.RANGE, pick(items, range(items.size(), start, stop, bound(step, 1))));
        }
        if (value instanceof Undefined missing) {
            throw new JinjaException(missing.reason());
        }
        return new Undefined("'" + Values.typeName(value) + "' object has no slices");
    }

    private static int bound(Object value, int fallback) {
        if (value == None.NONE) {
            return fallback;
        }
        if (!Numbers.isWhole(value)) {
            throw new JinjaException(
                    "slice indices must be integers or None, not " + Values.typeName(value));
        }
        return Numbers.clampedInt(value);
    }

    /// First place, end (exclusive) and step over a sequence of `length`.
    private static int[] range(int length, Object start, Object stop, int step) {
        if (step == 0) {
            throw new JinjaException("slice step cannot be zero");
        }
        boolean down = step < 0;
        int begin = place(bound(start, down ? Integer.MAX_VALUE : 0), length, down);
        int end = stop == None.NONE ? (down ? -1 : length) : place(bound(stop, 0), length, down);
        return new int[] {begin, end, step};
    }

    private static int place(int bound, int length, boolean down) {
        int lowest = down ? -1 : 0;
        int highest = down ? length - 1 : length;
        return Math.clamp(bound < 0 ? (long) bound + length : bound, lowest, highest);
    }

    private static <T> List<T> pick(List<T> items, int[] range) {
        List<T> picked = new ArrayList<>();
        for (long i = range[0]; range[2] > 0 ? i < range[1] : i > range[1]; i += range[2]) {
            picked.add(items.get((int) i));
        }
        return picked;
    }
}
