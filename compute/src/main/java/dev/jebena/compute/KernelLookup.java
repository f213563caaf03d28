package dev.jebena.compute;

/// Chooses the kernels, once.
final class KernelLookup {
    private static final Kernels BEST = ScalarKernels.INSTANCE;

    private KernelLookup() {}

    static Kernels best() {
        return BEST;
    }
}
