package dev.jebena.tensor;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// An immutable list of ints: axes, strides, paddings.
public final class Ints {
    private static final Ints EMPTY = new Ints(new int[0]);
    private final int[] values;

    private Ints(int[] values) {
        this.values = values;
    }

    public static Ints of(int... values) {
        return values.length == 0 ? EMPTY : new Ints(values.clone());
    }

    /// `count` times the same value.
    public static Ints filled(int count, int value) {
        int[] values = new int[count];
        Arrays.fill(values, value);
        return new Ints(values);
    }

    /// `begin`, `begin + 1`, ..., `end - 1`.
    public static Ints range(int begin, int end) {
        return new Ints(IntStream.range(begin, end).toArray());
    }

    public int size() {
        return values.length;
    }

    public int get(int index) {
        return values[index];
    }

    public int[] toArray() {
        return values.clone();
    }

    public boolean contains(int value) {
        return indexOf(value) >= 0;
    }

    /// The first place of `value`, or -1.
    public int indexOf(int value) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == value) {
                return i;
            }
        }
        return -1;
    }

    public Ints map(IntUnaryOperator function) {
        return new Ints(IntStream.of(values).map(function).toArray());
    }

    /// This list behind one more value.
    public Ints prepend(int value) {
        int[] longer = new int[values.length + 1];
        longer[0] = value;
        System.arraycopy(values, 0, longer, 1, values.length);
        return new Ints(longer);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ints ints && Arrays.equals(values, ints.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
