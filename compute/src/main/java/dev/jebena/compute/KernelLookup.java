package dev.jebena.compute;

/// Chooses the kernels, once.
///
/// The system property `jebena.kernels` may be `scalar` or `vector`; without it the vector kernels
/// are taken if their module is there.
final class KernelLookup {
    static final String PROPERTY = "jebena.kernels";

    private static final Kernels BEST = choose(System.getProperty(PROPERTY, ""), hasVectorModule());

    private KernelLookup() {}

    static Kernels best() {
        return BEST;
    }

    static Kernels choose(String wish, boolean vectorModule) {
        switch (wish) {
            case "scalar" -> {
                return ScalarKernels.INSTANCE;
            }
            case "vector", "" -> {
                if (vectorModule) {
                    return VectorKernelsLoader.load();
                }
            }
            default ->
                    throw new IllegalArgumentException(
                            "-D%s=%s: must be scalar or vector".formatted(PROPERTY, wish));
        }
        System.getLogger(KernelLookup.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        "slow scalar kernels: start java with --add-modules jdk.incubator.vector");
        return ScalarKernels.INSTANCE;
    }

    private static boolean hasVectorModule() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /// Apart, so that no class of the vector module is loaded where it is absent.
    private static final class VectorKernelsLoader {
        static Kernels load() {
            return VectorKernels.warming();
        }
    }
}
