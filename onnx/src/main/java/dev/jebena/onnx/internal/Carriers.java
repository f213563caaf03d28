package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.onnx.Datum;
import dev.jebena.onnx.OnnxException;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Tensor;

/// The types of tensors in which ONNX's element types lie.
public final class Carriers {
    private Carriers() {}

    public static DType of(OnnxElement element) {
        return switch (element) {
            case FLOAT,
                    FLOAT8E4M3FN,
                    FLOAT8E4M3FNUZ,
                    FLOAT8E5M2,
                    FLOAT8E5M2FNUZ,
                    FLOAT8E8M0,
                    FLOAT4E2M1,
                    FLOAT6E2M3,
                    FLOAT6E3M2,
                    COMPLEX64 ->
                    DType.FLOAT32;
            case DOUBLE, COMPLEX128 -> DType.FLOAT64;
            case FLOAT16 -> DType.FLOAT16;
            case BFLOAT16 -> DType.BFLOAT16;
            case BOOL -> DType.BOOL;
            case UINT8, UINT4, UINT2 -> DType.UINT8;
            case INT8, INT4, INT2 -> DType.INT8;
            case INT16 -> DType.INT16;
            case UINT16, INT32 -> DType.INT32;
            case UINT32, UINT64, INT64 -> DType.INT64;
            case UNDEFINED, STRING ->
                    throw new OnnxException(OnnxException.Code.MODEL, element + " are not numbers");
        };
    }

    /// ONNX's name of a tensor's own type.
    public static OnnxElement element(DType type) {
        return switch (type) {
            case BOOL -> OnnxElement.BOOL;
            case UINT8 -> OnnxElement.UINT8;
            case INT8 -> OnnxElement.INT8;
            case INT16 -> OnnxElement.INT16;
            case INT32 -> OnnxElement.INT32;
            case INT64 -> OnnxElement.INT64;
            case FLOAT16 -> OnnxElement.FLOAT16;
            case BFLOAT16 -> OnnxElement.BFLOAT16;
            case FLOAT32 -> OnnxElement.FLOAT;
            case FLOAT64 -> OnnxElement.DOUBLE;
        };
    }

    /// The element type of ONNX's number for it.
    static OnnxElement element(long id) {
        for (OnnxElement element : OnnxElement.values()) {
            if (element.id() == id && element != OnnxElement.UNDEFINED) {
                return element;
            }
        }
        throw new OnnxException(
                OnnxException.Code.UNSUPPORTED, "the element type " + id + " is not known");
    }

    /// A result of an operation on `element`: cast to its carrier, and cut to its bits.
    static Datum.Numbers wrap(OnnxElement element, Tensor result) {
        Tensor carried = result.to(of(element));
        return new Datum.Numbers(
                element,
                switch (element) {
                    case UINT16 -> carried.and(Tensor.scalar(0xFFFFL, DType.INT32));
                    case UINT32 -> carried.and(Tensor.scalar(0xFFFFFFFFL, DType.INT64));
                    default -> carried;
                });
    }

    static boolean isUnsigned(OnnxElement element) {
        return switch (element) {
            case UINT2, UINT4, UINT8, UINT16, UINT32, UINT64 -> true;
            default -> false;
        };
    }

    /// Bits of an integer type; 0 for others.
    static int integerBits(OnnxElement element) {
        return switch (element) {
            case UINT2, INT2 -> 2;
            case UINT4, INT4 -> 4;
            case UINT8, INT8 -> 8;
            case UINT16, INT16 -> 16;
            case UINT32, INT32 -> 32;
            case UINT64, INT64 -> 64;
            default -> 0;
        };
    }

    /// The least number of an integer type of at most 32 bits.
    static long least(OnnxElement element) {
        return isUnsigned(element) ? 0 : -(1L << (integerBits(element) - 1));
    }

    static long most(OnnxElement element) {
        int bits = integerBits(element);
        return isUnsigned(element) ? (1L << bits) - 1 : (1L << (bits - 1)) - 1;
    }
}
