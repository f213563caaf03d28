package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxAttribute;
import dev.jebena.formats.OnnxNode;
import dev.jebena.onnx.Datum;
import dev.jebena.onnx.OnnxException;
import dev.jebena.onnx.OnnxOptions.Precision;
import dev.jebena.tensor.TensorException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Makes a graph smaller before it runs: what depends on constants alone is computed, nodes that
/// change nothing are left out, those that do what another did, and those whose results nobody
/// uses; then [Fusions].
final class Rewriter {
    /// Folding must not make a small file a large model.
    private static final long LARGEST = 16L << 20;

    private final Map<String, Datum> constants;
    private final Set<String> outputs;
    private final ToLongFunction<String> opset;
    private final Precision precision;

    Rewriter(
            Map<String, Datum> constants,
            Set<String> outputs,
            ToLongFunction<String> opset,
            Precision precision) {
        this.constants = new HashMap<>(constants);
        this.outputs = outputs;
        this.opset = opset;
        this.precision = precision;
    }

    Map<String, Datum> constants() {
        return constants;
    }

    List<OnnxNode> rewrite(List<OnnxNode> nodes) {
        // Fusions look for dequantized weights, which would be constants of float32 else.
        List<OnnxNode> fewer = fold(nodes, "DequantizeLinear");
        fewer = JoinedProducts.join(fewer, Wiring.of(fewer, constants, outputs));
        fewer = Fusions.fuse(fewer, Wiring.of(fewer, constants, outputs), opset, precision);
        return used(fold(used(fewer), ""));
    }

    /// What a node computes, whatever it is called.
    private record Computation(
            String domain,
            String operator,
            String overload,
            List<String> inputs,
            Map<String, OnnxAttribute.Value> attributes) {
        static Computation of(OnnxNode node) {
            Map<String, OnnxAttribute.Value> attributes = new HashMap<>();
            node.attributes().forEach(given -> attributes.put(given.name(), given.value()));
            return new Computation(
                    node.domain(), node.operator(), node.overload(), node.inputs(), attributes);
        }
    }

    /// @param except an operator that is not computed
    private List<OnnxNode> fold(List<OnnxNode> nodes, String except) {
        Map<String, String> same = new HashMap<>();
        Map<Computation, String> done = new HashMap<>();
        Set<String> captured = new HashSet<>();
        nodes.stream().filter(Names::hasGraphs).forEach(node -> Names.used(node, captured));
        List<OnnxNode> kept = new ArrayList<>();
        for (OnnxNode node : nodes) {
            OnnxNode renamed =
                    Names.withInputs(
                            node,
                            node.inputs().stream()
                                    .map(name -> same.getOrDefault(name, name))
                                    .toList());
            String name = node.outputs().size() == 1 ? node.outputs().getFirst() : "";
            boolean fixed = name.isEmpty() || outputs.contains(name) || captured.contains(name);
            String twin = fixed ? null : twin(renamed, name, done);
            if (twin != null) {
                same.put(name, twin);
            } else if (node.operator().equals(except) || !compute(renamed)) {
                kept.add(renamed);
            }
        }
        return kept;
    }

    /// The name of what the node makes again.
    private static @Nullable String twin(
            OnnxNode node, String name, Map<Computation, String> done) {
        if (isCopy(node)) {
            return node.inputs().getFirst();
        }
        return isRepeatable(node) ? done.putIfAbsent(Computation.of(node), name) : null;
    }

    /// Whether the same node again gives the same.
    private static boolean isRepeatable(OnnxNode node) {
        return Operators.find(node.domain(), node.operator()) != null
                && Operators.isDeterministic(node.operator())
                && !Names.hasGraphs(node);
    }

    private static boolean isCopy(OnnxNode node) {
        boolean one = node.outputs().size() == 1 && !node.inputs().isEmpty();
        return one
                && node.domain().isEmpty()
                && node.operator().equals("Identity")
                && !node.inputs().getFirst().isEmpty();
    }

    /// Runs a node of constants, and keeps what it makes as constants.
    private boolean compute(OnnxNode node) {
        Operator operator = Operators.find(node.domain(), node.operator());
        if (operator == null || !isRepeatable(node) || !node.overload().isEmpty()) {
            return false;
        }
        List<@Nullable Datum> inputs = new ArrayList<>();
        for (String name : node.inputs()) {
            Datum constant = constants.get(name);
            if (!name.isEmpty() && constant == null) {
                return false;
            }
            inputs.add(constant);
        }
        long before = inputs.stream().mapToLong(Rewriter::size).sum();
        if (before > LARGEST || isGenerator(node.operator())) {
            return false;
        }
        try {
            long version = opset.applyAsLong(node.domain());
            List<Datum> results =
                    operator.run(new Call(node, version, inputs, Map.of(), new Scope(null)));
            if (results.size() < node.outputs().size()
                    || results.stream().mapToLong(Rewriter::size).sum() > LARGEST) {
                return false;
            }
            for (int i = 0; i < node.outputs().size(); i++) {
                if (!node.outputs().get(i).isEmpty()) {
                    constants.put(node.outputs().get(i), results.get(i));
                }
            }
            return true;
        } catch (OnnxException
                | TensorException
                | IllegalArgumentException
                | ArithmeticException
                | IndexOutOfBoundsException e) {
            // The same error comes with its context if the node is ever run.
            return false;
        }
    }

    /// A few numbers say how large the results of these are.
    private static boolean isGenerator(String operator) {
        return switch (operator) {
            case "ConstantOfShape", "Range", "Expand", "Tile", "OneHot", "Resize", "Pad" -> true;
            default -> false;
        };
    }

    private static long size(@Nullable Datum datum) {
        return switch (datum) {
            case null -> 0;
            case Datum.Numbers numbers -> numbers.tensor().size();
            case Datum.Texts texts -> texts.values().size();
            case Datum.Sequence sequence ->
                    sequence.values().stream().mapToLong(Rewriter::size).sum();
            case Datum.Maybe maybe -> maybe.value().map(Rewriter::size).orElse(0L);
        };
    }

    /// Without nodes whose results nobody uses.
    private List<OnnxNode> used(List<OnnxNode> nodes) {
        Set<String> wanted = new HashSet<>(outputs);
        List<OnnxNode> kept = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            OnnxNode node = nodes.get(i);
            if (node.outputs().stream().anyMatch(wanted::contains)) {
                Names.used(node, wanted);
                kept.addFirst(node);
            }
        }
        constants.keySet().retainAll(wanted);
        return kept;
    }
}
