package dev.jebena.compute.x86;

/// A vector register with the width it is used with (128, 256 or 512 bits) and, as a destination,
/// the mask it is written under.
public record VectorRegister(int number, int bits, int writeMask, boolean zeroes)
        implements Register, VectorOperand {
    public static VectorRegister xmm(int number) {
        return new VectorRegister(number, 128, 0, false);
    }

    public static VectorRegister ymm(int number) {
        return new VectorRegister(number, 256, 0, false);
    }

    public static VectorRegister zmm(int number) {
        return new VectorRegister(number, 512, 0, false);
    }

    /// The lowest 128 bits.
    public VectorRegister xmm() {
        return xmm(number);
    }

    /// The lowest 256 bits.
    public VectorRegister ymm() {
        return ymm(number);
    }

    /// All 512 bits.
    public VectorRegister zmm() {
        return zmm(number);
    }

    /// The same register with another width.
    public VectorRegister as(int width) {
        return new VectorRegister(number, width, 0, false);
    }

    public int bytes() {
        return bits / 8;
    }

    /// As a destination of which only the elements in `mask` are written.
    public VectorRegister masked(MaskRegister mask) {
        return new VectorRegister(number, bits, mask.number(), false);
    }

    /// As a destination whose elements outside `mask` become 0.
    public VectorRegister zeroing(MaskRegister mask) {
        return new VectorRegister(number, bits, mask.number(), true);
    }

    @Override
    public String toString() {
        String name = (bits == 512 ? "zmm" : bits == 256 ? "ymm" : "xmm") + number;
        return name + (writeMask == 0 ? "" : "{k" + writeMask + "}") + (zeroes ? "{z}" : "");
    }
}
