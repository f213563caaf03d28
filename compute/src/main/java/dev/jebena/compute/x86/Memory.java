package dev.jebena.compute.x86;

import org.jspecify.annotations.Nullable;

/// Memory at `base + index * scale + displacement`, or in the constant pool of the code.
///
/// The index is a general register, or for gathers a vector register. With `broadcast` one element
/// of 4 or 8 bytes is read and used in all places of the vector (`{1toN}`), at no cost.
public record Memory(
        @Nullable Gpr base,
        @Nullable Register index,
        int scale,
        int displacement,
        boolean isBroadcast,
        int writeMask,
        @Nullable Label label)
        implements VectorOperand {
    public Memory {
        if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
            throw new IllegalArgumentException("scale %d: must be 1, 2, 4 or 8".formatted(scale));
        }
        if (index instanceof Gpr && index.number() == 4) {
            throw new IllegalArgumentException("rsp cannot be an index");
        }
    }

    public static Memory mem(Gpr base, int displacement) {
        return new Memory(base, null, 1, displacement, false, 0, null);
    }

    public static Memory mem(Gpr base, Register index, int scale, int displacement) {
        return new Memory(base, index, scale, displacement, false, 0, null);
    }

    /// One element at `base + displacement`, used in all places of the vector.
    public static Memory broadcast(Gpr base, int displacement) {
        return mem(base, displacement).broadcast();
    }

    public static Memory broadcast(Gpr base, Register index, int scale, int displacement) {
        return mem(base, index, scale, displacement).broadcast();
    }

    /// What lies at a label of the same code, as [Assembler#constants] returns it.
    static Memory at(Label label) {
        return new Memory(null, null, 1, 0, false, 0, label);
    }

    public Memory broadcast() {
        return new Memory(base, index, scale, displacement, true, writeMask, label);
    }

    /// The same memory without [#broadcast].
    public Memory single() {
        return new Memory(base, index, scale, displacement, false, writeMask, label);
    }

    /// The memory `bytes` further on.
    public Memory plus(int bytes) {
        return new Memory(base, index, scale, displacement + bytes, isBroadcast, writeMask, label);
    }

    /// As a destination of which only the elements in `mask` are written, or as the source of a
    /// gather of those elements.
    public Memory masked(MaskRegister mask) {
        return new Memory(base, index, scale, displacement, isBroadcast, mask.number(), label);
    }

    @Override
    public String toString() {
        var text = new StringBuilder("[").append(label != null ? "rip" : base == null ? "" : base);
        if (index != null) {
            text.append(text.length() > 1 ? "+" : "").append(index);
            text.append(scale > 1 ? "*" + scale : "");
        }
        if (label != null) {
            text.append('+').append(label);
        }
        if (displacement != 0) {
            text.append(displacement < 0 ? "-" : "+").append("0x");
            text.append(Long.toHexString(Math.abs((long) displacement)));
        }
        return text.append(']').append(writeMask == 0 ? "" : "{k" + writeMask + "}").toString();
    }
}
