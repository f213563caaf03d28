package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxAttribute;
import dev.jebena.formats.OnnxNode;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Layers that exporters write as arithmetic: GELU in both forms, SiLU, layer normalization.
///
/// Products are compared as bags of factors, so that their order does not matter.
final class LayerFusions {
    private static final double ROOT_OF_HALF = Math.sqrt(0.5);
    private static final double ROOT_OF_2_BY_PI = Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715;

    /// Products nested deeper are none of these layers.
    private static final int DEEPEST = 6;

    private final Wiring wiring;

    LayerFusions(Wiring wiring) {
        this.wiring = wiring;
    }

    OnnxNode fused(OnnxNode node) {
        return switch (node.operator()) {
            case "Mul" -> activation(node);
            case "Add" -> layerNorm(node);
            default -> node;
        };
    }

    /// A product: its constant, and the names that are multiplied.
    private record Product(double constant, List<String> names) {
        boolean is(double wanted, int count) {
            return names.size() == count && Wiring.near(constant, wanted);
        }
    }

    private Product product(OnnxNode node) {
        List<String> names = new ArrayList<>();
        return new Product(multiply(node, names, 0), names);
    }

    /// Of what a node makes that nothing else uses, or the name itself.
    private Product product(String name) {
        List<String> names = new ArrayList<>();
        return new Product(factor(name, names, 0), names);
    }

    private double multiply(OnnxNode node, List<String> names, int depth) {
        String a = node.inputs().get(0);
        String b = node.inputs().get(1);
        OptionalDouble right = wiring.number(b);
        return switch (node.operator()) {
            case "Div" -> factor(a, names, depth) / right.orElseThrow();
            case "Pow" -> {
                names.addAll(Collections.nCopies((int) right.orElseThrow(), a));
                yield 1;
            }
            default -> factor(a, names, depth) * factor(b, names, depth);
        };
    }

    private double factor(String name, List<String> names, int depth) {
        OptionalDouble number = wiring.number(name);
        if (number.isPresent()) {
            return number.getAsDouble();
        }
        OnnxNode maker = depth < DEEPEST ? wiring.only(name, "Mul", "Div", "Pow") : null;
        if (maker != null && isProduct(maker)) {
            return multiply(maker, names, depth + 1);
        }
        names.add(name);
        return 1;
    }

    private boolean isProduct(OnnxNode node) {
        OptionalDouble right = wiring.number(node.inputs().get(1));
        return switch (node.operator()) {
            case "Div" -> right.isPresent();
            case "Pow" ->
                    right.isPresent() && (right.getAsDouble() == 2 || right.getAsDouble() == 3);
            default -> true;
        };
    }

    private OnnxNode activation(OnnxNode last) {
        Product product = product(last);
        if (product.names.size() != 2) {
            return last;
        }
        for (int i = 0; i < 2; i++) {
            String x = product.names.get(i);
            String gate = product.names.get(1 - i);
            if (product.is(1, 2) && isOf(wiring.only(gate, "Sigmoid"), x, 1)) {
                return made(last, "Swish", List.of(x));
            }
            if (product.is(0.5, 2) && isOf(onePlus(gate, "Erf"), x, ROOT_OF_HALF)) {
                return made(last, "Gelu", List.of(x));
            }
            if (product.is(0.5, 2) && isTanhGate(gate, x)) {
                return made(last, "Gelu", List.of(x), NodeWriter.text("approximate", "tanh"));
            }
        }
        return last;
    }

    /// The node of an operator to whose result 1 is added.
    private @Nullable OnnxNode onePlus(String name, String operator) {
        OnnxNode sum = wiring.only(name, "Add");
        String other = sum == null ? "" : besideNumber(sum, 1);
        return other.isEmpty() ? null : wiring.only(other, operator);
    }

    /// The other input of a node that has this number as one.
    private String besideNumber(OnnxNode node, double number) {
        String a = node.inputs().get(0);
        String b = node.inputs().get(1);
        return wiring.is(b, number) ? a : wiring.is(a, number) ? b : "";
    }

