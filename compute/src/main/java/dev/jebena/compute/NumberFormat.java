package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// Plain numbers that no kernel computes with, each rounded to the nearest float32: two's
/// complement integers of 8 to 64 bits and IEEE 754 binary64.
record NumberFormat(DataType type) implements BlockFormat {
    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long offset = block * type.blockBytes();
        target[at] =
                switch (type) {
                    case I8 -> Stored.i8(source, offset);
                    case I16 -> source.get(Stored.SHORT, offset);
                    case I32 -> Stored.i32(source, offset);
                    case I64 -> Stored.i64(source, offset);
                    case F64 -> (float) source.get(Stored.DOUBLE, offset);
                    default -> throw new IllegalStateException(type + " is not a plain number");
                };
    }
}
