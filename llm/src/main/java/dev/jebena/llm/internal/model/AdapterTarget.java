package dev.jebena.llm.internal.model;

import java.util.List;

/// A tensor of a model that adapters can change.
///
/// @param matrices of one shape that it holds: the number of experts, else 1
/// @param embedding whether it is a table of rows that are looked up, not multiplied with
record AdapterTarget(int matrices, int outputs, int inputs, boolean embedding) {
    /// Shape of the half that reads.
    List<Long> inward(long rank) {
        return embedding ? List.of((long) outputs, rank) : shape(rank, inputs);
    }

    /// Shape of the half that writes.
    List<Long> outward(long rank) {
        return embedding ? List.of((long) inputs, rank) : shape(outputs, rank);
    }

    private List<Long> shape(long rows, long columns) {
        return matrices == 1 ? List.of(rows, columns) : List.of((long) matrices, rows, columns);
    }
}
