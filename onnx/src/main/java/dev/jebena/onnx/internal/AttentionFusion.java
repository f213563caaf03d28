package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxAttribute;
import dev.jebena.formats.OnnxNode;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// `softmax(scale q k' + mask) v` as exporters write it: as one operator, which never has the whole
/// matrix of scores.
final class AttentionFusion {
    private static final String OPERATOR = Operators.OWN + "ScaledAttention";

    private AttentionFusion() {}

    static void addTo(Operators all) {
        all.like(OPERATOR, AttentionFusion::attention);
    }

    /// Queries times transposed keys, times a number.
    private record Scores(String queries, String keys, double scale) {}

    static OnnxNode fused(OnnxNode last, Wiring wiring) {
        OnnxNode softmax = wiring.only(last.inputs().get(0), "Softmax");
        if (softmax == null) {
            return last;
        }
        String name = softmax.inputs().getFirst();
        String mask = "";
        Scores scores = scores(name, wiring);
        OnnxNode sum = scores == null ? wiring.only(name, "Add") : null;
        for (int i = 0; sum != null && scores == null && i < 2; i++) {
            scores = scores(sum.inputs().get(i), wiring);
            mask = sum.inputs().get(1 - i);
        }
        if (scores == null) {
            return last;
        }
        List<OnnxAttribute> attributes = new ArrayList<>(softmax.attributes());
        attributes.add(NodeWriter.real("scale", scores.scale));
        List<String> inputs = List.of(scores.queries, scores.keys, last.inputs().get(1), mask);
        OnnxNode node = Names.named(OnnxNode.of(OPERATOR, inputs, last.outputs()), last.name());
        return Names.withAttributes(node, attributes);
    }

    private static @Nullable Scores scores(String name, Wiring wiring) {
        OnnxNode scaled = wiring.only(name, "Div", "Mul");
        double scale = 1;
        String product = name;
        if (scaled != null) {
            boolean divides = scaled.operator().equals("Div");
            OptionalDouble right = wiring.number(scaled.inputs().get(1));
            OptionalDouble left = wiring.number(scaled.inputs().get(0));
            if (right.isPresent()) {
                scale = divides ? 1 / right.getAsDouble() : right.getAsDouble();
                product = scaled.inputs().get(0);
            } else if (left.isPresent() && !divides) {
                scale = left.getAsDouble();
                product = scaled.inputs().get(1);
            } else {
                return null;
            }
        }
        OnnxNode matmul = wiring.only(product, "MatMul");
        return matmul == null
                ? null
                : new Scores(matmul.inputs().get(0), matmul.inputs().get(1), scale);
    }

    /// Queries `[..., m, d]`, keys `[..., d, n]`, values, perhaps a mask to add.
    private static Tensor attention(Call call) {
        Tensor q = call.tensor(0);
        Tensor k = call.tensor(1);
        Tensor v = call.tensor(2);
        Tensor mask = call.optional(3);
        double scale = call.real("scale", 1);
        if (fits(call, q, k, v) && (mask == null || isMask(mask, q, k))) {
            return q.attention(k.t(), v, mask, false, scale);
        }
        Tensor scores = q.matmul(k).mul(scale);
        Datum weights = call.like(0, mask == null ? scores : scores.add(mask));
        Call softmax =
                new Call(call.node(), call.opset(), List.of(weights), call.graphs(), call.scope());
        return SoftmaxOperators.softmax(softmax).matmul(v);
    }

    private static boolean isMask(Tensor mask, Tensor q, Tensor k) {
        Shape scores = q.shape().with(-1, k.dim(-1));
        return Shape.broadcast("scores and mask", scores, mask.shape()).equals(scores);
    }

    /// Whether the operands are batches of one shape, and the last axis has weights.
    private static boolean fits(Call call, Tensor q, Tensor k, Tensor v) {
        int rank = q.rank();
        if (rank < 3 || k.rank() != rank || v.rank() != rank || !q.dtype().isFloat()) {
            return false;
        }
        Shape batch = q.shape().slice(0, rank - 2);
        return k.shape().slice(0, rank - 2).equals(batch)
                && v.shape().slice(0, rank - 2).equals(batch)
                && SoftmaxOperators.isOverLast(call, rank);
    }
}
