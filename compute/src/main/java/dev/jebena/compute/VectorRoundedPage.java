package dev.jebena.compute;

/// Decodes pages of Q8_0 keys and values to float32 in vector registers; see [KvPages].
final class VectorRoundedPage {
    private static final int PAGE = KvPages.PAGE;
    private static final int N = Lanes.COUNT;

    private VectorRoundedPage() {}

    static boolean isSupported() {
        return N > 4;
    }

    /// Decodes the keys (`part` 0) or the values (1) of a head from address `from` on.
    ///
    /// @param to room for the numbers and, behind them, for their scales: one for each 32
    static void decode(int part, long from, int headDim, long to) {
        long bytes = (long) PAGE * headDim;
        long scales = to + 4 * bytes;
        VectorDecode.decode(DataType.F16, from + bytes, bytes / 32, scales);
        for (int b = 0; b < headDim / 32; b++) {
            long line = scales + 4L * PAGE * b;
            if (part == 0) {
                long first = 32L * b * PAGE;
                keys(from + first, line, to + 4 * first);
            } else {
                values(from + 32L * b, line, headDim, to + 128L * b);
            }
        }
    }

    /// 32 dimensions of all positions: one line each, the positions' scales beside each other.
    private static void keys(long from, long scales, long to) {
        for (int i = 0; i < 32 * PAGE; i += N) {
            long scale = scales + 4L * (i % PAGE);
            Lanes.store(Lanes.signedBytes(from + i).mul(Lanes.load(scale)), to + 4L * i);
        }
    }

    /// 32 columns of the row of each position, which has one scale.
    private static void values(long from, long scales, int headDim, long to) {
        for (int slot = 0; slot < PAGE; slot++) {
            float scale = Native.getFloat(scales + 4L * slot);
            long row = (long) slot * headDim;
            for (int i = 0; i < 32; i += N) {
                Lanes.store(Lanes.signedBytes(from + row + i).mul(scale), to + 4 * (row + i));
            }
        }
    }
}
