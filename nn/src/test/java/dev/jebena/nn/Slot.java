package dev.jebena.nn;

import dev.jebena.tensor.Tensor;

/// A block that is one parameter.
final class Slot extends Block {
    final Parameter weight;

    Slot(Tensor value) {
        weight = parameter("weight", value);
    }
}
