package dev.jebena.nn;

import dev.jebena.tensor.Tensor;

/// A tensor that belongs to a block's state but has no gradient: running statistics.
public final class Buffer {
    private final String name;
    private Tensor value;

    Buffer(String name, Tensor value) {
        this.name = name;
        this.value = value.detach().contiguous();
    }

    public String name() {
        return name;
    }

    public Tensor value() {
        return value;
    }

    /// Replaces the value by one of the same shape, cast to the buffer's type.
    public void set(Tensor next) {
        if (!next.shape().equals(value.shape())) {
            throw NnException.shape(
                    "the buffer %s has shape %s; a value of shape %s cannot replace it",
                    name, value.shape(), next.shape());
        }
        value = next.detach().to(value.dtype()).contiguous();
    }

    /// Takes a value's place for as long as a function is traced, or gives it back.
    Tensor hold(Tensor other) {
        Tensor before = value;
        value = other;
        return before;
    }

    void cast(Tensor next) {
        value = next.detach().contiguous();
    }
}
