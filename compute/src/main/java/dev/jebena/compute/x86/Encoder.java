package dev.jebena.compute.x86;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns operands into bytes: the legacy, VEX and EVEX forms of an instruction.
///
/// Source: Intel SDM volume 2, chapter 2 ("Instruction format"), sections 2.3 (VEX) and 2.7 (EVEX).
final class Encoder {
    /// No immediate operand.
    static final int NONE = Integer.MIN_VALUE;

    private byte[] bytes = new byte[256];
    private int size;
    private final boolean evexAllowed;
    private final List<Fixup> fixups = new ArrayList<>();

    /// Four bytes at `at` are the distance from `from` to the label.
    private record Fixup(int at, int from, Label label) {}

    Encoder(boolean evexAllowed) {
        this.evexAllowed = evexAllowed;
    }

    int size() {
        return size;
    }

    byte get(int at) {
        return bytes[at];
    }

    boolean evexAllowed() {
        return evexAllowed;
    }

    /// The code so far with all distances to labels filled in.
    byte[] finish() {
        for (Fixup fixup : fixups) {
            if (fixup.label.offset < 0) {
                throw new IllegalStateException("label " + fixup.label + " is never bound");
            }
            putInt(fixup.at, fixup.label.offset - fixup.from);
        }
        return Arrays.copyOf(bytes, size);
    }

