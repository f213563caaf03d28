package dev.jebena.compute;

import dev.jebena.compute.x86.Assembler;
import dev.jebena.compute.x86.GateKernels;
import dev.jebena.compute.x86.KvElement;
import dev.jebena.compute.x86.LargestKernels;
import dev.jebena.compute.x86.NormKernels;
import dev.jebena.compute.x86.RopeKernels;
import dev.jebena.compute.x86.Routine;
import dev.jebena.compute.x86.StoreKvKernel;
import dev.jebena.compute.x86.StoreRoundedKvKernel;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The kernels of rows as machine code: checks, then one call. Each is assembled when it is first
/// used.
final class X86Rows {
    private final Lazy rmsNorm = new Lazy(NormKernels::rmsNorm);
    private final Lazy layerNorm = new Lazy(NormKernels::layerNorm);
    private final Lazy add = new Lazy(NormKernels::add);
    private final Lazy siluMultiply = new Lazy(GateKernels::siluMultiply);
    private final Lazy geluMultiply = new Lazy(GateKernels::geluMultiply);
    private final Lazy gelu = new Lazy(GateKernels::gelu);
    private final Lazy ropeHalves = new Lazy(RopeKernels::halves);
    private final Lazy ropeNeighbours = new Lazy(RopeKernels::neighbours);
    private final Lazy argmax = new Lazy(LargestKernels::argmax);
    private final Lazy sumOfExponentials = new Lazy(LargestKernels::sumOfExponentials);
    private volatile Store[] stores = {};
    private final boolean avx512;

    /// @param avx512 whether the code is for AVX-512; else for AVX2
    X86Rows(boolean avx512) {
        this.avx512 = avx512;
    }

    private interface Code {
        Assembler assemble(boolean avx512);
    }

    /// Code that is assembled at the first call.
    private final class Lazy {
        private final Code code;
        private volatile @Nullable Routine routine;

        Lazy(Code code) {
            this.code = code;
        }

        Routine get() {
            Routine ready = routine;
            return ready != null ? ready : make();
        }

        private synchronized Routine make() {
            Routine made = routine;
            if (made == null) {
                made = Routine.install(code.assemble(avx512));
                routine = made;
            }
            return made;
        }
    }

    /// The code that stores keys and values of one shape.
    private record Store(int headDim, DataType type, Routine routine) {}

    /// Whether the code can work on rows of `n` elements.
    boolean supports(int n) {
        return avx512 || n % 16 == 0;
    }

    static boolean storesKv(DataType type, int headDim) {
        return headDim % 16 == 0 && headDim <= 512 && KvPages.supports(type, headDim);
    }

    static KvElement element(DataType type) {
        return switch (type) {
            case F32 -> KvElement.F32;
            case F16 -> KvElement.F16;
            case Q8_0 -> KvElement.SCALED_BYTE;
            default -> throw new IllegalArgumentException("no cache of " + type);
        };
    }

    void rmsNorm(FloatMatrix x, int row, FloatMatrix weight, float epsilon, FloatMatrix out) {
        int n = x.columns();
        Shapes.row("rmsNorm", x, row, n);
        Shapes.row("rmsNorm", weight, 0, n);
        Shapes.row("rmsNorm", out, row, n);
        long bits = Float.floatToRawIntBits(epsilon);
        rmsNorm.get()
                .call(Native.row(x, row), Native.row(weight, 0), Native.row(out, row), n, bits, 0);
    }

    void layerNorm(
            FloatMatrix x,
            int row,
            FloatMatrix weight,
            FloatMatrix bias,
            float epsilon,
            FloatMatrix out) {
        int n = x.columns();
        Shapes.row("layerNorm", x, row, n);
        Shapes.row("layerNorm", weight, 0, n);
        Shapes.row("layerNorm", bias, 0, n);
        Shapes.row("layerNorm", out, row, n);
        layerNorm
                .get()
                .call(
                        Native.row(x, row),
                        Native.row(weight, 0),
                        Native.row(bias, 0),
                        Native.row(out, row),
                        n,
                        Float.floatToRawIntBits(epsilon));
    }

