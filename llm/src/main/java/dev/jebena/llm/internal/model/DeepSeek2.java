package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.WeightMatrix;
import java.util.ArrayList;
import java.util.List;

/// DeepSeek 2, 2.5, 3 and R1, Kimi K2: compressed keys and values, a few layers with one network,
/// and experts with one or more for all rows in the others.
final class DeepSeek2 implements Architecture {
    @Override
    public Graph build(Weights weights) {
        LatentShape sizes = LatentShape.read(weights);
        Hyperparameters shape = Hyperparameters.read(weights, 1, sizes.cached());
        Parts parts = new Parts(weights, shape);
        Rope rope = parts.rope(true).withoutMagnitude().scaled();
        AttentionShape attention = parts.attentionShape(0, scale(weights, sizes), true);
        int dense = weights.integer("leading_dense_block_count", 0, 1024, 0);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            blocks.add(
                    Residual.preNorm(
                            parts.rmsNorm(i, "attn_norm"),
                            attention(weights, parts, i, rope, sizes, attention)));
            Body feedForward =
                    i < dense || !parts.mixes()
                            ? parts.gated(i, FeedForward.Activation.SILU)
                            : parts.ruledExperts(i, RoutingRule.Scores.SOFTMAX);
            blocks.add(Residual.preNorm(parts.rmsNorm(i, "ffn_norm"), feedForward));
        }
        Head head = parts.head(parts.rmsNorm("output_norm"));
        return parts.decoder(parts.tokens(1), blocks, List.of(rope), head);
    }

    /// YaRN's magnitude is a factor on attention here, not on what turns.
    private static float scale(Weights weights, LatentShape sizes) {
        double multiplier = weights.number("rope.scaling.yarn_log_multiplier", 1e3, 0);
        double factor = weights.number("rope.scaling.factor", 1e6, 1);
        double magnitude = 1 + multiplier * Math.log(Math.max(1, factor));
        return (float) (magnitude * magnitude / Math.sqrt(sizes.query()));
    }

    private static LatentAttention attention(
            Weights weights,
            Parts parts,
            int layer,
            Rope rope,
            LatentShape sizes,
            AttentionShape shape) {
        String prefix = "blk." + layer + ".";
        int width = parts.shape().width();
        int queries = sizes.heads() * sizes.query();
        int low = sizes.queryRank();
        float epsilon = parts.shape().epsilon();
        return new LatentAttention(
                layer,
                low > 0 ? Linear.read(weights, prefix + "attn_q_a", low, width) : null,
                low > 0 ? Norm.Rms.read(weights, prefix + "attn_q_a_norm", low, epsilon) : null,
                low > 0
                        ? Linear.read(weights, prefix + "attn_q_b", queries, low)
                        : Linear.read(weights, prefix + "attn_q", queries, width),
                Linear.read(weights, prefix + "attn_kv_a_mqa", sizes.cached(), width),
                Norm.Rms.read(weights, prefix + "attn_kv_a_norm", sizes.rank(), epsilon),
                keyUps(weights, prefix, sizes),
                valueUps(weights, prefix, sizes),
                Linear.read(weights, prefix + "attn_output", width, sizes.heads() * sizes.value()),
                rope,
                sizes,
                shape);
    }

    private static List<Linear> keyUps(Weights weights, String prefix, LatentShape sizes) {
        String tensor = prefix + "attn_k_b.weight";
        if (weights.has(tensor)) {
            return heads(
                    weights,
                    tensor,
                    weights.matrices(tensor, sizes.heads(), sizes.rank(), sizes.plain()),
                    sizes.rank(),
                    sizes.heads());
        }
        // Older files and folders have what a head's key would be computed with.
        String both = prefix + "attn_kv_b.weight";
        int rows = sizes.plain() + sizes.value();
        FloatMatrix ups = weights.table(both, sizes.heads() * rows, sizes.rank());
        List<Linear> linears = new ArrayList<>();
        for (int head = 0; head < sizes.heads(); head++) {
            FloatMatrix up = ups.slice(head * rows, head * rows + sizes.plain());
            linears.add(Linear.transposed(weights, both, up));
        }
        return linears;
    }

    private static List<Linear> valueUps(Weights weights, String prefix, LatentShape sizes) {
        String tensor = prefix + "attn_v_b.weight";
        if (weights.has(tensor)) {
            return heads(
                    weights,
                    tensor,
                    weights.matrices(tensor, sizes.heads(), sizes.value(), sizes.rank()),
                    sizes.value(),
                    sizes.heads());
        }
        String both = prefix + "attn_kv_b.weight";
        int rows = sizes.plain() + sizes.value();
        WeightMatrix all = weights.matrix(both, sizes.heads() * rows, sizes.rank());
        List<Linear> linears = new ArrayList<>();
        for (int head = 0; head < sizes.heads(); head++) {
            int begin = head * rows + sizes.plain();
            linears.add(Linear.part(weights, both, all, begin, begin + sizes.value()));
        }
        return linears;
    }

    private static List<Linear> heads(
            Weights weights, String tensor, WeightMatrix all, int rows, int count) {
        weights.adaptable(tensor, new AdapterTarget(count, rows, all.columns(), false));
        List<Linear> linears = new ArrayList<>();
        for (int head = 0; head < count; head++) {
            linears.add(Linear.part(weights, tensor, all, head * rows, (head + 1) * rows));
        }
        return linears;
    }
}
