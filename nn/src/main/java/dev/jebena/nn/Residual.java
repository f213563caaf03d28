package dev.jebena.nn;

import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// `shortcut(x) + inner(x)`. State: that of the layers under `inner` and `shortcut`.
public final class Residual extends Block implements Layer {
    private final Layer inner;
    private final @Nullable Layer shortcut;

    private Residual(Layer inner, @Nullable Layer shortcut) {
        this.inner = layer("inner", inner);
        this.shortcut = shortcut == null ? null : layer("shortcut", shortcut);
    }

    /// `x + inner(x)`.
    public static Residual of(Layer... inner) {
        return new Residual(inner.length == 1 ? inner[0] : Sequential.of(inner), null);
    }

    /// With a layer on the short way too, where shapes differ.
    public static Residual withShortcut(Layer inner, Layer shortcut) {
        return new Residual(inner, shortcut);
    }

    @Override
    public Tensor apply(Tensor x) {
        Tensor y = inner.apply(x);
        Tensor way = shortcut == null ? x : shortcut.apply(x);
        Shape before = way.shape();
        if (!before.equals(y.shape())) {
            throw NnException.shape(
                    "Residual: the short way has shape %s, the layers give %s; equal ones are"
                            + " needed",
                    before, y.shape());
        }
        return way.add(y);
    }
}