    void add(FloatMatrix x, int row, FloatMatrix y, int yRow) {
        int n = x.columns();
        Shapes.row("add", x, row, n);
        Shapes.row("add", y, yRow, n);
        add.get().call(Native.row(x, row), Native.row(y, yRow), n, 0, 0, 0);
    }

    void siluMultiply(FloatMatrix gate, FloatMatrix up, int row) {
        multiply(siluMultiply, "siluMultiply", gate, up, row);
    }

    void geluMultiply(FloatMatrix gate, FloatMatrix up, int row) {
        multiply(geluMultiply, "geluMultiply", gate, up, row);
    }

    void gelu(FloatMatrix x, int row) {
        multiply(gelu, "gelu", x, x, row);
    }

    private static void multiply(Lazy code, String what, FloatMatrix x, FloatMatrix y, int row) {
        int n = x.columns();
        Shapes.row(what, x, row, n);
        Shapes.row(what, y, row, n);
        code.get().call(Native.row(x, row), Native.row(y, row), n, 0, 0, 0);
    }

    void rope(
            FloatMatrix x,
            int row,
            int heads,
            int headDim,
            FloatMatrix cosSin,
            int position,
            int rotated,
            boolean neighbours) {
        Shapes.row("rope", x, row, heads * headDim);
        Shapes.row("rope", cosSin, position, rotated);
        int pairs = rotated / 2;
        if (heads <= 0 || pairs <= 0) {
            return;
        }
        long cos = Native.row(cosSin, position);
        (neighbours ? ropeNeighbours : ropeHalves)
                .get()
                .call(Native.row(x, row), heads, 4L * headDim, cos, cos + 4L * pairs, pairs);
    }

    void storeKv(
            MemorySegment pages,
            DataType type,
            long pageOffset,
            int slot,
            FloatMatrix keys,
            FloatMatrix values,
            int row,
            int kvHeads,
            int headDim) {
        Shapes.storeKv(pages, type, pageOffset, slot, keys, values, row, kvHeads, headDim);
        long page = Native.address(pages) + pageOffset;
        if (type == DataType.Q8_0) {
            long firstValue = KvPages.partBytes(type, headDim) + (long) slot * headDim;
            long key = Native.row(keys, row);
            long value = Native.row(values, row);
            store(headDim, type).call(key, value, page, kvHeads, slot, firstValue);
            return;
        }
        int size = type.blockBytes();
        long value = page + (long) size * headDim * (KvPages.PAGE + slot);
        store(headDim, type)
                .call(
                        Native.row(keys, row),
                        Native.row(values, row),
                        page + (long) size * slot,
                        value,
                        kvHeads,
                        0);
    }

    /// A model has one shape or two, so a search of an array is the fastest.
    private Routine store(int headDim, DataType type) {
        for (Store store : stores) {
            if (store.headDim == headDim && store.type == type) {
                return store.routine;
            }
        }
        return newStore(headDim, type);
    }

    private synchronized Routine newStore(int headDim, DataType type) {
        for (Store store : stores) {
            if (store.headDim == headDim && store.type == type) {
                return store.routine;
            }
        }
        Routine made =
                Routine.install(
                        type == DataType.Q8_0
                                ? StoreRoundedKvKernel.of(headDim, KvPages.PAGE)
                                : StoreKvKernel.of(
                                        headDim, type == DataType.F16, KvPages.PAGE, avx512));
        Store[] more = Arrays.copyOf(stores, stores.length + 1);
        more[stores.length] = new Store(headDim, type, made);
        stores = more;
        return made;
    }

    int argmax(FloatMatrix x, int row) {
        int n = x.columns();
        Shapes.row("argmax", x, row, n);
        return (int) argmax.get().call(Native.row(x, row), n, 0, 0, 0, 0);
    }

    float logSumExp(FloatMatrix x, int row) {
        int n = x.columns();
        Shapes.row("logSumExp", x, row, n);
        long out = Scratch.own().row(8);
        sumOfExponentials.get().call(Native.row(x, row), n, out, 0, 0, 0);
        return Native.getFloat(out) + (float) StrictMath.log(Native.getFloat(out + 4));
    }
}
