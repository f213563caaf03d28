package dev.jebena.compute;

/// The reference: every kernel as its default method defines it.
final class ScalarKernels implements Kernels {
    static final Kernels INSTANCE = new ScalarKernels();

    private ScalarKernels() {}

    @Override
    public String name() {
        return "scalar";
    }
}
