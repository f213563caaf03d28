package dev.jebena.compute;

/// skeleton
final class ScalarKernels {
    static final Kernels INSTANCE = KernelLookup.best();

    private ScalarKernels() {}
}
