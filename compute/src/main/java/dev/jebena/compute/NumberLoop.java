package dev.jebena.compute;

/// A compiled [LoopCode].
@FunctionalInterface
public interface NumberLoop {
    /// Does the code for `n` elements.
    ///
    /// @param at native addresses of the inputs, then of the outputs; the caller keeps the memory
    ///   alive. An output lies at the very place of an input or apart from all.
    void run(long[] at, int n);
}
