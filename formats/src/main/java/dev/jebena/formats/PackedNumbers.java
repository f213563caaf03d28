package dev.jebena.formats;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The elements of one tensor that a message of Protocol Buffers holds as numbers: of fixed width,
/// which are elements as they are, or of variable length.
final class PackedNumbers {
    private final List<MemorySegment> fixed = new ArrayList<>();
    private final List<MemorySegment> varints = new ArrayList<>();

    void readFixed(ProtobufReader in, int wire) {
        fixed.add(in.packed(wire));
    }

    void readVarints(ProtobufReader in) {
        varints.add(in.packed(ProtobufReader.VARINT));
    }

    boolean isEmpty() {
        return fixed.isEmpty() && varints.isEmpty();
    }

    /// All of them as elements of `type`, in the file's memory or that of `arena`. Every number
    /// takes a byte of the file or more, which bounds the memory.
    MemorySegment elements(
            ElementType type, Arena arena, Function<String, FormatException> problem) {
        return fixed.isEmpty() ? numbers(type, arena, problem) : joined(fixed, arena, problem);
    }

    private MemorySegment numbers(
            ElementType type, Arena arena, Function<String, FormatException> problem) {
        MemorySegment packed = joined(varints, arena, problem);
        long count = 0;
        for (long i = 0; i < packed.byteSize(); i++) {
            count += packed.get(ValueLayout.JAVA_BYTE, i) >= 0 ? 1 : 0;
        }
        if (packed.byteSize() > 0 && packed.get(ValueLayout.JAVA_BYTE, packed.byteSize() - 1) < 0) {
            throw problem.apply("has a truncated number at its end");
        }
        // Elements of less than a byte are packed before they become numbers, but for those of 6
        // bits.
        boolean six = type.bits() == 6;
        int width = Math.max(1, type.bits() / 8);
        MemorySegment target = allocate(six ? type.bytes(count) : count * width, arena, problem);
        long at = 0;
        for (long i = 0; i < count; i++) {
            long value = 0;
            int shift = 0;
            byte next;
            do {
                next = packed.get(ValueLayout.JAVA_BYTE, at++);
                value |= shift < Long.SIZE ? (next & 0x7fL) << shift : 0;
                shift += 7;
            } while (next < 0);
            if (six) {
                setSixBits(target, i, value);
            } else {
                set(target, i, width, value);
            }
        }
        return target;
    }

    private static void set(MemorySegment target, long index, int width, long value) {
        for (int i = 0; i < width; i++) {
            target.set(ValueLayout.JAVA_BYTE, index * width + i, (byte) (value >>> (8 * i)));
        }
    }

    private static void setSixBits(MemorySegment target, long index, long value) {
        for (int bit = 0; bit < 6; bit++) {
            long at = index * 6 + bit;
            byte before = target.get(ValueLayout.JAVA_BYTE, at / 8);
            long mask = ((value >> bit) & 1) << (at % 8);
            target.set(ValueLayout.JAVA_BYTE, at / 8, (byte) (before | mask));
        }
    }

    private static MemorySegment joined(
            List<MemorySegment> pieces, Arena arena, Function<String, FormatException> problem) {
        if (pieces.size() == 1) {
            return pieces.getFirst();
        }
        long size = pieces.stream().mapToLong(MemorySegment::byteSize).sum();
        MemorySegment all = allocate(size, arena, problem);
        long at = 0;
        for (MemorySegment piece : pieces) {
            MemorySegment.copy(piece, 0, all, at, piece.byteSize());
            at += piece.byteSize();
        }
        return all;
    }

    /// `bytes`, or a copy that is aligned.
    static MemorySegment aligned(
            MemorySegment bytes,
            int alignment,
            Arena arena,
            Function<String, FormatException> problem) {
        boolean aligned = bytes.isNative() && bytes.address() % alignment == 0;
        return aligned || alignment == 1
                ? bytes
                : allocate(bytes.byteSize(), arena, problem).copyFrom(bytes);
    }

    static MemorySegment allocate(
            long bytes, Arena arena, Function<String, FormatException> problem) {
        try {
            return arena.allocate(bytes, 64);
        } catch (OutOfMemoryError e) {
            FormatException error =
                    problem.apply("needs " + bytes + " bytes of memory, there are not so many");
            error.initCause(e);
            throw error;
        }
    }
}
