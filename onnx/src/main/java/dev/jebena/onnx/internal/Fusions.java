package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.formats.OnnxNode;
import dev.jebena.onnx.Datum;
import dev.jebena.onnx.OnnxException;
import dev.jebena.onnx.OnnxOptions.Precision;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.TensorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Several nodes as one: a normalization with known statistics becomes part of the convolution
/// before it, products between dequantized tensors are done with the integers, and [LayerFusions].
final class Fusions {
    private final Wiring wiring;
    private final LayerFusions layers;
    private final ToLongFunction<String> opset;
    private final Precision precision;

    private Fusions(Wiring wiring, ToLongFunction<String> opset, Precision precision) {
        this.wiring = wiring;
        this.layers = new LayerFusions(wiring);
        this.opset = opset;
        this.precision = precision;
    }

    /// The nodes with others in place of some; what those were made of is left to whoever removes
    /// nodes without use.
    static List<OnnxNode> fuse(
            List<OnnxNode> nodes,
            Wiring wiring,
            ToLongFunction<String> opset,
            Precision precision) {
        Fusions fusions = new Fusions(wiring, opset, precision);
        List<OnnxNode> fused = new ArrayList<>();
        for (OnnxNode node : nodes) {
            OnnxNode better = fusions.better(node);
            fused.add(better);
            wiring.add(better);
        }
        return fused;
    }

    private OnnxNode better(OnnxNode node) {
        try {
            OnnxNode fused = node.domain().isEmpty() ? fused(node) : node;
            OnnxNode prepared = IntegerWeights.prepared(fused, wiring);
            return precision == Precision.BFLOAT16
                    ? BrainWeights.prepared(prepared, wiring)
                    : prepared;
        } catch (OnnxException
                | TensorException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | NoSuchElementException e) {
            // The node makes no sense; the error comes with its context when it is run.
            return node;
        }
    }

    private OnnxNode fused(OnnxNode node) {
        return switch (node.operator()) {
            case "BatchNormalization" -> batchNorm(node);
            case "QuantizeLinear" -> quantized(node);
            case "MatMul" -> AttentionFusion.fused(node, wiring);
            default -> layers.fused(node);
        };
    }

    private OnnxNode batchNorm(OnnxNode norm) {
        OnnxNode conv =
                norm.outputs().size() == 1 ? wiring.only(norm.inputs().getFirst(), "Conv") : null;
        if (conv == null || norm.attribute("training_mode").isPresent()) {
            return norm;
        }
        Tensor weight = wiring.floats(conv.inputs().get(1));
        boolean biased = conv.inputs().size() > 2 && !conv.inputs().get(2).isEmpty();
        Tensor bias = biased ? wiring.floats(conv.inputs().get(2)) : null;
        if (weight == null || (biased && bias == null) || !hasStatistics(norm)) {
            return norm;
        }
        String name = norm.outputs().getFirst();
        Tensor factor = factor(norm);
        int[] dims = Windows.filled(weight.rank(), 1);
        dims[0] = weight.dim(0);
        Tensor scaled = weight.to(DType.FLOAT64).mul(factor.reshape(Shape.of(dims)));
        Tensor mean = statistic(norm, 3);
        Tensor moved = bias == null ? mean.neg() : bias.to(DType.FLOAT64).sub(mean);
        Tensor newBias = moved.mul(factor).add(statistic(norm, 2));
        wiring.constants().put(name + " weight", Datum.of(scaled.to(DType.FLOAT32)));
        wiring.constants().put(name + " bias", Datum.of(newBias.to(DType.FLOAT32)));
        OnnxNode fused =
                OnnxNode.of(
                        "Conv",
                        List.of(conv.inputs().getFirst(), name + " weight", name + " bias"),
                        norm.outputs());
        return Names.named(Names.withAttributes(fused, conv.attributes()), conv.name());
    }

