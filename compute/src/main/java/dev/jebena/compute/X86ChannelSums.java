package dev.jebena.compute;

import dev.jebena.compute.Panels.Place;
import dev.jebena.compute.x86.ChannelSumCode;
import dev.jebena.compute.x86.Routine;
import java.util.stream.IntStream;

/// [ChannelSums] assembled for AVX-512.
final class X86ChannelSums implements ChannelSums {
    private final Routine forward = Routine.install(ChannelSumCode.forward());

    /// For one tap, two, ...
    private final Routine[] gradients =
            IntStream.rangeClosed(1, ChannelSumCode.MOST_TAPS)
                    .mapToObj(taps -> Routine.install(ChannelSumCode.gradient(taps)))
                    .toArray(Routine[]::new);

    private static long address(Place place) {
        return Native.address(place.memory()) + place.at();
    }

    @Override
    public void forward(Place x, Place table, int count, int taps, Place weights, Place results) {
        if (taps == 0) {
            ScalarChannelSums.INSTANCE.forward(x, table, count, taps, weights, results);
        } else if (count > 0) {
            forward.call(
                    address(x), address(table), count, taps, address(weights), address(results));
        }
        Native.keep(x.memory(), table.memory());
        Native.keep(weights.memory(), results.memory());
    }

    @Override
    public void gradient(Place x, Place table, int count, int taps, Place results, Place sums) {
        for (int tap = 0; tap < taps && count > 0; tap += ChannelSumCode.MOST_TAPS) {
            int some = Math.min(ChannelSumCode.MOST_TAPS, taps - tap);
            gradients[some - 1].call(
                    address(x),
                    address(table) + 8L * tap,
                    count,
                    8L * taps,
                    address(results),
                    address(sums) + 64L * tap);
        }
        Native.keep(x.memory(), table.memory());
        Native.keep(results.memory(), sums.memory());
    }
}
