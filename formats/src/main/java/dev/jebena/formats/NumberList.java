package dev.jebena.formats;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/// Lists of numbers in as little memory as an array takes.
final class NumberList {
    private NumberList() {}

    static List<Long> of(long[] numbers) {
        return new Longs(numbers);
    }

    static List<Float> of(float[] numbers) {
        return new Floats(numbers);
    }

    /// Collects numbers.
    static final class LongBuilder {
        private long[] numbers = new long[4];
        private int size;

        void add(long number) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * size);
            }
            numbers[size++] = number;
        }

        List<Long> build() {
            return of(Arrays.copyOf(numbers, size));
        }
    }

    /// Collects numbers.
    static final class FloatBuilder {
        private float[] numbers = new float[4];
        private int size;

        void add(float number) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * size);
            }
            numbers[size++] = number;
        }

        List<Float> build() {
            return of(Arrays.copyOf(numbers, size));
        }
    }

    private static final class Longs extends AbstractList<Long> implements RandomAccess {
        private final long[] numbers;

        private Longs(long[] numbers) {
            this.numbers = numbers;
        }

        @Override
        public Long get(int index) {
            return numbers[index];
        }

        @Override
        public int size() {
            return numbers.length;
        }
    }

    private static final class Floats extends AbstractList<Float> implements RandomAccess {
        private final float[] numbers;

        private Floats(float[] numbers) {
            this.numbers = numbers;
        }

        @Override
        public Float get(int index) {
            return numbers[index];
        }

        @Override
        public int size() {
            return numbers.length;
        }
    }
}
