package dev.jebena.formats;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Shapes from files, checked before anything is computed with them.
final class Shapes {
    private Shapes() {}

    /// A shape of whole numbers from 0 on, of [StridedView#MOST_DIMENSIONS] dimensions at most.
    ///
    /// @param problem makes the error for what is wrong
    static <X extends RuntimeException> List<Long> of(
            List<?> numbers, Function<String, X> problem) {
        if (numbers.size() > StridedView.MOST_DIMENSIONS) {
            throw problem.apply(
                    "the shape has %d dimensions, at most %d are allowed"
                            .formatted(numbers.size(), StridedView.MOST_DIMENSIONS));
        }
        List<Long> shape = new ArrayList<>(numbers.size());
        for (Object number : numbers) {
            if (!(number instanceof Long length) || length < 0) {
                throw problem.apply(
                        "the shape must be whole numbers from 0 on, found "
                                + (number instanceof Long
                                        ? number
                                        : number == null
                                                ? "none"
                                                : number.getClass().getSimpleName()));
            }
            shape.add(length);
        }
        return List.copyOf(shape);
    }

    /// Bytes of a tensor, which are refused from 2^63 bits on, also where a dimension of 0 hides
    /// the others.
    static long bytes(
            ElementType type, List<Long> shape, Function<String, FormatException> problem) {
        long elements = 1;
        boolean empty = false;
        for (long length : shape) {
            empty |= length == 0;
            if (elements > Long.MAX_VALUE / type.bits() / Math.max(1, length)) {
                throw problem.apply("it has more than 2^63 bits: " + type + shown(shape));
            }
            elements *= Math.max(1, length);
        }
        return empty ? 0 : type.bytes(elements);
    }

    /// A shape or strides for messages, cut when long.
    static String shown(List<Long> numbers) {
        return numbers.size() <= 16 ? numbers.toString() : numbers.subList(0, 16) + "...";
    }
}
