package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.jebena.tensor.DType;
import java.lang.foreign.MemorySegment;

/// An operand of a matrix product: element (i, k) lies at `lines[i] + inner[k]`, in elements. So
/// all transposes, strided batches, and the windows of a convolution are operands without a copy.
///
/// @param lines rows of the left operand, columns of the right one
/// @param inner the places of k
record Operand(DType dtype, MemorySegment memory, long[] lines, long[] inner) {
    static Operand strided(
            View view, long offset, int lines, long lineStride, int inner, long innerStride) {
        return new Operand(
                view.dtype(),
                view.memory(),
                places(offset, lines, lineStride),
                places(0, inner, innerStride));
    }

    static long[] places(long from, int count, long stride) {
        long[] places = new long[count];
        for (int i = 0; i < count; i++) {
            places[i] = from + i * stride;
        }
        return places;
    }

    /// Whether `count` places from `from` on follow each other.
    private static boolean adjacent(long[] places, int from, int count) {
        for (int i = from + 1; i < from + count; i++) {
            if (places[i] != places[i - 1] + 1) {
                return false;
            }
        }
        return true;
    }

    /// Writes lines `line` to `line + count` for `k` to `k + length` as a panel `[length][width]`,
    /// zeros behind the lines; float32 only.
    void pack(int line, int count, int k, int length, int width, MemorySegment panel, long at) {
        if (count < width) {
            panel.asSlice(at, 4L * length * width).fill((byte) 0);
        }
        if (adjacent(lines, line, count)) {
            for (int n = 0; n < length; n++) {
                long from = 4 * (lines[line] + inner[k + n]);
                MemorySegment.copy(memory, from, panel, at + 4L * n * width, 4L * count);
            }
        } else if (adjacent(inner, k, length)) {
            transpose(line, count, inner[k], length, width, panel, at);
        } else {
            for (int n = 0; n < length; n++) {
                long to = at + 4L * n * width;
                long base = inner[k + n];
                for (int i = 0; i < count; i++) {
                    float value = memory.get(JAVA_FLOAT_UNALIGNED, 4 * (lines[line + i] + base));
                    panel.set(JAVA_FLOAT_UNALIGNED, to + 4L * i, value);
                }
            }
        }
    }

    /// Four lines at a time, so that each store of a line of the cache is used.
    private void transpose(
            int line, int count, long base, int length, int width, MemorySegment panel, long at) {
        int i = 0;
        for (; i + 4 <= count; i += 4) {
            long a = 4 * (lines[line + i] + base);
            long b = 4 * (lines[line + i + 1] + base);
            long c = 4 * (lines[line + i + 2] + base);
            long d = 4 * (lines[line + i + 3] + base);
            long to = at + 4L * i;
            for (int n = 0; n < length; n++) {
                long step = 4L * n;
                panel.set(JAVA_FLOAT_UNALIGNED, to, memory.get(JAVA_FLOAT_UNALIGNED, a + step));
                panel.set(JAVA_FLOAT_UNALIGNED, to + 4, memory.get(JAVA_FLOAT_UNALIGNED, b + step));
                panel.set(JAVA_FLOAT_UNALIGNED, to + 8, memory.get(JAVA_FLOAT_UNALIGNED, c + step));
                panel.set(
                        JAVA_FLOAT_UNALIGNED, to + 12, memory.get(JAVA_FLOAT_UNALIGNED, d + step));
                to += 4L * width;
            }
        }
        for (; i < count; i++) {
            long from = 4 * (lines[line + i] + base);
            for (int n = 0; n < length; n++) {
                float value = memory.get(JAVA_FLOAT_UNALIGNED, from + 4L * n);
                panel.set(JAVA_FLOAT_UNALIGNED, at + 4 * ((long) n * width + i), value);
            }
        }
    }

    /// The same as doubles, line by line.
    void read(int line, int k, int length, double[] to) {
        for (int n = 0; n < length; n++) {
            to[n] = Elements.real(dtype, memory, lines[line] + inner[k + n]);
        }
    }

    void read(int line, int k, int length, long[] to) {
        for (int n = 0; n < length; n++) {
            to[n] = Elements.integer(dtype, memory, lines[line] + inner[k + n]);
        }
    }
}
