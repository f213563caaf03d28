package dev.jebena.compute;

/// Chooses the loops over float32 numbers, once, by the same property as [KernelLookup].
final class FloatArraysLookup {
    private static final boolean VECTORS =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                    && !System.getProperty(KernelLookup.PROPERTY, "").equals("scalar");

    static final FloatArrays BEST = VECTORS ? VectorLoader.arrays() : FloatArrays.scalar();
    static final FloatRows ROWS = rows();

    private FloatArraysLookup() {}

    private static FloatRows rows() {
        FloatRows rows = VECTORS ? VectorLoader.rows() : FloatRows.scalar();
        return TileProductLookup.assembles() ? new X86FloatRows(rows) : rows;
    }

    /// Apart, so that no class of the vector module is loaded where it is absent.
    private static final class VectorLoader {
        static FloatArrays arrays() {
            return VectorFloatArrays.INSTANCE;
        }

        static FloatRows rows() {
            return VectorFloatRows.INSTANCE;
        }
    }
}
