package dev.jebena.nn;

import dev.jebena.tensor.PoolOptions;
import dev.jebena.tensor.Tensor;

/// Pooling of the last axes, as many as there are numbers: `Pool.max(2, 2)` is `MaxPool2d(2)`.
public final class Pool implements Layer {
    private final Layer pooling;

    private Pool(Layer pooling) {
        this.pooling = pooling;
    }

    /// The largest number of each window; windows lie side by side.
    public static Pool max(int... size) {
        return max(PoolOptions.of(size));
    }

    public static Pool max(PoolOptions options) {
        return new Pool(x -> x.maxPool(options));
    }

    /// The mean of each window; windows lie side by side.
    public static Pool avg(int... size) {
        return avg(PoolOptions.of(size));
    }

    public static Pool avg(PoolOptions options) {
        return new Pool(x -> x.avgPool(options));
    }

    /// `(sum of x^p)^(1/p)` of each window.
    public static Pool lp(double p, PoolOptions options) {
        double window = 1;
        for (int length : options.size().toArray()) {
            window *= length;
        }
        double size = window;
        return new Pool(x -> x.pow(p).avgPool(options).mul(size).relu().pow(1 / p));
    }

    /// Means over as many windows as given.
    public static Pool adaptiveAvg(int... lengths) {
        return new Pool(x -> x.adaptiveAvgPool(lengths));
    }

    public static Pool adaptiveMax(int... lengths) {
        return new Pool(x -> x.adaptiveMaxPool(lengths));
    }

    @Override
    public Tensor apply(Tensor x) {
        return pooling.apply(x);
    }
}
