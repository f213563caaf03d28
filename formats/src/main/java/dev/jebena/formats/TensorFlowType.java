package dev.jebena.formats;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An element type of TensorFlow (`DataType` of types.proto), with TensorFlow's name and number.
public enum TensorFlowType {
    DT_INVALID(0, null),
    DT_FLOAT(1, ElementType.F32),
    DT_DOUBLE(2, ElementType.F64),
    DT_INT32(3, ElementType.I32),
    DT_UINT8(4, ElementType.U8),
    DT_INT16(5, ElementType.I16),
    DT_INT8(6, ElementType.I8),
    DT_STRING(7, null),
    DT_COMPLEX64(8, ElementType.C64),
    DT_INT64(9, ElementType.I64),
    DT_BOOL(10, ElementType.BOOL),
    DT_QINT8(11, ElementType.I8),
    DT_QUINT8(12, ElementType.U8),
    DT_QINT32(13, ElementType.I32),
    DT_BFLOAT16(14, ElementType.BF16),
    DT_QINT16(15, ElementType.I16),
    DT_QUINT16(16, ElementType.U16),
    DT_UINT16(17, ElementType.U16),
    DT_COMPLEX128(18, ElementType.C128),
    DT_HALF(19, ElementType.F16),
    /// A handle of something that the session holds: a variable, a table.
    DT_RESOURCE(20, null),
    DT_VARIANT(21, null),
    DT_UINT32(22, ElementType.U32),
    DT_UINT64(23, ElementType.U64),
    DT_FLOAT8_E5M2(24, ElementType.F8_E5M2),
    DT_FLOAT8_E4M3FN(25, ElementType.F8_E4M3),
    DT_FLOAT8_E4M3FNUZ(26, ElementType.F8_E4M3_FNUZ),
    DT_FLOAT8_E4M3B11FNUZ(27, null),
    DT_FLOAT8_E5M2FNUZ(28, ElementType.F8_E5M2_FNUZ),
    DT_INT4(29, null),
    DT_UINT4(30, null),
    DT_INT2(31, null),
    DT_UINT2(32, null),
    DT_FLOAT4_E2M1FN(33, null);

    /// What is added to a type's number for references to variables, as TensorFlow 1 had them.
    private static final int REFERENCE = 100;

    private final int id;
    private final @Nullable ElementType type;

    TensorFlowType(int id, @Nullable ElementType type) {
        this.id = id;
        this.type = type;
    }

    /// The number that files have.
    public int id() {
        return id;
    }

    /// Empty for what is no plain tensor here: strings, handles, and elements that TensorFlow
    /// stores unpacked in a way of its own.
    public Optional<ElementType> type() {
        return Optional.ofNullable(type);
    }

    /// References count as what they refer to.
    static Optional<TensorFlowType> ofId(long id) {
        long plain = id > REFERENCE ? id - REFERENCE : id;
        // Their numbers are their places.
        return plain >= 0 && plain < values().length
                ? Optional.of(values()[(int) plain])
                : Optional.empty();
    }
}
