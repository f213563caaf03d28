package dev.jebena.tokenizers;

/// How a text that has too many tokens is cut. What is cut off comes as [Encoding#overflow], in
/// parts that are no longer either.
///
/// @param maxLength tokens of an encoding at most, with the special ones around it
/// @param stride how many tokens each part repeats of the one before
/// @param strategy which text of a pair is cut
/// @param side where tokens are cut off
public record Truncation(int maxLength, int stride, Strategy strategy, Side side) {
    /// Which text of a pair is cut.
    public enum Strategy {
        /// The longer one, then both.
        LONGEST_FIRST,
        ONLY_FIRST,
        ONLY_SECOND
    }

    public Truncation {
        if (maxLength < 0 || stride < 0) {
            throw new IllegalArgumentException(
                    "truncation to " + maxLength + " tokens with a stride of " + stride);
        }
    }

    /// Cuts at the end, without repetition.
    public static Truncation to(int maxLength) {
        return new Truncation(maxLength, 0, Strategy.LONGEST_FIRST, Side.RIGHT);
    }

    public Truncation withStride(int tokens) {
        return new Truncation(maxLength, tokens, strategy, side);
    }

    public Truncation withStrategy(Strategy which) {
        return new Truncation(maxLength, stride, which, side);
    }

    public Truncation withSide(Side which) {
        return new Truncation(maxLength, stride, strategy, which);
    }
}
