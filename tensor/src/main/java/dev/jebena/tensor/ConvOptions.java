package dev.jebena.tensor;

/// How a convolution's window moves. Lists have one number for each axis, or one for all.
///
/// @param outputPadding what a transposed convolution adds at the end of each axis
/// @param byDefinition whether each result is one chain of multiply-adds, which is exact for small
///   integers; else fewer products may be used, with errors about twice as large
public record ConvOptions(
        Ints stride,
        Ints padding,
        Ints dilation,
        int groups,
        Ints outputPadding,
        boolean byDefinition) {
    /// Stride 1, no padding, dilation 1, one group.
    public static ConvOptions defaults() {
        return new ConvOptions(Ints.of(1), Ints.of(0), Ints.of(1), 1, Ints.of(0), false);
    }

    public ConvOptions stride(int... numbers) {
        return new ConvOptions(
                Ints.of(numbers), padding, dilation, groups, outputPadding, byDefinition);
    }

    /// Zeros on both sides of each axis; pairs of numbers, `2 n` of them, give each side its own.
    public ConvOptions padding(int... numbers) {
        return new ConvOptions(
                stride, Ints.of(numbers), dilation, groups, outputPadding, byDefinition);
    }

    public ConvOptions dilation(int... numbers) {
        return new ConvOptions(
                stride, padding, Ints.of(numbers), groups, outputPadding, byDefinition);
    }

    public ConvOptions groups(int count) {
        return new ConvOptions(stride, padding, dilation, count, outputPadding, byDefinition);
    }

    public ConvOptions outputPadding(int... numbers) {
        return new ConvOptions(stride, padding, dilation, groups, Ints.of(numbers), byDefinition);
    }

    /// Each result as one chain of multiply-adds.
    public ConvOptions definition() {
        return new ConvOptions(stride, padding, dilation, groups, outputPadding, true);
    }

    int outputPaddingOf(int axis) {
        return outputPadding.size() == 1 ? outputPadding.get(0) : outputPadding.get(axis);
    }

    Op.Window window(int axes) {
        boolean sides = axes > 0 && padding.size() == 2 * axes;
        Ints low = sides ? Ints.range(0, axes).map(i -> padding.get(2 * i)) : spread(padding, axes);
        Ints high = sides ? Ints.range(0, axes).map(i -> padding.get(2 * i + 1)) : low;
        return new Op.Window(
                spread(stride, axes), low, high, spread(dilation, axes), groups, byDefinition);
    }

    static Ints spread(Ints numbers, int axes) {
        if (numbers.size() != 1 && numbers.size() != axes) {
            throw TensorException.value(
                    "window: %s has %d numbers; 1 or %d are needed", numbers, numbers.size(), axes);
        }
        return Ints.range(0, Math.max(0, axes))
                .map(i -> numbers.size() == 1 ? numbers.get(0) : numbers.get(i));
    }
}
