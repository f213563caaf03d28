package dev.jebena.compute.x86;

import org.jspecify.annotations.Nullable;

/// How weights that are plain numbers are stored.
public enum FloatElement {
    F32(4),
    F16(2),

    /// The upper half of a float32.
    BF16(2);

    private final int bytes;

    FloatElement(int bytes) {
        this.bytes = bytes;
    }

    public int bytes() {
        return bytes;
    }

    /// Loads a register of numbers as float32; with a mask only those it names, the others become
    /// 0.
    void load(Assembler a, VectorRegister d, Memory from, @Nullable MaskRegister mask) {
        if (this == F32) {
            a.vmovups(mask == null ? d : d.zeroing(mask), from);
            return;
        }
        VectorRegister half = d.as(d.bits() / 2);
        VectorOperand source = from;
        if (mask != null) {
            // A load that is known not to touch what the mask leaves out.
            a.vmovdqu16(half.zeroing(mask), from);
            source = half;
        }
        if (this == F16) {
            a.vcvtph2ps(d, source);
        } else {
            a.vpmovzxwd(d, source);
            a.vpslld(d, d, 16);
        }
    }
}
