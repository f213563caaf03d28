package dev.jebena.tensor;

import dev.jebena.tensor.internal.FloatPath;
import dev.jebena.tensor.internal.Temporaries;
import dev.jebena.tensor.internal.View;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Chains of ops that eager execution does in one pass over memory, with the bits of op after op.
/// Only for plain numbers: transformations and traces see the ops. Each method gives null where
/// there is no such pass.
final class Fused {
    private Fused() {}

    /// Gives back the memory that a computation on plain tensors took on its way; it must keep
    /// nothing but its results.
    static @Nullable Tensor[] tidy(Supplier<@Nullable Tensor[]> computation) {
        Temporaries temporaries = Temporaries.begin();
        List<View> results = new ArrayList<>();
        try {
            @Nullable Tensor[] tensors = computation.get();
            for (Tensor tensor : tensors) {
                if (tensor != null) {
                    results.add(tensor.view());
                }
            }
            return tensors;
        } finally {
            temporaries.end(results);
        }
    }

    /// The same for one result of one plain operand; for others just the computation.
    static Tensor tidy(Tensor x, Supplier<Tensor> computation) {
        if (plain(x) == null) {
            return computation.get();
        }
        return Objects.requireNonNull(tidy(() -> new @Nullable Tensor[] {computation.get()})[0]);
    }

    private static @Nullable View plain(Tensor x) {
        return x.value() instanceof Value.Dense dense ? dense.view() : null;
    }

    static @Nullable Tensor layerNorm(
            Tensor x, Tensor weight, @Nullable Tensor bias, double epsilon) {
        View in = plain(x);
        View factors = plain(weight);
        View shifts = bias == null ? null : plain(bias);
        if (in == null || factors == null || (shifts == null) != (bias == null)) {
            return null;
        }
        try {
            View y = FloatPath.layerNorm(in, factors, shifts, epsilon);
            return y == null ? null : new Tensor(y);
        } finally {
            // Kernels see addresses only.
            Reference.reachabilityFence(x);
            Reference.reachabilityFence(weight);
            Reference.reachabilityFence(bias);
        }
    }

    static @Nullable Tensor softmaxGradient(boolean log, int axis, Tensor y, Tensor slopes) {
        View values = plain(y);
        View given = plain(slopes);
        if (values == null || given == null) {
            return null;
        }
        try {
            View to = FloatPath.softmaxGradient(log, axis, values, given);
            return to == null ? null : new Tensor(to);
        } finally {
            Reference.reachabilityFence(y);
            Reference.reachabilityFence(slopes);
        }
    }

    static @Nullable Tensor standardizeGradient(int axes, Tensor y, Tensor factors, Tensor slopes) {
        View values = plain(y);
        View all = plain(factors);
        View given = plain(slopes);
        if (values == null || all == null || given == null) {
            return null;
        }
        try {
            View to = FloatPath.standardizeGradient(axes, values, all, given);
            return to == null ? null : new Tensor(to);
        } finally {
            Reference.reachabilityFence(y);
            Reference.reachabilityFence(factors);
            Reference.reachabilityFence(slopes);
        }
    }
}
