package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.jebena.compute.Panels.Place;
import java.lang.foreign.MemorySegment;

/// Planes of 8-bit integers as rows of entries of four planes, one row for each place.
///
/// @param plane bytes from one plane to the next
/// @param rowBytes from one row to the next
record ByteRows(MemorySegment planes, long plane, Place rows, long rowBytes) {
    private static final long EVEN = 0x00FF00FF00FF00FFL;

    /// Some places of up to four planes, from byte `from` on, as bytes `column` to `column + 3` of
    /// the rows; missing planes are 0.
    ///
    /// @param flip 128 if the integers are signed, which makes them unsigned
    void interleave(long from, int count, int places, int column, int flip) {
        int flips = flip * 0x01010101;
        int place = 0;
        for (; count == 4 && place + 4 <= places; place += 4) {
            long at = from + place;
            long low =
                    Long.expand(four(at, flips), EVEN)
                            | Long.expand(four(at + plane, flips), EVEN << 8);
            long high =
                    Long.expand(four(at + 2 * plane, flips), EVEN)
                            | Long.expand(four(at + 3 * plane, flips), EVEN << 8);
            for (int i = 0; i < 4; i++) {
                long entry = ((low >>> (16 * i)) & 0xFFFF) | (((high >>> (16 * i)) & 0xFFFF) << 16);
                set(place + i, column, (int) entry);
            }
        }
        for (; place < places; place++) {
            int entry = 0;
            for (int i = 0; i < count; i++) {
                int value = planes.get(JAVA_BYTE, from + i * plane + place) ^ flip;
                entry |= (value & 0xFF) << (8 * i);
            }
            set(place, column, entry);
        }
    }

    private long four(long at, int flips) {
        return (planes.get(JAVA_INT_UNALIGNED, at) ^ flips) & 0xFFFFFFFFL;
    }

    private void set(int place, int column, int entry) {
        rows.memory().set(JAVA_INT_UNALIGNED, rows.at() + place * rowBytes + column, entry);
    }
}