    private boolean hasStatistics(OnnxNode norm) {
        return norm.inputs().subList(1, 5).stream().allMatch(name -> wiring.floats(name) != null);
    }

    private Tensor statistic(OnnxNode norm, int input) {
        return Objects.requireNonNull(wiring.floats(norm.inputs().get(input))).to(DType.FLOAT64);
    }

    /// What a normalization multiplies each channel with.
    private Tensor factor(OnnxNode norm) {
        Call call = new Call(norm, opset.applyAsLong(""), List.of(), Map.of(), new Scope(null));
        double epsilon = call.real("epsilon", 1e-5);
        return statistic(norm, 1).div(statistic(norm, 4).add(epsilon).sqrt());
    }

    /// `DequantizeLinear` of both operands, a product, `QuantizeLinear`.
    private OnnxNode quantized(OnnxNode quantize) {
        OnnxNode product = wiring.only(quantize.inputs().getFirst(), "Conv", "MatMul");
        if (product == null
                || quantize.inputs().size() < 3
                || !isPlain(quantize)
                || !isOne(quantize.inputs().get(1))
                || !isByte(quantize.inputs().get(2))) {
            return quantize;
        }
        OnnxNode a = dequantize(product.inputs().get(0));
        OnnxNode b = dequantize(product.inputs().get(1));
        if (a == null || b == null) {
            return quantize;
        }
        boolean conv = product.operator().equals("Conv");
        List<String> inputs = new ArrayList<>(a.inputs());
        inputs.addAll(b.inputs());
        inputs.addAll(quantize.inputs().subList(1, 3));
        if (conv && product.inputs().size() > 2 && !product.inputs().get(2).isEmpty()) {
            String bias = integerBias(product.inputs().get(2), a, b);
            if (bias.isEmpty()) {
                return quantize;
            }
            inputs.add(bias);
        }
        OnnxNode fused =
                OnnxNode.of(conv ? "QLinearConv" : "QLinearMatMul", inputs, quantize.outputs());
        return Names.named(Names.withAttributes(fused, product.attributes()), product.name());
    }

    /// What the integers of the product's accumulator need: a bias of int32 in the scale `a b`.
    private String integerBias(String name, OnnxNode a, OnnxNode b) {
        OnnxNode bias = wiring.maker(name, "DequantizeLinear");
        if (bias == null) {
            return "";
        }
        String integers = bias.inputs().getFirst();
        Tensor scale = wiring.floats(bias.inputs().get(1));
        Tensor left = wiring.floats(a.inputs().get(1));
        Tensor right = wiring.floats(b.inputs().get(1));
        boolean fits =
                wiring.constants().get(integers) instanceof Datum.Numbers numbers
                        && numbers.element() == OnnxElement.INT32
                        && scale != null
                        && left != null
                        && right != null
                        && scale.flatten().allClose(left.flatten().mul(right.flatten()), 1e-4, 0);
        return fits ? integers : "";
    }

    private @Nullable OnnxNode dequantize(String name) {
        OnnxNode maker = wiring.maker(name, "DequantizeLinear");
        return maker != null
                        && maker.inputs().size() == 3
                        && isPlain(maker)
                        && isOne(maker.inputs().get(1))
                        && isByte(maker.inputs().get(2))
                ? maker
                : null;
    }

    /// One known scale for the whole tensor.
    private boolean isOne(String scale) {
        Tensor known = wiring.floats(scale);
        return known != null && known.size() == 1;
    }

    /// A known zero point of 8 bits: the products of longer integers are not exact.
    private boolean isByte(String zero) {
        return wiring.constants().get(zero) instanceof Datum.Numbers numbers
                && numbers.tensor().size() == 1
                && (numbers.element() == OnnxElement.INT8
                        || numbers.element() == OnnxElement.UINT8);
    }

    private static boolean isPlain(OnnxNode node) {
        return node.attribute("block_size").isEmpty()
                && node.attribute("output_dtype").isEmpty()
                && node.attribute("precision").isEmpty();
    }
}
