package dev.jebena.compute;

/// Chooses the loops over float32 numbers, once, by the same property as [KernelLookup].
final class FloatArraysLookup {
    static final FloatArrays BEST = choose(System.getProperty(KernelLookup.PROPERTY, ""));

    private FloatArraysLookup() {}

    private static FloatArrays choose(String wish) {
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return vectors && !wish.equals("scalar") ? VectorLoader.load() : FloatArrays.scalar();
    }

    /// Apart, so that no class of the vector module is loaded where it is absent.
    private static final class VectorLoader {
        static FloatArrays load() {
            return VectorFloatArrays.INSTANCE;
        }
    }
}
