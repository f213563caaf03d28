package dev.jebena.compute;

import dev.jebena.compute.x86.CpuFeatures;

/// Chooses the tile product, once, by the same property as [KernelLookup].
final class TileProductLookup {
    static final TileProduct BEST = choose(System.getProperty(KernelLookup.PROPERTY, ""));

    private TileProductLookup() {}

    private static TileProduct choose(String wish) {
        CpuFeatures features = CpuFeatures.detected();
        if (wish.equals("scalar")) {
            return ScalarTileProduct.INSTANCE;
        }
        if (!wish.equals("vector") && features.avx2()) {
            return new X86TileProduct(features.avx512());
        }
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return vectors ? VectorLoader.load() : ScalarTileProduct.INSTANCE;
    }

    /// Apart, so that no class of the vector module is loaded where it is absent.
    private static final class VectorLoader {
        static TileProduct load() {
            return VectorTileProduct.INSTANCE;
        }
    }
}
