package dev.jebena.compute.x86;

import java.util.Arrays;

/// Constants in the width of the code's vectors: with AVX-512 one number that the instruction
/// spreads, with AVX2 as many copies as a register holds.
final class Constants {
    private Constants() {}

    /// A whole vector of `value`.
    static Memory all(Assembler a, int value) {
        if (a.hasAvx512()) {
            return a.constants(value).broadcast();
        }
        int[] copies = new int[a.vectorBytes() / 4];
        Arrays.fill(copies, value);
        return a.constants(copies);
    }

    static Memory all(Assembler a, float value) {
        return all(a, Float.floatToRawIntBits(value));
    }

    /// A vector of the numbers 0, 1, 2, ...
    static Memory counting(Assembler a) {
        int[] numbers = new int[a.vectorBytes() / 4];
        Arrays.setAll(numbers, i -> i);
        return a.constants(numbers);
    }

    /// A vector of `numbers` again and again.
    static Memory repeated(Assembler a, int... numbers) {
        int[] all = new int[a.vectorBytes() / 4];
        Arrays.setAll(all, i -> numbers[i % numbers.length]);
        return a.constants(all);
    }
}
