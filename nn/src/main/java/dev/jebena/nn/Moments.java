package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an [Optimizer] remembers of one parameter: how many steps it made, and tensors by the names
/// of PyTorch's state dicts (`exp_avg`).
public final class Moments {
    private final Map<String, Tensor> tensors = new TreeMap<>();
    private long step;

    Moments() {}

    /// The number of the current step; the first is 1.
    public long step() {
        return step;
    }

    void next() {
        step++;
    }

    void restart(long at, Map<String, Tensor> found) {
        step = at;
        tensors.clear();
        tensors.putAll(found);
    }

    /// The tensor of that name; null before it was set.
    public @Nullable Tensor find(String name) {
        return tensors.get(name);
    }

    /// The tensor of that name, or zeros like another one before it was set.
    public Tensor get(String name, Tensor like) {
        Tensor found = tensors.get(name);
        return found == null ? like.zerosLike() : found;
    }

    /// Remembers a tensor, and returns it.
    public Tensor set(String name, Tensor value) {
        tensors.put(name, value);
        return value;
    }

    Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }
}
