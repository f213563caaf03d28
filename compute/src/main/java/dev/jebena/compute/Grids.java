package dev.jebena.compute;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The lists of points that the IQ formats refer to by number: one point of eight (IQ3: four)
/// coordinates in the bytes of each `long`, the first in the lowest byte. Loaded on first use.
///
/// The resource files hold one small number for each coordinate, which stands for one of the values
/// named here; `src/main/scripts/make_grids.py` made them.
final class Grids {
    /// Coordinates 0, 1, 2 for -1, 0, 1; also the grid of IQ1_M.
    static final long[] IQ1_S = load("iq1_s", 2048, 8, 0, 1, 2);

    static final long[] IQ2_XXS = load("iq2_xxs", 256, 8, 8, 25, 43);
    static final long[] IQ2_XS = load("iq2_xs", 512, 8, 8, 25, 43);
    static final long[] IQ2_S = load("iq2_s", 1024, 8, 8, 25, 43);
    static final long[] IQ3_XXS = load("iq3_xxs", 256, 4, 4, 12, 20, 28, 36, 44, 52, 62);
    static final long[] IQ3_S = load("iq3_s", 512, 4, 1, 3, 5, 7, 9, 11, 13, 15);

    private Grids() {}

    private static long[] load(String name, int points, int coordinates, int... values) {
        int bits = values.length <= 4 ? 2 : 4;
        byte[] packed = read(name + ".grid", points * coordinates * bits / 8);
        long[] grid = new long[points];
        for (int i = 0; i < points * coordinates; i++) {
            int number = (packed[i * bits / 8] >> (i * bits % 8)) & ((1 << bits) - 1);
            grid[i / coordinates] |= (long) values[number] << (8 * (i % coordinates));
        }
        return grid;
    }

    private static byte[] read(String name, int size) {
        try (InputStream stream = Grids.class.getResourceAsStream(name)) {
            byte[] bytes = stream == null ? new byte[0] : stream.readAllBytes();
            if (bytes.length != size) {
                throw new IllegalStateException(
                        "resource %s of jebena-compute has %d bytes instead of %d: the jar is damaged"
                                .formatted(name, bytes.length, size));
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + name + " of jebena-compute", e);
        }
    }
}
