package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.compute.Panels.Place;
import java.lang.foreign.MemorySegment;

/// [WinogradTransforms] in plain Java. Each is one linear map, first down the columns, then along
/// the rows. Loops over the lanes are innermost, which the JIT makes vectors of.
enum ScalarWinograd implements WinogradTransforms {
    INSTANCE;

    @Override
    public void apply(
            Kind kind,
            Place squares,
            Place table,
            int count,
            Place tiles,
            long tileBytes,
            long planeBytes) {
        int side = kind.side();
        int from = kind.isToTiles() ? side : TILE;
        int to = kind.isToTiles() ? TILE : side;
        float[][] x = new float[from * from][LANES];
        float[][] y = new float[to * to][LANES];
        for (int n = 0; n < count; n++) {
            long firstOffset = table.at() + 8L * n * side * side;
            for (int i = 0; i < x.length; i++) {
                long at =
                        kind.isToTiles()
                                ? table.memory().get(JAVA_LONG, firstOffset + 8L * i)
                                : n * tileBytes + i * planeBytes;
                Place place = kind.isToTiles() ? squares : tiles;
                MemorySegment.copy(
                        place.memory(), JAVA_FLOAT_UNALIGNED, place.at() + at, x[i], 0, LANES);
            }
            map(kind, x, from, y, to);
            for (int i = 0; i < y.length; i++) {
                long at =
                        kind.isToTiles()
                                ? n * tileBytes + i * planeBytes
                                : table.memory().get(JAVA_LONG, firstOffset + 8L * i);
                Place place = kind.isToTiles() ? tiles : squares;
                MemorySegment.copy(
                        y[i], 0, place.memory(), JAVA_FLOAT_UNALIGNED, place.at() + at, LANES);
            }
        }
    }

    private static void map(Kind kind, float[][] x, int from, float[][] y, int to) {
        float[][] between = new float[to * from][LANES];
        for (int j = 0; j < from; j++) {
            line(kind, x, j, from, between, j, from);
        }
        for (int i = 0; i < to; i++) {
            line(kind, between, i * from, 1, y, i * to, 1);
        }
    }

    /// @param at first element of x, `step` elements before the next
    private static void line(
            Kind kind, float[][] x, int at, int step, float[][] y, int to, int toStep) {
        int last = kind.isToTiles() ? kind.side() - 1 : TILE - 1;
        float[] x0 = x[at];
        float[] x1 = x[at + step];
        float[] x2 = x[at + Math.min(2, last) * step];
        float[] x3 = x[at + last * step];
        float[] y0 = y[to];
        float[] y1 = y[to + toStep];
        int end = kind.isToTiles() ? TILE - 1 : kind.side() - 1;
        float[] y2 = y[to + Math.min(2, end) * toStep];
        float[] y3 = y[to + end * toStep];
        for (int lane = 0; lane < LANES; lane++) {
            switch (kind) {
                case INPUT -> {
                    y0[lane] = x0[lane] - x2[lane];
                    y1[lane] = x1[lane] + x2[lane];
                    y2[lane] = x2[lane] - x1[lane];
                    y3[lane] = x3[lane] - x1[lane];
                }
                case WEIGHT -> {
                    float ends = x0[lane] + x2[lane];
                    y0[lane] = x0[lane];
                    y1[lane] = (ends + x1[lane]) * 0.5f;
                    y2[lane] = (ends - x1[lane]) * 0.5f;
                    y3[lane] = x2[lane];
                }
                case GRADIENT -> {
                    y0[lane] = x0[lane];
                    y1[lane] = x0[lane] + x1[lane];
                    y2[lane] = x0[lane] - x1[lane];
                    y3[lane] = x1[lane];
                }
                case OUTPUT -> {
                    y0[lane] = x0[lane] + x1[lane] + x2[lane];
                    y1[lane] = x1[lane] - x2[lane] + x3[lane];
                }
                case WEIGHT_GRADIENT -> {
                    float middle = (x1[lane] + x2[lane]) * 0.5f;
                    y0[lane] = x0[lane] + middle;
                    y1[lane] = (x1[lane] - x2[lane]) * 0.5f;
                    y2[lane] = middle + x3[lane];
                }
            }
        }
    }
}
