package dev.jebena.tensor;

import java.util.Locale;

/// Element types.
public enum DType {
    BOOL(Kind.BOOLEAN, 1),
    UINT8(Kind.INTEGER, 1),
    INT8(Kind.INTEGER, 1),
    INT16(Kind.INTEGER, 2),
    INT32(Kind.INTEGER, 4),
    INT64(Kind.INTEGER, 8),
    FLOAT16(Kind.FLOAT, 2),
    BFLOAT16(Kind.FLOAT, 2),
    FLOAT32(Kind.FLOAT, 4),
    FLOAT64(Kind.FLOAT, 8);

    /// Categories of promotion, the weakest first.
    public enum Kind {
        BOOLEAN,
        INTEGER,
        FLOAT
    }

    private final Kind kind;
    private final int bytes;

    DType(Kind kind, int bytes) {
        this.kind = kind;
        this.bytes = bytes;
    }

    public Kind kind() {
        return kind;
    }

    /// Bytes of an element.
    public int bytes() {
        return bytes;
    }

    public boolean isFloat() {
        return kind == Kind.FLOAT;
    }

    /// The type that holds the values of both, by PyTorch's table: the stronger category wins,
    /// within one the wider type; uint8 with a signed type of as many bits or fewer gives int16,
    /// float16 with bfloat16 gives float32.
    public DType promote(DType other) {
        if (this == other) {
            return this;
        }
        if (kind != other.kind) {
            return kind.compareTo(other.kind) > 0 ? this : other;
        }
        DType narrow = compareTo(other) < 0 ? this : other;
        DType wide = narrow == this ? other : this;
        if (narrow == UINT8 && wide == INT8) {
            return INT16;
        }
        return narrow == FLOAT16 && wide == BFLOAT16 ? FLOAT32 : wide;
    }

    /// The type of a quotient or a root: itself if it is a float type, else float32.
    public DType toFloat() {
        return isFloat() ? this : FLOAT32;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
