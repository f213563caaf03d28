package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import dev.jebena.compute.WeightMatrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The building blocks of one model under the tensor names that all families share.
final class Parts {
    private final Weights weights;
    private final Hyperparameters shape;

    Parts(Weights weights) {
        this.weights = weights;
        this.shape = Hyperparameters.read(weights);
    }

    Hyperparameters shape() {
        return shape;
    }

    /// Positions by rotation.
    RopeScaling rope(boolean neighbours) {
        return new RopeScaling(weights, shape, neighbours);
    }

    /// The usual shape of causal attention.
    ///
    /// @param window positions that a token sees, itself included; 0 for all
    AttentionShape causal(int window) {
        return attentionShape(window, (float) (1 / Math.sqrt(shape.headDim())), true);
    }

    AttentionShape attentionShape(int window, float scale, boolean causal) {
        return new AttentionShape(
                shape.heads(), shape.kvHeads(), shape.headDim(), scale, window, 0, causal);
    }

    Norm rmsNorm(int layer, String name) {
        return Norm.Rms.read(weights, layer(layer, name), shape.width(), shape.epsilon());
    }

    Norm layerNorm(String name) {
        return Norm.Layer.read(weights, name, shape.width(), shape.epsilon());
    }

    Norm layerNorm(int layer, String name) {
        return layerNorm(layer(layer, name));
    }

    /// Attention with separate matrices for queries, keys and values; with norms of heads where the
    /// file has them.
    Attention attention(int layer, int kvLayer, @Nullable Rope rope, AttentionShape attention) {
        int width = shape.width();
        return new Attention(
                kvLayer,
                linear(layer, "attn_q", shape.queryWidth(), width),
                linear(layer, "attn_k", shape.kvWidth(), width),
                linear(layer, "attn_v", shape.kvWidth(), width),
                linear(layer, "attn_output", width, shape.queryWidth()),
                headNorm(layer, "attn_q_norm"),
                headNorm(layer, "attn_k_norm"),
                rope,
                attention);
    }

    private @Nullable Norm headNorm(int layer, String name) {
        return weights.has(layer(layer, name) + ".weight")
                ? Norm.Rms.read(weights, layer(layer, name), shape.headDim(), shape.epsilon())
                : null;
    }

    FeedForward gated(int layer, FeedForward.Activation activation) {
        return new FeedForward(
                linear(layer, "ffn_gate", shape.feedForward(), shape.width()),
                linear(layer, "ffn_up", shape.feedForward(), shape.width()),
                linear(layer, "ffn_down", shape.width(), shape.feedForward()),
                activation);
    }

    FeedForward plain(int layer, FeedForward.Activation activation) {
        return new FeedForward(
                null,
                linear(layer, "ffn_up", shape.feedForward(), shape.width()),
                linear(layer, "ffn_down", shape.width(), shape.feedForward()),
                activation);
    }

    WeightMatrix embedding() {
        return weights.matrix("token_embd.weight", shape.vocabulary(), shape.width());
    }

    /// The layers of the Llama graph: attention and a gated network, each behind its norm.
    List<Block> preNormLayers(Rope rope) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            blocks.add(Residual.preNorm(rmsNorm(i, "attn_norm"), attention(i, i, rope, causal(0))));
            blocks.add(
                    Residual.preNorm(
                            rmsNorm(i, "ffn_norm"), gated(i, FeedForward.Activation.SILU)));
        }
        return blocks;
    }

    /// A model that continues text: a final norm, and an output matrix or, where there is none, the
    /// embedding table once more.
    Graph decoder(float embeddingScale, List<Block> blocks, List<Rope> ropes) {
        WeightMatrix embedding = embedding();
        Norm norm = Norm.Rms.read(weights, "output_norm", shape.width(), shape.epsilon());
        Linear output =
                weights.has("output.weight")
                        ? Linear.read(weights, "output", shape.vocabulary(), shape.width())
                        : Linear.of(weights, embedding, null);
        return new Graph(
                shape,
                TokenInput.of(embedding, embeddingScale),
                List.copyOf(blocks),
                List.copyOf(ropes),
                new Head(norm, output),
                Pooling.NONE,
                true,
                shape.layers());
    }

    private Linear linear(int layer, String name, int outputs, int inputs) {
        return Linear.read(weights, layer(layer, name), outputs, inputs);
    }

    private static String layer(int layer, String name) {
        return "blk." + layer + "." + name;
    }
}
