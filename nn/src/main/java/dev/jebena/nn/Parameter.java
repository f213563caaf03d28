package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Gradients;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;

/// A tensor that training changes: a place with a name whose value is replaced at each step.
///
/// The value is a variable, so [Tensor#backward()] finds its gradient; a frozen parameter's value
/// is a constant.
public final class Parameter {
    private final String name;
    private boolean trainable = true;
    private Tensor value;

    Parameter(String name, Tensor value) {
        this.name = name;
        this.value = value.contiguous().variable();
    }

    /// Its name within the block that made it: `weight`.
    public String name() {
        return name;
    }

    /// The variable to compute with; another one after each [#set].
    public Tensor value() {
        return value;
    }

    public Shape shape() {
        return value.shape();
    }

    public DType dtype() {
        return value.dtype();
    }

    public boolean isTrainable() {
        return trainable;
    }

    /// Whether training changes it; a parameter that is not trainable has no gradient.
    public void trainable(boolean whether) {
        trainable = whether;
        set(value);
    }

    /// Replaces the value by one of the same shape, cast to the parameter's type.
    public void set(Tensor next) {
        if (!next.shape().equals(value.shape())) {
            throw NnException.shape(
                    "the parameter %s has shape %s; a value of shape %s cannot replace it",
                    name, value.shape(), next.shape());
        }
        cast(next, value.dtype());
    }

    void cast(Tensor next, DType type) {
        Tensor plain = next.detach().to(type).contiguous();
        value = trainable ? plain.variable() : plain;
    }

    /// Takes a value's place for as long as a function is traced; returns what [#restore] needs.
    Tensor hold(Tensor traced) {
        Tensor before = value;
        value = trainable ? traced.variable() : traced;
        return before;
    }

    void restore(Tensor before) {
        value = before;
    }

    /// Whether the gradients have one for it.
    boolean isIn(Gradients gradients) {
        return trainable && gradients.contains(value);
    }

    @Override
    public String toString() {
        return name + " " + dtype() + shape();
    }
}
