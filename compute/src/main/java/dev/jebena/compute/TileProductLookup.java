package dev.jebena.compute;

import dev.jebena.compute.x86.CpuFeatures;
import dev.jebena.compute.x86.TileProductCode;
import org.jspecify.annotations.Nullable;

/// Chooses the tile products, panels and transforms, once, by the same property as [KernelLookup].
final class TileProductLookup {
    private static final String WISH = System.getProperty(KernelLookup.PROPERTY, "");

    static final TileProduct BEST = choose(WISH);
    static final @Nullable TileProduct PAIRS = pairs(WISH);
    static final @Nullable TileProduct QUADS = quads(WISH);
    static final Panels SCALAR_PANELS = new Panels() {};
    static final Panels PANELS = panels(WISH);
    static final WinogradTransforms WINOGRAD = winograd(WISH);
    static final ChannelSums CHANNEL_SUMS = channelSums(WISH);

    private TileProductLookup() {}

    private static TileProduct choose(String wish) {
        CpuFeatures features = CpuFeatures.detected();
        if (wish.equals("scalar")) {
            return ScalarTileProduct.FLOATS;
        }
        if (!wish.equals("vector") && features.avx2()) {
            return new X86TileProduct(features.avx512(), TileProductCode.Entry.FLOAT);
        }
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return vectors ? VectorLoader.load() : ScalarTileProduct.FLOATS;
    }

    private static @Nullable TileProduct pairs(String wish) {
        boolean has = CpuFeatures.detected().has(CpuFeatures.Feature.BF16);
        return has && assembles(wish) ? new X86TileProduct(true, TileProductCode.Entry.PAIR) : null;
    }

    private static @Nullable TileProduct quads(String wish) {
        // AVX-512 counts as there only together with VNNI.
        return assembles(wish) ? new X86TileProduct(true, TileProductCode.Entry.QUAD) : null;
    }

    private static Panels panels(String wish) {
        return assembles(wish) ? new X86Panels() : SCALAR_PANELS;
    }

    private static WinogradTransforms winograd(String wish) {
        return assembles(wish) ? new X86Winograd() : WinogradTransforms.scalar();
    }

    private static ChannelSums channelSums(String wish) {
        return assembles(wish) ? new X86ChannelSums() : ChannelSums.scalar();
    }

    /// Whether there is code for AVX-512.
    static boolean assembles() {
        return assembles(WISH);
    }

    private static boolean assembles(String wish) {
        boolean wanted = !wish.equals("scalar") && !wish.equals("vector");
        return wanted && CpuFeatures.detected().avx512();
    }

    /// Apart, so that no class of the vector module is loaded where it is absent.
    private static final class VectorLoader {
        static TileProduct load() {
            return VectorTileProduct.INSTANCE;
        }
    }
}
