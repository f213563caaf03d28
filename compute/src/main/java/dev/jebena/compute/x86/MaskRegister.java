package dev.jebena.compute.x86;

/// One of the mask registers k0 to k7 of AVX-512; k0 cannot be used as a write mask.
public record MaskRegister(int number, int writeMask) implements Register {
    public static MaskRegister k(int number) {
        return new MaskRegister(number, 0);
    }

    /// This register as the destination of a comparison whose result is first anded with `mask`.
    public MaskRegister masked(MaskRegister mask) {
        return new MaskRegister(number, mask.number);
    }

    @Override
    public int bits() {
        return 0;
    }

    @Override
    public String toString() {
        return "k" + number + (writeMask == 0 ? "" : "{k" + writeMask + "}");
    }
}
