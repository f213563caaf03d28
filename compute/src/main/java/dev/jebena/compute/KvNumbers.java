package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// The keys, or the values, of one head in pages: where each number lies and how it is stored. The
/// definition of [KvPages], one number at a time.
///
/// @param data the memory of all pages
/// @param first bytes from the start of a page to these numbers
/// @param perDimension distance of neighbouring dimensions, in numbers
/// @param perSlot distance of neighbouring positions
record KvNumbers(
        MemorySegment data, DataType type, int headDim, long first, int perDimension, int perSlot) {
    static KvNumbers keys(MemorySegment data, DataType type, int kvHead, int headDim) {
        long first = 2L * kvHead * KvPages.partBytes(type, headDim);
        return new KvNumbers(data, type, headDim, first, KvPages.PAGE, 1);
    }

    static KvNumbers values(MemorySegment data, DataType type, int kvHead, int headDim) {
        long first = (2L * kvHead + 1) * KvPages.partBytes(type, headDim);
        return new KvNumbers(data, type, headDim, first, 1, headDim);
    }

    /// The number at dimension `d` of the position `slot` of the page at byte `page`.
    float get(long page, int d, int slot) {
        long element = element(d, slot);
        return switch (type) {
            case F16 -> Stored.half(data, page + first + 2 * element);
            case F32 -> data.get(Stored.FLOAT, page + first + 4 * element);
            case Q8_0 ->
                    Stored.half(data, scale(page, d, slot))
                            * Stored.i8(data, page + first + element);
            default -> throw new IllegalArgumentException("no cache of " + type);
        };
    }

    /// Stores `headDim` numbers of `source` from `from` on at the position `slot`.
    void put(long page, int slot, float[] source, int from) {
        RoundedBlock block = new RoundedBlock();
        for (int d = 0; d < headDim; d++) {
            long element = element(d, slot);
            switch (type) {
                case F16 -> Stored.putHalf(data, page + first + 2 * element, source[from + d]);
                case F32 -> data.set(Stored.FLOAT, page + first + 4 * element, source[from + d]);
                case Q8_0 -> {
                    if (d % 32 == 0) {
                        block.round(source, from + d);
                        Stored.putHalf(data, scale(page, d, slot), block.scale);
                    }
                    Stored.put8(data, page + first + element, block.numbers[d % 32]);
                }
                default -> throw new IllegalArgumentException("no cache of " + type);
            }
        }
    }

    private long element(int d, int slot) {
        return (long) d * perDimension + (long) slot * perSlot;
    }

    private long scale(long page, int d, int slot) {
        long bytes = (long) KvPages.PAGE * headDim;
        return page + first + bytes + 2L * (d / 32 * KvPages.PAGE + slot);
    }
}
