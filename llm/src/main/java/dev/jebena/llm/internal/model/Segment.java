package dev.jebena.llm.internal.model;

/// Consecutive rows of a pass that belong to one sequence.
///
/// @param first its first row in the pass
/// @param rows how many
/// @param position the first row's position in its sequence
/// @param pages byte offsets of the sequence's pages, enough for all positions up to the last row's
/// @param adapters of the sequence
record Segment(int first, int rows, int position, long[] pages, AdapterSet adapters) {
    /// Positions that the sequence has once the rows are computed.
    int length() {
        return position + rows;
    }
}