    /// Whether a node's operand is `factor x`.
    private boolean isOf(@Nullable OnnxNode node, String x, double factor) {
        if (node == null) {
            return false;
        }
        String operand = node.inputs().getFirst();
        if (factor == 1) {
            return operand.equals(x);
        }
        Product inner = product(operand);
        return inner.is(factor, 1) && inner.names.getFirst().equals(x);
    }

    /// `1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))`.
    private boolean isTanhGate(String gate, String x) {
        OnnxNode tanh = onePlus(gate, "Tanh");
        Product inner = tanh == null ? null : product(tanh.inputs().getFirst());
        if (inner == null || !inner.is(ROOT_OF_2_BY_PI, 1)) {
            return false;
        }
        OnnxNode sum = wiring.only(inner.names.getFirst(), "Add");
        if (sum == null || !sum.inputs().contains(x)) {
            return false;
        }
        String other = sum.inputs().get(sum.inputs().get(0).equals(x) ? 1 : 0);
        Product cube = product(other);
        return cube.is(CUBIC, 3) && cube.names.stream().allMatch(x::equals);
    }

    /// `(x - mean) / sqrt(variance + epsilon) * weight + bias` over the last axis.
    private OnnxNode layerNorm(OnnxNode last) {
        for (int i = 0; i < 2; i++) {
            String bias = last.inputs().get(i);
            OnnxNode scaled = wiring.only(last.inputs().get(1 - i), "Mul");
            if (!isVector(bias) || scaled == null) {
                continue;
            }
            for (int j = 0; j < 2; j++) {
                String weight = scaled.inputs().get(j);
                OnnxNode ratio = wiring.only(scaled.inputs().get(1 - j), "Div");
                OnnxNode norm =
                        isVector(weight) && ratio != null
                                ? normalized(last, ratio, weight, bias)
                                : null;
                if (norm != null) {
                    return norm;
                }
            }
        }
        return last;
    }

    private boolean isVector(String name) {
        Tensor constant = wiring.floats(name);
        return constant != null && constant.rank() == 1;
    }

    private @Nullable OnnxNode normalized(
            OnnxNode last, OnnxNode ratio, String weight, String bias) {
        OnnxNode centered = wiring.maker(ratio.inputs().get(0), "Sub");
        OnnxNode root = wiring.only(ratio.inputs().get(1), "Sqrt");
        OnnxNode moved = root == null ? null : wiring.only(root.inputs().getFirst(), "Add");
        if (centered == null || moved == null) {
            return null;
        }
        String x = centered.inputs().get(0);
        OnnxNode mean = wiring.maker(centered.inputs().get(1), "ReduceMean");
        if (mean == null || !isOverLast(mean) || !mean.inputs().getFirst().equals(x)) {
            return null;
        }
        for (int i = 0; i < 2; i++) {
            OptionalDouble epsilon = wiring.number(moved.inputs().get(i));
            OnnxNode variance = wiring.only(moved.inputs().get(1 - i), "ReduceMean");
            if (epsilon.isPresent() && variance != null && isOverLast(variance)) {
                Product squares = product(variance.inputs().getFirst());
                String d = centered.outputs().getFirst();
                if (squares.is(1, 2) && squares.names.stream().allMatch(d::equals)) {
                    return made(
                            last,
                            "LayerNormalization",
                            List.of(x, weight, bias),
                            NodeWriter.real("epsilon", epsilon.getAsDouble()));
                }
            }
        }
        return null;
    }

    /// Whether the last axis alone is reduced, and stays.
    private boolean isOverLast(OnnxNode reduction) {
        boolean keeps =
                reduction.attribute("keepdims").isEmpty()
                        || reduction.attribute("keepdims").get().equals(new OnnxAttribute.Int(1));
        if (reduction.inputs().size() > 1) {
            return keeps && wiring.is(reduction.inputs().get(1), -1);
        }
        return keeps
                && reduction.attribute("axes").isPresent()
                && reduction.attribute("axes").get().equals(new OnnxAttribute.Ints(List.of(-1L)));
    }

    private static OnnxNode made(
            OnnxNode last, String operator, List<String> inputs, OnnxAttribute... attributes) {
        OnnxNode node = OnnxNode.of(operator, inputs, last.outputs(), attributes);
        return Names.named(node, last.name());
    }
}
