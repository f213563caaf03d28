package dev.jebena.compute;

import java.util.Arrays;

/// The numbers that a format can store for an element before its scale, each with a code.
sealed interface Levels {
    /// The code of the number nearest to `x`.
    int code(float x);

    /// The number that `code` stands for.
    float value(int code);

    /// The numbers of largest magnitude: one or both ends.
    float[] ends();

    /// How far apart the scales lie that a search tries, as a step of what the largest magnitude is
    /// mapped to.
    float step();

    /// Whole numbers from `-count / 2` on, `count` of them.
    static Levels signed(int count) {
        return new Whole(-count / 2, count / 2 - 1);
    }

    /// Whole numbers from 0 to `largest`.
    static Levels unsigned(int largest) {
        return new Whole(0, largest);
    }

    /// The nearest whole number; ties go to the even one.
    static int nearest(float x) {
        return (int) Math.rint(x);
    }

    /// All whole numbers from `first` to `last`; codes count from the first.
    record Whole(int first, int last) implements Levels {
        @Override
        public int code(float x) {
            return Math.clamp(nearest(x), first, last) - first;
        }

        @Override
        public float value(int code) {
            return (float) code + first;
        }

        @Override
        public float[] ends() {
            return new float[] {first < 0 ? first : last};
        }

        @Override
        public float step() {
            return 0.1f;
        }
    }

    /// Unevenly spaced whole numbers, in order.
    final class Table implements Levels {
        private final float[] values;
        private final int least;
        // Codes by half steps: halfway between two whole numbers is a multiple of one half.
        private final byte[] codes;

        Table(float[] values) {
            this.values = values.clone();
            this.least = (int) (2 * values[0]);
            this.codes = new byte[(int) (2 * values[values.length - 1]) - least + 1];
            int code = 0;
            for (int i = 0; i < codes.length; i++) {
                float half = (least + i) / 2f;
                while (code + 1 < values.length && half >= (values[code] + values[code + 1]) / 2) {
                    code++;
                }
                codes[i] = (byte) code;
            }
        }

        @Override
        public int code(float x) {
            int half = (int) Math.floor(2 * (double) x) - least;
            return codes[Math.clamp(half, 0, codes.length - 1)];
        }

        @Override
        public float value(int code) {
            return values[code];
        }

        @Override
        public float[] ends() {
            return new float[] {values[0], values[values.length - 1]};
        }

        @Override
        public float step() {
            return 1;
        }

        @Override
        public String toString() {
            return Arrays.toString(values);
        }
    }
}
