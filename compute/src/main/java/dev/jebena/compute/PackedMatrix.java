package dev.jebena.compute;

/// Weights in the layout that one implementation of [Kernels] computes with; made by
/// [Kernels#allocatePacked] and filled by [Kernels#pack]. The memory belongs to the arena that was
/// passed there. Only the kernels that made it can use it.
public interface PackedMatrix {
    /// The format whose numbers the matrix holds.
    DataType type();

    /// Number of outputs.
    int rows();

    /// Elements of a row, a multiple of the format's block size.
    int columns();

    /// Bytes of native memory in use.
    long bytes();
}
