package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.ArrayList;
import java.util.List;

/// BERT as an encoder of sentences: learned positions, attention in both directions, norms after
/// each residual, and pooling to one vector.
final class Bert implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Hyperparameters shape = parts.shape();
        AttentionShape both =
                parts.attentionShape(0, (float) (1 / Math.sqrt(shape.headDim())), false);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            // No later token needs a layer's keys and values, so all layers share one cache.
            blocks.add(
                    Residual.postNorm(
                            parts.attention(i, 0, null, both),
                            parts.layerNorm(i, "attn_output_norm")));
            blocks.add(
                    Residual.postNorm(
                            parts.plain(i, FeedForward.Activation.GELU),
                            parts.layerNorm(i, "layer_output_norm")));
        }
        TokenInput input =
                new TokenInput(
                        parts.embedding(),
                        1,
                        weights.matrix(
                                "position_embd.weight",
                                positionRows(weights, shape),
                                shape.width()),
                        weights.row(
                                "token_types.weight",
                                0,
                                weights.rows("token_types.weight", shape.width(), 1 << 10),
                                shape.width()),
                        parts.layerNorm("token_embd_norm"));
        return new Graph(
                shape, input, List.copyOf(blocks), List.of(), null, pooling(weights), false, 1);
    }

    private static int positionRows(Weights weights, Hyperparameters shape) {
        int rows = weights.rows("position_embd.weight", shape.width(), 1 << 24);
        if (rows < shape.positions()) {
            throw Weights.bad(
                    "tensor position_embd.weight has %d rows; the context length is %d"
                            .formatted(rows, shape.positions()));
        }
        return rows;
    }

    /// `pooling_type` as llama.cpp numbers it; the mean where the file does not say.
    private static Pooling pooling(Weights weights) {
        return switch (weights.integer("pooling_type", 0, 3, 1)) {
            case 2 -> Pooling.CLS;
            case 3 -> Pooling.LAST;
            default -> Pooling.MEAN;
        };
    }
}
