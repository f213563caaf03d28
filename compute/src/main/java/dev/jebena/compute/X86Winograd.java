package dev.jebena.compute;

import dev.jebena.compute.Panels.Place;
import dev.jebena.compute.x86.Routine;
import dev.jebena.compute.x86.WinogradCode;

/// [WinogradTransforms] assembled for AVX-512.
final class X86Winograd implements WinogradTransforms {
    private final Routine input = Routine.install(WinogradCode.input());
    private final Routine weight = Routine.install(WinogradCode.weight());
    private final Routine gradient = Routine.install(WinogradCode.gradient());
    private final Routine output = Routine.install(WinogradCode.output());
    private final Routine weightGradient = Routine.install(WinogradCode.weightGradient());

    @Override
    public void apply(
            Kind kind,
            Place squares,
            Place table,
            int count,
            Place tiles,
            long tileBytes,
            long planeBytes) {
        if (count <= 0) {
            return;
        }
        Routine routine =
                switch (kind) {
                    case INPUT -> input;
                    case WEIGHT -> weight;
                    case GRADIENT -> gradient;
                    case OUTPUT -> output;
                    case WEIGHT_GRADIENT -> weightGradient;
                };
        routine.brief(
                4L * count,
                address(squares),
                address(table),
                count,
                address(tiles),
                tileBytes,
                planeBytes,
                0);
        Native.keep(squares.memory(), table.memory());
        Native.keep(tiles.memory(), tiles.memory());
    }

    private static long address(Place place) {
        return Native.address(place.memory()) + place.at();
    }
}
