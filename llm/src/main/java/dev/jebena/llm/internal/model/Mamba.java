package dev.jebena.llm.internal.model;

import java.util.ArrayList;
import java.util.List;

/// Mamba (Gu and Dao 2023): no attention; each layer folds the past into a state of fixed size.
/// FalconMamba has norms of what selects it.
final class Mamba implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights, Hyperparameters.readWithoutAttention(weights));
        StateSpace space = StateSpace.read(weights);
        Hyperparameters shape = parts.shape();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            blocks.add(
                    Residual.preNorm(
                            parts.rmsNorm(i, "attn_norm"),
                            SelectiveScan.read(weights, i, shape.width(), space, shape.epsilon())));
        }
        Head head = parts.head(parts.rmsNorm("output_norm"));
        Graph graph = parts.decoder(parts.tokens(1), blocks, List.of(), head);
        return graph.keeping(new SequenceMemory.State(shape.layers(), space.floats()));
    }
}
