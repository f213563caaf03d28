package dev.jebena.formats;

/// The types of metadata values in a GGUF file, in the order of their ids.
public enum GgufType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(8),
    ARRAY(12),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private final int minimumBytes;

    GgufType(int minimumBytes) {
        this.minimumBytes = minimumBytes;
    }

    /// The fewest bytes that a value takes in a file: those of the length prefix where it has one.
    int minimumBytes() {
        return minimumBytes;
    }
}
