package dev.jebena.tokenizers.internal.jinja;

/// What one rendering may use, so that a hostile template can neither hang nor fill the memory.
final class Budget {
    /// Elements that `range` may have; the limit of Jinja2's sandbox.
    static final int MAX_RANGE = 100_000;

    /// Longest string that may arise, in UTF-16 units.
    static final int MAX_STRING = 16 << 20;

    private static final int MAX_DEPTH = 600;
    private static final long MAX_STEPS = 10_000_000;
    private static final long MAX_SIZE = 256L << 20;

    private long steps;
    private long size;
    private int depth;

    /// Counts one evaluation and one level of nesting; [#leave] ends the level.
    void enter() {
        steps(1);
        if (++depth > MAX_DEPTH) {
            throw new JinjaException("nested deeper than " + MAX_DEPTH + " levels");
        }
    }

    void leave() {
        depth--;
    }

    /// Counts work that is not an evaluation: elements visited, characters searched.
    void steps(long count) {
        steps += count;
        if (steps > MAX_STEPS) {
            throw new JinjaException("the template takes more than " + MAX_STEPS + " steps");
        }
    }

    /// Counts a string or list of `length` that is about to be made.
    void allocate(long length) {
        size += length;
        if (length > MAX_STRING || size > MAX_SIZE) {
            throw new JinjaException("the template makes more text than a prompt can hold");
        }
        steps(length >> 6);
    }
}