    void one(int value) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = (byte) value;
    }

    void four(int value) {
        one(value);
        one(value >> 8);
        one(value >> 16);
        one(value >> 24);
    }

    private void putInt(int at, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >> (8 * i));
        }
    }

    /// The distance to a label that may not be bound yet, from the end of these four bytes.
    void distance(Label label) {
        fixups.add(new Fixup(size, size + 4, label));
        four(0);
    }

    /// An instruction of general registers: `opcode` holds its map (0x0F before it) in bits 8-15.
    /// Eight-bit immediates are given with `immediateBytes` 1.
    void legacy(
            int prefix,
            int opcode,
            boolean wide,
            int reg,
            Operand rm,
            int immediate,
            int immediateBytes) {
        if (prefix != 0) {
            one(prefix);
        }
        int rex = (wide ? 8 : 0) | (bit3(reg) << 2) | (indexBit(rm) << 1) | baseBit(rm);
        if (rex != 0) {
            one(0x40 | rex);
        }
        if (opcode >> 8 == 0x0F) {
            one(0x0F);
        }
        one(opcode);
        modrm(reg, rm, 1, immediateBytes);
        if (immediateBytes == 1) {
            one(immediate);
        } else if (immediateBytes == 4) {
            four(immediate);
        }
    }

    /// A VEX or EVEX instruction; `destination` carries the write mask, `bits` is the width of the
    /// vectors and `vvvv` the number of the register that stands in the prefix.
    void vector(
            String name,
            int spec,
            int reg,
            int vvvv,
            Operand rm,
            int bits,
            Operand destination,
            int immediate) {
        boolean needed = needsEvex(spec, reg, vvvv, rm, bits, destination);
        boolean evex = needed || ((spec & Spec.RATHER_EVEX) != 0 && evexAllowed);
        if (needed && !evexAllowed) {
            throw new IllegalStateException(
                    name + " with these operands needs AVX-512, but this code is for AVX2");
        }
        if (needed && (spec & Spec.ONLY_VEX) != 0) {
            throw new IllegalStateException(name + " has no AVX-512 form for these operands");
        }
        int immediateBytes = immediate == NONE ? 0 : 1;
        boolean broadcast = rm instanceof Memory memory && memory.isBroadcast();
        if (evex) {
            evexPrefix(spec, reg, vvvv, rm, bits, destination, broadcast);
            one(spec);
            modrm(reg, rm, Spec.memoryBytes(spec, bits, broadcast), immediateBytes);
        } else {
            vexPrefix(spec, reg, vvvv, rm, bits);
            one(spec);
            modrm(reg, rm, 1, immediateBytes);
        }
        if (immediateBytes == 1) {
            one(immediate);
        }
    }

    private static boolean needsEvex(
            int spec, int reg, int vvvv, Operand rm, int bits, Operand destination) {
        return (spec & Spec.ONLY_EVEX) != 0
                || bits == 512
                || reg > 15
                || vvvv > 15
                || destination.writeMask() != 0
                || (rm instanceof Register register && register.number() > 15)
                || (rm instanceof Memory memory
                        && (memory.isBroadcast()
                                || memory.writeMask() != 0
                                || (memory.index() != null && memory.index().number() > 15)));
    }

    private void evexPrefix(
            int spec,
            int reg,
            int vvvv,
            Operand rm,
            int bits,
            Operand destination,
            boolean broadcast) {
        // The fifth bit of a register in ModRM.rm is X; that of a vector index is V'.
        int x = rm instanceof VectorRegister register ? register.number() >> 4 : indexBit(rm);
        int v =
                rm instanceof Memory memory && memory.index() instanceof VectorRegister index
                        ? index.number() >> 4
                        : vvvv >> 4;
        int w = (spec & (Spec.W1 | Spec.EVEX_W1)) != 0 ? 1 : 0;
        int high = (bit3(reg) << 7) | (x << 6) | (baseBit(rm) << 5) | ((reg >> 4) << 4);
        one(0x62);
        one((high ^ 0xF0) | map(spec));
        one((w << 7) | inverted(vvvv) | 4 | prefix(spec));
        int length = bits == 512 ? 2 : bits == 256 ? 1 : 0;
        one(
                (destination.zeroes() ? 0x80 : 0)
                        | (length << 5)
                        | (broadcast ? 0x10 : 0)
                        | ((~v & 1) << 3)
                        | writeMask(rm, destination));
    }

    private static int bit3(int number) {
        return (number >> 3) & 1;
    }

    private static int inverted(int vvvv) {
        return (~vvvv & 15) << 3;
    }

    private static int prefix(int spec) {
        return (spec >> 8) & 3;
    }

    private static int map(int spec) {
        return (spec >> 10) & 3;
    }

    private static int writeMask(Operand rm, Operand destination) {
        return destination.writeMask() != 0 ? destination.writeMask() : rm.writeMask();
    }

    private void vexPrefix(int spec, int reg, int vvvv, Operand rm, int bits) {
        int w = (spec & Spec.W1) != 0 ? 1 : 0;
        int map = map(spec);
        int r = bit3(~reg);
        int low = inverted(vvvv) | (bits == 256 ? 4 : 0) | prefix(spec);
        if (map == 1 && w == 0 && indexBit(rm) == 0 && baseBit(rm) == 0) {
            one(0xC5);
            one((r << 7) | low);
        } else {
            one(0xC4);
            one((r << 7) | ((indexBit(rm) ^ 1) << 6) | ((baseBit(rm) ^ 1) << 5) | map);
            one((w << 7) | low);
        }
    }

    private static int indexBit(Operand rm) {
        return rm instanceof Memory memory && memory.index() != null
                ? bit3(memory.index().number())
                : 0;
    }

    private static int baseBit(Operand rm) {
        if (rm instanceof Register register) {
            return bit3(register.number());
        }
        return rm instanceof Memory memory && memory.base() != null
                ? memory.base().number() >> 3
                : 0;
    }

    /// ModRM, SIB and displacement; one byte of displacement counts in units of `unit` bytes.
    private void modrm(int reg, Operand rm, int unit, int immediateBytes) {
        int field = (reg & 7) << 3;
        if (rm instanceof Register register) {
            one(0xC0 | field | (register.number() & 7));
        } else if (rm instanceof Memory memory) {
            if (memory.label() == null) {
                address(field, memory, unit);
                return;
            }
            one(field | 5);
            int zero = size + 4 + immediateBytes - memory.displacement();
            fixups.add(new Fixup(size, zero, memory.label()));
            four(0);
        }
    }

    private void address(int field, Memory memory, int unit) {
        @Nullable Gpr base = memory.base();
        @Nullable Register index = memory.index();
        int displacement = memory.displacement();
        if (base == null) {
            throw new IllegalArgumentException("memory without a base register: " + memory);
        }
        boolean small = displacement % unit == 0 && fitsByte(displacement / unit);
        // rbp and r13 as a base without displacement mean something else.
        int mode = displacement == 0 && (base.number() & 7) != 5 ? 0 : small ? 0x40 : 0x80;
        if (index == null && (base.number() & 7) != 4) {
            one(mode | field | (base.number() & 7));
        } else {
            int shift = Integer.numberOfTrailingZeros(memory.scale());
            one(mode | field | 4);
            one(
                    (shift << 6)
                            | ((index == null ? 4 : index.number() & 7) << 3)
                            | (base.number() & 7));
        }
        if (mode == 0x40) {
            one(displacement / unit);
        } else if (mode == 0x80) {
            four(displacement);
        }
    }

    static boolean fitsByte(int value) {
        return value == (byte) value;
    }
}
