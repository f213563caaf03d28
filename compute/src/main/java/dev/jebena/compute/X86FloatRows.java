package dev.jebena.compute;

import dev.jebena.compute.Panels.Place;
import dev.jebena.compute.x86.Routine;
import dev.jebena.compute.x86.SoftmaxRowsCode;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// [FloatRows] of which the softmax of rows of one piece is assembled for AVX-512: a call of the
/// Vector API for each pass over each row takes longer than the passes.
final class X86FloatRows implements FloatRows {
    private static final int GROUP = SoftmaxRowsCode.GROUP;

    private final FloatRows others;
    private final AtomicReferenceArray<Routine> plain = new AtomicReferenceArray<>(GROUP);
    private final AtomicReferenceArray<Routine> adding = new AtomicReferenceArray<>(GROUP);

    /// @param others for what is not assembled
    X86FloatRows(FloatRows others) {
        this.others = others;
    }

    private Routine routine(int rest, boolean adds) {
        AtomicReferenceArray<Routine> all = adds ? adding : plain;
        Routine known = all.get(rest);
        if (known == null) {
            known = Routine.install(SoftmaxRowsCode.assemble(rest, adds));
            all.set(rest, known);
        }
        return known;
    }

    private static boolean fits(int n, int rows) {
        return n > 0 && n <= FloatArrays.PIECE && rows > 0;
    }

    private void softmax(Place x, @Nullable Place added, Place y, int n, int rows) {
        long from = Native.range(x.memory(), x.at(), 4L * n * rows);
        long to = Native.range(y.memory(), y.at(), 4L * n * rows);
        long row = added == null ? 0 : Native.range(added.memory(), added.at(), 4L * n);
        routine(n % GROUP, added != null)
                .brief((long) n * rows / 4, from, to, n / GROUP, rows, 4L * n, row, 0);
        Native.keep(x.memory(), y.memory());
        Native.keep(added == null ? y.memory() : added.memory(), y.memory());
    }

    @Override
    public void softmax(boolean log, Place x, Place y, int n, int rows) {
        if (!log && fits(n, rows)) {
            softmax(x, null, y, n, rows);
        } else {
            others.softmax(log, x, y, n, rows);
        }
    }

    @Override
    public void softmaxOfSum(Place x, Place added, Place y, int n, int rows) {
        if (fits(n, rows)) {
            softmax(x, added, y, n, rows);
        } else {
            others.softmaxOfSum(x, added, y, n, rows);
        }
    }

    @Override
    public void softmaxGradient(boolean log, Place y, Place slopes, Place to, int n, int rows) {
        others.softmaxGradient(log, y, slopes, to, n, rows);
    }

    @Override
    public void standardize(
            double epsilon,
            Place x,
            Place y,
            @Nullable Place factors,
            @Nullable Affine affine,
            int n,
            int rows) {
        others.standardize(epsilon, x, y, factors, affine, n, rows);
    }

    @Override
    public void standardizeGradient(
            Place y, Place factors, Place slopes, Place to, int n, int rows) {
        others.standardizeGradient(y, factors, slopes, to, n, rows);
    }

    @Override
    public void crossEntropy(Classes classes, Place x, Place losses, Place sums, int n, int rows) {
        others.crossEntropy(classes, x, losses, sums, n, rows);
    }

    @Override
    public void crossEntropyGradient(
            Classes classes, Place x, Place sums, Place slopes, Place to, int n, int rows) {
        others.crossEntropyGradient(classes, x, sums, slopes, to, n, rows);
    }
}
