package dev.jebena.training;

import dev.jebena.nn.Block;
import dev.jebena.nn.Layer;

/// A network as what has parameters and as what computes.
record Network(Block block, Layer layer) {
    static <B extends Block & Layer> Network of(B both) {
        return new Network(both, both);
    }
}
