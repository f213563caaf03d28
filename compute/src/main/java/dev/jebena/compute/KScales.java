package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// The eight 6-bit scales and eight 6-bit minimums that Q4_K and Q5_K pack into 12 bytes.
///
/// Bytes 0 to 3 hold scales 0 to 3 in their low six bits, bytes 4 to 7 minimums 0 to 3. Bytes 8 to
/// 11 hold the low four bits of scale 4 to 7 in the low nibble and of minimum 4 to 7 in the high
/// one; their two top bits fill the bits that bytes 0 to 7 leave free.
final class KScales {
    private KScales() {}

    /// Scale `j`, given the 12 bytes as little-endian numbers: the first eight and the last four.
    static int scale(long first, int last, int j) {
        int own = (int) (first >>> (8 * (j & 3))) & 0xFF;
        return j < 4 ? own & 63 : ((last >>> (8 * (j - 4))) & 15) | ((own >> 6) << 4);
    }

    /// Minimum `j`; arguments as for [#scale].
    static int minimum(long first, int last, int j) {
        return scale(first >>> 32, last >>> 4, j);
    }

    /// All scales, one a byte; the arguments are the bytes 0 to 3 and the bytes 8 to 11.
    static long scales(int first, int last) {
        int upper = (last & 0x0F0F0F0F) | ((first >>> 2) & 0x30303030);
        return (first & 0x3F3F3F3FL) | ((long) upper << 32);
    }

    /// All minimums, one a byte; the arguments are the bytes 4 to 7 and the bytes 8 to 11.
    static long minimums(int first, int last) {
        return scales(first, last >>> 4);
    }

    /// Writes the 12 bytes.
    static void put(int[] scales, int[] minimums, MemorySegment target, long at) {
        for (int j = 0; j < 4; j++) {
            Stored.put8(target, at + j, scales[j] | ((scales[j + 4] >> 4) << 6));
            Stored.put8(target, at + 4 + j, minimums[j] | ((minimums[j + 4] >> 4) << 6));
            int low = (scales[j + 4] & 15) | ((minimums[j + 4] & 15) << 4);
            Stored.put8(target, at + 8 + j, low);
        }
    }
}
