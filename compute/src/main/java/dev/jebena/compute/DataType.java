package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// How a tensor's elements are stored: plain numbers, or blocks of quantized numbers that share
/// scales. Names, ids, block sizes and byte layouts are GGUF's (the `ggml_type` of the GGUF
/// specification).
public enum DataType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    IQ2_XXS(16, 256, 66),
    IQ2_XS(17, 256, 74),
    IQ3_XXS(18, 256, 98),
    IQ1_S(19, 256, 50),
    IQ4_NL(20, 32, 18),
    IQ3_S(21, 256, 110),
    IQ2_S(22, 256, 82),
    IQ4_XS(23, 256, 136),
    I8(24, 1, 1),
    I16(25, 1, 2),
    I32(26, 1, 4),
    I64(27, 1, 8),
    F64(28, 1, 8),
    IQ1_M(29, 256, 56),
    BF16(30, 1, 2),
    TQ1_0(34, 256, 54),
    TQ2_0(35, 256, 66),
    MXFP4(39, 32, 17),
    NVFP4(40, 64, 36),
    Q1_0(41, 128, 18),
    Q2_0(42, 64, 18);

    private static final Set<DataType> WRITABLE =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K,
                            Q6_K, IQ4_NL, IQ4_XS, MXFP4, TQ1_0, TQ2_0));

    private final int ggufId;
    private final int blockSize;
    private final int blockBytes;

    DataType(int ggufId, int blockSize, int blockBytes) {
        this.ggufId = ggufId;
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
    }

    /// The type that a GGUF file writes as `id`; empty for one that does not exist (any more).
    public static Optional<DataType> ofGgufId(int id) {
        for (DataType type : values()) {
            if (type.ggufId == id) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    public int ggufId() {
        return ggufId;
    }

    /// Elements of one block; 1 for plain numbers.
    public int blockSize() {
        return blockSize;
    }

    /// Bytes of one block.
    public int blockBytes() {
        return blockBytes;
    }

    /// Bytes of `elements` elements; `elements` must be a multiple of [#blockSize()].
    public long bytes(long elements) {
        return elements / blockSize * blockBytes;
    }

    /// Decodes `count` blocks of `source`, from block number `first` on, into `target[at ...]`.
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        BlockFormat.of(this).decode(source, first, count, target, at);
    }

    /// The types that [#encode(float[], int, MemorySegment, long, int)] writes.
    public static Set<DataType> writable() {
        return WRITABLE;
    }

    /// Encodes `source[from ...]` into `count` blocks of `target` from block number `first` on.
    /// Plain numbers, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, MXFP4 and TQ round to nearest, as the reference
    /// quantizer of GGUF's authors does; the scales of the others are searched for.
    ///
    /// @throws UnsupportedOperationException unless this is one of [#writable()]
    public void encode(float[] source, int from, MemorySegment target, long first, int count) {
        BlockFormat.of(this).encode(source, from, target, first, count);
    }

    /// Encodes a row, or whole blocks of one, so that the squared errors of its elements, weighted
    /// with the importance of their columns, are small in sum. Plain numbers, Q8_0, MXFP4 and TQ
    /// round to nearest all the same.
    ///
    /// @param importance of the elements from `from` on, the first one's first: the mean square of
    ///   what a column is multiplied with; none below 0
    /// @throws UnsupportedOperationException unless this is one of [#writable()]
    public void encode(
            float[] source,
            int from,
            float[] importance,
            MemorySegment target,
            long first,
            int count) {
        BlockFormat.of(this).encode(source, from, importance, target, first, count);
    }
}
