package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxAttribute;
import dev.jebena.formats.OnnxNode;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Constant matrices of products as bfloat16, for models that are to be run so. What they are
/// multiplied with is rounded as it comes; sums are float32.
final class BrainWeights {
    private static final String OPERATOR = Operators.OWN + "BrainMatMul";

    private BrainWeights() {}

    static void addTo(Operators all) {
        all.like(OPERATOR, BrainWeights::multiply);
    }

    static OnnxNode prepared(OnnxNode node, Wiring wiring) {
        boolean product = node.domain().isEmpty() && node.operator().equals("MatMul");
        if (!product && !isPlainGemm(node)) {
            return node;
        }
        String name = node.inputs().get(1);
        Tensor weight = wiring.floats(name);
        if (weight == null || weight.rank() != 2) {
            return node;
        }
        boolean turned = is(node, "transB", 1);
        String made = name + (turned ? " turned brain" : " brain");
        if (!wiring.constants().containsKey(made)) {
            Tensor laid = turned ? weight.t() : weight;
            wiring.constants().put(made, Datum.of(laid.to(DType.BFLOAT16).contiguous()));
        }
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.set(1, made);
        return Names.named(OnnxNode.of(OPERATOR, inputs, node.outputs()), node.name());
    }

    /// `a b + c`, b transposed or not.
    private static boolean isPlainGemm(OnnxNode node) {
        return node.domain().isEmpty()
                && node.operator().equals("Gemm")
                && node.attributes().stream().allMatch(BrainWeights::changesNothing);
    }

    private static boolean changesNothing(OnnxAttribute attribute) {
        return switch (attribute.name()) {
            case "alpha", "beta" -> attribute.value().equals(new OnnxAttribute.Real(1));
            case "transA" -> attribute.value().equals(new OnnxAttribute.Int(0));
            default -> attribute.name().equals("transB");
        };
    }

    private static boolean is(OnnxNode node, String attribute, long value) {
        return node.attribute(attribute).filter(new OnnxAttribute.Int(value)::equals).isPresent();
    }

    private static Tensor multiply(Call call) {
        Tensor a = call.tensor(0);
        Tensor b = call.tensor(1);
        Tensor product =
                a.dtype() == DType.FLOAT32
                        ? a.to(DType.BFLOAT16).wideMatmul(b)
                        : a.matmul(b.to(a.dtype()));
        return call.has(2) ? product.add(call.tensor(2)) : product;
    }
}
