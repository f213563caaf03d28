package dev.jebena.formats;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An element type of ONNX (`TensorProto.DataType`), with ONNX's name and number.
public enum OnnxElement {
    UNDEFINED(0, null),
    FLOAT(1, ElementType.F32),
    UINT8(2, ElementType.U8),
    INT8(3, ElementType.I8),
    UINT16(4, ElementType.U16),
    INT16(5, ElementType.I16),
    INT32(6, ElementType.I32),
    INT64(7, ElementType.I64),
    STRING(8, null),
    BOOL(9, ElementType.BOOL),
    FLOAT16(10, ElementType.F16),
    DOUBLE(11, ElementType.F64),
    UINT32(12, ElementType.U32),
    UINT64(13, ElementType.U64),
    COMPLEX64(14, ElementType.C64),
    COMPLEX128(15, ElementType.C128),
    BFLOAT16(16, ElementType.BF16),
    FLOAT8E4M3FN(17, ElementType.F8_E4M3),
    FLOAT8E4M3FNUZ(18, ElementType.F8_E4M3_FNUZ),
    FLOAT8E5M2(19, ElementType.F8_E5M2),
    FLOAT8E5M2FNUZ(20, ElementType.F8_E5M2_FNUZ),
    UINT4(21, ElementType.U4),
    INT4(22, ElementType.I4),
    FLOAT4E2M1(23, ElementType.F4_E2M1),
    FLOAT8E8M0(24, ElementType.F8_E8M0),
    UINT2(25, ElementType.U2),
    INT2(26, ElementType.I2),
    FLOAT6E2M3(27, ElementType.F6_E2M3),
    FLOAT6E3M2(28, ElementType.F6_E3M2);

    private final int id;
    private final @Nullable ElementType type;

    OnnxElement(int id, @Nullable ElementType type) {
        this.id = id;
        this.type = type;
    }

    /// The number that files have.
    public int id() {
        return id;
    }

    /// Empty for strings and [#UNDEFINED].
    public Optional<ElementType> type() {
        return Optional.ofNullable(type);
    }

    static Optional<OnnxElement> ofId(long id) {
        // Their numbers are their places.
        return id >= 0 && id < values().length ? Optional.of(values()[(int) id]) : Optional.empty();
    }

    /// ONNX's name of `type`.
    public static OnnxElement of(ElementType type) {
        for (OnnxElement element : values()) {
            if (element.type == type) {
                return element;
            }
        }
        throw new FormatException("ONNX has no elements of type " + type);
    }
}
