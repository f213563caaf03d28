package dev.jebena.serving;

import org.jspecify.annotations.Nullable;

/// vLLM's `use_beam_search` with `length_penalty`.
///
/// @param width beginnings that are kept
record Beams(int width, double lengthPenalty) {
    private static final int MOST = 64;

    /// What the request asks for; null for no beam search.
    ///
    /// @param width answers that are made
    static @Nullable Beams of(RequestFields request, int width, boolean stream) {
        if (!request.flag("use_beam_search", false)) {
            return null;
        }
        if (stream) {
            throw request.invalid(
                    "stream",
                    "beam search knows its answer only at its end; leave out one of them");
        }
        if (width > MOST) {
            throw request.invalid("n", "at most " + MOST + " beams, found " + width);
        }
        Double penalty = request.number("length_penalty", -100, 100);
        return new Beams(width, penalty == null ? 1 : penalty);
    }
}
