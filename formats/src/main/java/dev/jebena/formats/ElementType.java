package dev.jebena.formats;

import dev.jebena.compute.DataType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the elements of a [PlainTensor] are. The union of what NumPy, PyTorch, ONNX and TensorFlow
/// store; more than the kernels compute with, for which [#dataType()] is the bridge.
public enum ElementType {
    F64(64, DataType.F64),
    F32(32, DataType.F32),
    F16(16, DataType.F16),
    BF16(16, DataType.BF16),
    /// 4 bits of exponent, 3 of fraction, no infinities.
    F8_E4M3(8, null),
    /// The same without a negative zero: that pattern is NaN.
    F8_E4M3_FNUZ(8, null),
    /// 5 bits of exponent, 2 of fraction.
    F8_E5M2(8, null),
    /// The same without infinities and negative zero.
    F8_E5M2_FNUZ(8, null),
    /// A power of two.
    F8_E8M0(8, null),
    /// 2 bits of exponent, 3 of fraction, packed to 6 bits each.
    F6_E2M3(6, null),
    /// 3 bits of exponent, 2 of fraction, packed to 6 bits each.
    F6_E3M2(6, null),
    /// 2 bits of exponent, 1 of fraction, two elements in a byte.
    F4_E2M1(4, null),
    I64(64, DataType.I64),
    I32(32, DataType.I32),
    I16(16, DataType.I16),
    I8(8, DataType.I8),
    /// Two elements in a byte, the first in the low half.
    I4(4, null),
    /// Four elements in a byte, the first in the lowest bits.
    I2(2, null),
    U64(64, null),
    U32(32, null),
    U16(16, null),
    U8(8, null),
    /// Packed as [#I4].
    U4(4, null),
    /// Packed as [#I2].
    U2(2, null),
    /// One byte each, 0 or 1.
    BOOL(8, null),
    /// Two 16-bit floats, the real part first.
    C32(32, null),
    /// Two 32-bit floats, the real part first.
    C64(64, null),
    /// Two 64-bit floats, the real part first.
    C128(128, null);

    private final int bits;
    private final @Nullable DataType dataType;

    ElementType(int bits, @Nullable DataType dataType) {
        this.bits = bits;
        this.dataType = dataType;
    }

    /// Bits of one element.
    public int bits() {
        return bits;
    }

    /// Bytes of `elements` elements; packed ones fill the last byte with zeros. Throws
    /// [ArithmeticException] from 2^63 bits on.
    public long bytes(long elements) {
        return Math.ceilDiv(Math.multiplyExact(elements, (long) bits), 8L);
    }

    /// The type under which kernels read these elements, where there is one.
    public Optional<DataType> dataType() {
        return Optional.ofNullable(dataType);
    }

    /// The plain type of `type`; empty for quantized blocks.
    public static Optional<ElementType> of(DataType type) {
        for (ElementType element : values()) {
            if (element.dataType == type) {
                return Optional.of(element);
            }
        }
        return Optional.empty();
    }

    /// Bytes of the numbers in an element: what changing the byte order swaps, and what an element
    /// is aligned to.
    int width() {
        return switch (this) {
            case C32, C64, C128 -> bits / 16;
            default -> Math.max(1, bits / 8);
        };
    }
}
