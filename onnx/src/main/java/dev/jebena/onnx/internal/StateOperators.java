package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/// Layers of sequences that keep a state of fixed size (opset 27).
final class StateOperators {
    private StateOperators() {}

    static void addTo(Operators all) {
        all.many("LinearAttention", StateOperators::attention);
        all.many("CausalConvWithState", StateOperators::convolution);
    }

    /// The state `[batch, heads, key size, value size]` decays, takes in `key' value` (or what of
    /// the value it does not know yet), and is read by the query; step by step.
    private static List<Datum> attention(Call call) {
        int heads = call.number("q_num_heads", 0);
        int shared = call.number("kv_num_heads", 0);
        String rule = call.text("update_rule", "gated_delta");
        Tensor q = AttentionOperators.heads(call, wide(call, 0), heads);
        Tensor k = AttentionOperators.heads(call, wide(call, 1), shared);
        Tensor v = AttentionOperators.heads(call, wide(call, 2), shared);
        int steps = q.dim(2);
        int size = q.dim(3);
        double given = call.real("scale", 0);
        double scale = given == 0 ? 1 / Math.sqrt(size) : given;
        boolean delta = rule.contains("delta");
        boolean gated = rule.contains("gated");
        Tensor state =
                call.has(3)
                        ? wide(call, 3)
                        : Tensor.full(Shape.of(q.dim(0), shared, size, v.dim(3)), 0, q.dtype());
        // A head has one decay or one for each number of the key, and one beta may serve all.
        Tensor decay = gated ? AttentionOperators.heads(call, wide(call, 4), shared).exp() : state;
        Tensor beta = delta ? wide(call, 5).permute(0, 2, 1).unsqueeze(-1) : state;
        List<Tensor> outputs = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            Tensor key = k.select(2, t).unsqueeze(-1);
            Tensor value = v.select(2, t);
            if (gated) {
                state = state.mul(decay.select(2, t).unsqueeze(-1));
            }
            if (delta) {
                Tensor known = state.t().matmul(key).squeeze(-1);
                value = value.sub(known).mul(beta.select(2, t));
            }
            state = state.add(key.matmul(value.unsqueeze(-2)));
            Tensor read = AttentionOperators.repeated(call, state, heads);
            outputs.add(q.select(2, t).unsqueeze(-2).matmul(read).squeeze(-2).mul(scale));
        }
        Tensor all =
                outputs.isEmpty()
                        ? Tensor.full(Shape.of(q.dim(0), heads, 0, v.dim(3)), 0, q.dtype())
                        : Tensors.stack(2, outputs);
        return List.of(call.like(0, AttentionOperators.joined(all)), call.like(0, state));
    }

    private static Tensor wide(Call call, int input) {
        return call.tensor(input).to(call.working(0));
    }

    /// A convolution of each channel that sees no later elements; the state are the last ones.
    private static List<Datum> convolution(Call call) {
        Tensor x = call.tensor(0);
        Tensor weight = call.tensor(1);
        int before = weight.dim(2) - 1;
        Tensor past =
                call.has(3)
                        ? call.tensor(3)
                        : Tensor.full(Shape.of(x.dim(0), x.dim(1), before), 0, x.dtype());
        Tensor padded = Tensors.concat(2, past, x);
        ConvOptions options = ConvOptions.defaults().groups(x.dim(1));
        Tensor y = ConvOperators.bias(padded.conv(weight, options), call.optional(2));
        String activation = call.text("activation", "none");
        if (activation.equals("silu") || activation.equals("swish")) {
            y = y.to(x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32).silu();
        } else if (!activation.equals("none") && !activation.isEmpty()) {
            throw call.unsupported("activation \"%s\"", activation);
        }
        int length = padded.dim(2);
        return List.of(call.like(0, y), call.like(0, padded.slice(2, length - before, length)));
    }
}
