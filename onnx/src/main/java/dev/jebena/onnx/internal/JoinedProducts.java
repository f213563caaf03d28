package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxAttribute;
import dev.jebena.formats.OnnxNode;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Products of one operand with several constant matrices, as those of queries, keys and values, as
/// one product with the matrices side by side, which is cut afterwards; their biases likewise. Each
/// number is the same sum in the same order.
final class JoinedProducts {
    private final List<OnnxNode> nodes;
    private final Wiring wiring;
    private final Map<String, OnnxNode> readers = new HashMap<>();

    private JoinedProducts(List<OnnxNode> nodes, Wiring wiring) {
        this.nodes = nodes;
        this.wiring = wiring;
        for (OnnxNode node : nodes) {
            node.inputs().forEach(name -> readers.put(name, node));
        }
    }

    /// A product, and the sum with a bias that is its only use.
    private record Branch(OnnxNode product, Tensor weight, @Nullable OnnxNode sum, String bias) {
        String output() {
            return (sum == null ? product : sum).outputs().getFirst();
        }
    }

    static List<OnnxNode> join(List<OnnxNode> nodes, Wiring wiring) {
        return new JoinedProducts(nodes, wiring).joined();
    }

    private List<OnnxNode> joined() {
        Map<String, List<Branch>> groups = new LinkedHashMap<>();
        for (OnnxNode node : nodes) {
            Branch branch = branch(node);
            if (branch != null) {
                String operand = node.inputs().getFirst();
                groups.computeIfAbsent(operand, key -> new ArrayList<>()).add(branch);
            }
        }
        Map<OnnxNode, List<OnnxNode>> firsts = new HashMap<>();
        Set<OnnxNode> gone = new HashSet<>();
        for (List<Branch> branches : groups.values()) {
            if (fit(branches)) {
                firsts.put(branches.getFirst().product, replacement(branches));
                for (Branch branch : branches) {
                    gone.add(branch.product);
                    if (branch.sum != null) {
                        gone.add(branch.sum);
                    }
                }
            }
        }
        List<OnnxNode> all = new ArrayList<>();
        for (OnnxNode node : nodes) {
            all.addAll(firsts.getOrDefault(node, gone.contains(node) ? List.of() : List.of(node)));
        }
        return all;
    }

    private @Nullable Branch branch(OnnxNode node) {
        if (!node.domain().isEmpty()
                || !node.operator().equals("MatMul")
                || node.inputs().size() != 2
                || node.outputs().size() != 1) {
            return null;
        }
        Tensor weight = wiring.floats(node.inputs().get(1));
        if (weight == null || weight.rank() != 2 || wiring.floats(node.inputs().get(0)) != null) {
            return null;
        }
        String name = node.outputs().getFirst();
        OnnxNode reader = readers.get(name);
        boolean one = !wiring.outputs().contains(name) && wiring.uses().getOrDefault(name, 0) == 1;
        if (one && reader != null && isSum(reader)) {
            int other = reader.inputs().get(0).equals(name) ? 1 : 0;
            Tensor bias = wiring.floats(reader.inputs().get(other));
            if (bias != null && bias.rank() == 1 && bias.dim(0) == weight.dim(1)) {
                return new Branch(node, weight, reader, reader.inputs().get(other));
            }
        }
        return new Branch(node, weight, null, "");
    }

    private static boolean isSum(OnnxNode node) {
        return node.domain().isEmpty()
                && node.operator().equals("Add")
                && node.inputs().size() == 2
                && node.outputs().size() == 1;
    }

    private static boolean fit(List<Branch> branches) {
        Branch first = branches.getFirst();
        return branches.size() > 1
                && branches.stream()
                        .allMatch(branch ->
                                branch.weight.dim(0) == first.weight.dim(0)
                                        && branch.bias.isEmpty() == first.bias.isEmpty());
    }

    private List<OnnxNode> replacement(List<Branch> branches) {
        Branch first = branches.getFirst();
        String name = first.output() + " and others";
        Tensor[] weights = branches.stream().map(Branch::weight).toArray(Tensor[]::new);
        wiring.constants().put(name + " weight", Datum.of(Tensors.concat(1, weights)));
        List<OnnxNode> made = new ArrayList<>();
        List<String> inputs = List.of(first.product.inputs().getFirst(), name + " weight");
        made.add(named("MatMul", inputs, List.of(name), first.product));
        String whole = name;
        if (first.sum != null) {
            Tensor[] biases =
                    branches.stream()
                            .map(branch -> wiring.floats(branch.bias))
                            .toArray(Tensor[]::new);
            wiring.constants().put(name + " bias", Datum.of(Tensors.concat(0, biases)));
            whole = name + " sum";
            made.add(named("Add", List.of(name, name + " bias"), List.of(whole), first.sum));
        }
        List<Long> lengths = branches.stream().map(branch -> (long) branch.weight.dim(1)).toList();
        List<String> outputs = branches.stream().map(Branch::output).toList();
        made.add(
                Names.withAttributes(
                        named("Split", List.of(whole), outputs, first.product),
                        List.of(
                                OnnxAttribute.of("axis", new OnnxAttribute.Int(-1)),
                                OnnxAttribute.of("split", new OnnxAttribute.Ints(lengths)))));
        return made;
    }

    private static OnnxNode named(
            String operator, List<String> inputs, List<String> outputs, OnnxNode like) {
        return Names.named(OnnxNode.of(operator, inputs, outputs), like.name());
    }
}
