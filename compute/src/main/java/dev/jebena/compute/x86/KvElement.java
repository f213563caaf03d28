package dev.jebena.compute.x86;

/// How pages of keys and values store a number.
public enum KvElement {
    F32(4),
    F16(2),

    /// 8 bits; behind the bytes of a head lies one float16 for each 32 dimensions of a position.
    SCALED_BYTE(1);

    /// Dimensions that share a scale.
    static final int BLOCK = 32;

    private final int bytes;

    KvElement(int bytes) {
        this.bytes = bytes;
    }

    /// Distance of neighbouring numbers.
    int bytes() {
        return bytes;
    }

    /// Bytes of `count` numbers with their scales.
    int bytes(int count) {
        return count * bytes + (hasScales() ? 2 * count / BLOCK : 0);
    }

    boolean hasScales() {
        return this == SCALED_BYTE;
    }

    /// Loads a register of numbers as float32, not yet multiplied by their scales.
    void load(Assembler a, VectorRegister d, Memory from) {
        switch (this) {
            case F32 -> a.vmovups(d, from);
            case F16 -> a.vcvtph2ps(d, from);
            case SCALED_BYTE -> {
                a.vpmovsxbd(d, from);
                a.vcvtdq2ps(d, d);
            }
        }
    }
}
