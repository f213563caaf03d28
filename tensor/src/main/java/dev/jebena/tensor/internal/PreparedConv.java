package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.Window;
import dev.jebena.tensor.Shape;
import org.jspecify.annotations.Nullable;

/// A convolution in float32 by a weight that stays the same: what depends on the weight and on
/// shapes alone was done before, once. The bits are those of [ConvLoops#forward].
public interface PreparedConv {
    /// Told of parts of the result that are done, by the thread that did them.
    interface Finished {
        /// Elements `begin` to `end` of the result.
        void take(long begin, long end);
    }

    /// Of images of a shape; null if nothing can be prepared.
    static @Nullable PreparedConv of(Window window, Shape x, View w, Shape y) {
        DType dtype = w.dtype();
        if (Winograd.fits(window, dtype, x, w.shape(), y)) {
            return Winograd.prepared(window, w);
        }
        if (RowConv.fits(window, dtype, x, w.shape(), y)) {
            return RowConv.prepared(window, x, w, y);
        }
        return DepthwiseConv.fits(window, dtype, x, w.shape(), y)
                ? DepthwiseConv.prepared(window, x, w, y)
                : null;
    }

    /// @param y contiguous
    /// @param together how many elements `finished` takes at least, of which it wants multiples
    /// @param finished what is to be done with parts of the result while they are in a cache
    /// @return whether it was done
    boolean run(View x, View y, long together, @Nullable Finished finished);
}
