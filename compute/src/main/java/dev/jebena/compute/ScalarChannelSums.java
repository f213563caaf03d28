package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.compute.Panels.Place;
import java.lang.foreign.MemorySegment;

/// [ChannelSums] in plain Java.
enum ScalarChannelSums implements ChannelSums {
    INSTANCE;

    private static void read(Place from, long at, float[] to) {
        MemorySegment.copy(from.memory(), JAVA_FLOAT_UNALIGNED, from.at() + at, to, 0, LANES);
    }

    private static void write(float[] from, Place to, long at) {
        MemorySegment.copy(from, 0, to.memory(), JAVA_FLOAT_UNALIGNED, to.at() + at, LANES);
    }

    private static long offset(Place table, long index) {
        return table.memory().get(JAVA_LONG, table.at() + 8 * index);
    }

    private static void add(float[] a, float[] b, float[] sums) {
        for (int lane = 0; lane < LANES; lane++) {
            sums[lane] = Math.fma(a[lane], b[lane], sums[lane]);
        }
    }

    @Override
    public void forward(Place x, Place table, int count, int taps, Place weights, Place results) {
        float[] value = new float[LANES];
        float[] weight = new float[LANES];
        for (int n = 0; n < count; n++) {
            float[] sums = new float[LANES];
            for (int tap = 0; tap < taps; tap++) {
                read(x, offset(table, (long) n * taps + tap), value);
                read(weights, 64L * tap, weight);
                add(value, weight, sums);
            }
            write(sums, results, 64L * n);
        }
    }

    @Override
    public void gradient(Place x, Place table, int count, int taps, Place results, Place sums) {
        float[] value = new float[LANES];
        float[] result = new float[LANES];
        float[] sum = new float[LANES];
        for (int n = 0; n < count; n++) {
            read(results, 64L * n, result);
            for (int tap = 0; tap < taps; tap++) {
                read(x, offset(table, (long) n * taps + tap), value);
                read(sums, 64L * tap, sum);
                add(value, result, sum);
                write(sum, sums, 64L * tap);
            }
        }
    }
}
