package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.WeightMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The building blocks of one model under the tensor names that all families share.
final class Parts {
    /// Which norms a family has: `parts::rmsNorm` or `parts::layerNorm`.
    @FunctionalInterface
    interface Norms {
        Norm of(int layer, String name);
    }

    private final Weights weights;
    private final Hyperparameters shape;

    Parts(Weights weights) {
        this(weights, Hyperparameters.read(weights));
    }

    Parts(Weights weights, Hyperparameters shape) {
        this.weights = weights;
        this.shape = shape;
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

    /// Attention in which every token sees all others.
    AttentionShape bothWays() {
        return attentionShape(0, (float) (1 / Math.sqrt(shape.headDim())), false);
    }

    /// Positions that a token of a layer with a sliding window sees; 0 for all.
    int window() {
        return weights.integer("attention.sliding_window", 0, 1 << 24, 0);
    }

    /// Which layers have a sliding window; none where the model has no window.
    ///
    /// @param period every how many layers the last has none, where the file does not say
    boolean[] windowed(int period) {
        return window() == 0
                ? new boolean[shape.layers()]
                : weights.pattern(
                        "attention.sliding_window_pattern", shape.layers(), period, false);
    }

    Norm rmsNorm(String name) {
        return Norm.Rms.read(weights, name, shape.width(), shape.epsilon());
    }

    Norm rmsNorm(int layer, String name) {
        return rmsNorm(layer(layer, name));
    }

    Norm layerNorm(String name) {
        return Norm.Layer.read(weights, name, shape.width(), shape.epsilon());
    }

    Norm layerNorm(int layer, String name) {
        return layerNorm(layer(layer, name));
    }

    /// A norm that some models of a family have.
    @Nullable Norm optionalNorm(int layer, String name) {
        return weights.has(layer(layer, name) + ".weight")
                ? Norm.read(weights, layer(layer, name), shape.width(), shape.epsilon())
                : null;
    }

    /// Attention whose queries, keys and values come from separate matrices or from one; with norms
    /// of heads where the file has them.
    Attention attention(int layer, int kvLayer, @Nullable Rope rope, AttentionShape attention) {
        List<Linear> projections = projections(layer);
        return new Attention(
                kvLayer,
                projections.get(0),
                projections.get(1),
                projections.get(2),
                linear(layer, "attn_output", shape.width(), shape.queryWidth()),
                headNorm(layer, "attn_q_norm", shape.heads()),
                headNorm(layer, "attn_k_norm", shape.kvHeads()),
                rope,
                attention);
    }

    private List<Linear> projections(int layer) {
        int queries = shape.queryWidth();
        int keys = shape.kvWidth();
        String fused = layer(layer, "attn_qkv");
        return weights.has(fused + ".weight")
                ? Linear.split(weights, fused, shape.width(), queries, keys, keys)
                : List.of(
                        linear(layer, "attn_q", queries, shape.width()),
                        linear(layer, "attn_k", keys, shape.width()),
                        linear(layer, "attn_v", keys, shape.width()));
    }

    private @Nullable HeadNorm headNorm(int layer, String name, int heads) {
        return HeadNorm.read(weights, layer(layer, name), shape, heads);
    }

    FeedForward gated(int layer, FeedForward.Activation activation) {
        return new FeedForward(
                linear(layer, "ffn_gate", shape.feedForward(), shape.width()),
                linear(layer, "ffn_up", shape.feedForward(), shape.width()),
                linear(layer, "ffn_down", shape.width(), shape.feedForward()),
                activation);
    }

    /// A gated network whose `ffn_up` holds the gate first and then the other half.
    FeedForward fusedGated(int layer, FeedForward.Activation activation) {
        int inner = shape.feedForward();
        List<Linear> halves =
                Linear.split(weights, layer(layer, "ffn_up"), shape.width(), inner, inner);
        return new FeedForward(
                halves.get(0),
                halves.get(1),
                linear(layer, "ffn_down", shape.width(), inner),
                activation);
    }

    /// A network whose gate has its own matrix, or lies in `ffn_up`, or is not there.
    FeedForward gatedOrFused(int layer, FeedForward.Activation activation) {
        if (weights.has(layer(layer, "ffn_gate.weight"))) {
            return gated(layer, activation);
        }
        long outputs = weights.shape(layer(layer, "ffn_up.weight")).getFirst();
        return outputs == shape.feedForward()
                ? plain(layer, activation)
                : fusedGated(layer, activation);
    }

    FeedForward plain(int layer, FeedForward.Activation activation) {
        return new FeedForward(
                null,
                linear(layer, "ffn_up", shape.feedForward(), shape.width()),
                linear(layer, "ffn_down", shape.width(), shape.feedForward()),
                activation);
    }

    /// A mixture of experts, and one for all rows where the file has it.
    ///
    /// @param renormalized whether the weights of a row's experts add up to 1
    Experts experts(int layer, boolean renormalized) {
        return new ExpertParts(weights, shape).experts(layer(layer, ""), renormalized);
    }

    /// A mixture of experts whose weights add up to 1, with this activation.
    Experts experts(int layer, FeedForward.Activation activation) {
        return new ExpertParts(weights, shape).experts(layer(layer, ""), activation);
    }

    /// A mixture of experts by the rule that DeepSeek's files describe.
    ///
    /// @param absent what becomes of the router's logits, where the file does not say
    Experts ruledExperts(int layer, RoutingRule.Scores absent) {
        return new ExpertParts(weights, shape).ruled(layer(layer, ""), absent);
    }

    /// Whether feed-forward networks are mixtures of experts.
    boolean mixes() {
        return weights.integer("expert_count", 0, 1024, 0) > 0;
    }

    /// Layers of attention and a feed-forward network, each behind its norm.
    List<Block> preNormLayers(
            Norms norms,
            @Nullable Rope rope,
            AttentionShape attention,
            IntFunction<? extends Body> feedForward) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            Attention heads = attention(i, i, rope, attention);
            blocks.add(Residual.preNorm(norms.of(i, "attn_norm"), heads));
            blocks.add(Residual.preNorm(norms.of(i, "ffn_norm"), feedForward.apply(i)));
        }
        return blocks;
    }

    /// Gemma's layers: norms before and after attention and a feed-forward network with GELU.
    List<Block> sandwichLayers(IntFunction<Attention> attention) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            blocks.add(
                    Residual.sandwich(
                            rmsNorm(i, "attn_norm"),
                            attention.apply(i),
                            rmsNorm(i, "post_attention_norm")));
            blocks.add(
                    Residual.sandwich(
                            rmsNorm(i, "ffn_norm"),
                            gated(i, FeedForward.Activation.GELU),
                            rmsNorm(i, "post_ffw_norm")));
        }
        return blocks;
    }

    WeightMatrix embedding() {
        weights.adaptable(
                TokenInput.TABLE, new AdapterTarget(1, shape.vocabulary(), shape.width(), true));
        return weights.matrix(TokenInput.TABLE, shape.vocabulary(), shape.width());
    }

    /// A learned vector for each position, for at least as many as the graph computes.
    WeightMatrix positions() {
        int rows = weights.rows("position_embd.weight", shape.width(), 1 << 24);
        if (rows < shape.positions()) {
            throw Weights.bad(
                    "tensor position_embd.weight has %d rows; the context length is %d"
                            .formatted(rows, shape.positions()));
        }
        return weights.matrix("position_embd.weight", rows, shape.width());
    }

    /// Tokens by their embedding alone.
    ///
    /// @param scale factor on it
    TokenInput tokens(float scale) {
        return TokenInput.of(embedding(), scale);
    }

    /// Tokens of an encoder: of token type 0 where there are types, and normalized.
    TokenInput typedTokens() {
        String types = "token_types.weight";
        FloatMatrix first =
                weights.has(types)
                        ? weights.row(
                                types,
                                0,
                                weights.rows(types, shape.width(), 1 << 10),
                                shape.width())
                        : null;
        return new TokenInput(embedding(), 1, null, first, layerNorm("token_embd_norm"));
    }

    /// A final norm, and an output matrix or, where there is none, the embedding table once more.
    Head head(Norm norm) {
        Linear output =
                weights.has("output.weight")
                        ? Linear.read(weights, "output", shape.vocabulary(), shape.width())
                        : Linear.of(weights, "output.weight", embedding(), null);
        double cap = weights.number("final_logit_softcapping", 1e6, 0);
        return new Head(norm, output, 1, (float) cap);
    }

    /// A model that continues text.
    Graph decoder(TokenInput input, List<Block> blocks, List<Rope> ropes, Head head) {
        return new Graph(
                shape,
                input,
                List.copyOf(blocks),
                List.copyOf(ropes),
                head,
                Pooling.NONE,
                null,
                true,
                keysAndValues(shape.layers()));
    }

    /// A model that makes vectors of texts, in which all tokens see each other.
    Graph encoder(TokenInput input, List<Block> blocks, List<Rope> ropes) {
        Pooling pooling = Pooling.read(weights);
        Classifier classifier = pooling == Pooling.RANK ? Classifier.read(weights, shape) : null;
        if (pooling == Pooling.RANK && classifier == null) {
            throw Weights.bad(
                    "the model is said to rank texts (pooling_type 4), but has neither cls.weight nor cls.output.weight");
        }
        // No later token needs a layer's keys and values, so all layers share one cache.
        return new Graph(
                shape,
                input,
                List.copyOf(blocks),
                List.copyOf(ropes),
                null,
                pooling,
                classifier,
                false,
                keysAndValues(1));
    }

    private SequenceMemory keysAndValues(int layers) {
        return new SequenceMemory.KeysAndValues(layers, shape.kvHeads(), shape.headDim());
    }

    private Linear linear(int layer, String name, int outputs, int inputs) {
        return Linear.read(weights, layer(layer, name), outputs, inputs);
    }

    private static String layer(int layer, String name) {
        return "blk." + layer + "." + name;
    }
}
