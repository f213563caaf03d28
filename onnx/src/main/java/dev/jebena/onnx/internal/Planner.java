package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxAttribute;
import dev.jebena.formats.OnnxFunction;
import dev.jebena.formats.OnnxGraph;
import dev.jebena.formats.OnnxModel;
import dev.jebena.formats.OnnxNode;
import dev.jebena.onnx.Datum;
import dev.jebena.onnx.OnnxException;
import dev.jebena.onnx.OnnxOptions;
import dev.jebena.onnx.OnnxOptions.Precision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/// Makes plans of graphs: finds operators and functions, and last uses of names.
public final class Planner {
    /// Functions that call functions, so deep, call themselves.
    private static final int DEEPEST = 64;

    /// Functions that call others twice each make a small file a huge program.
    private static final int MOST_NODES = 1 << 18;

    private final Shared shared;
    private final Map<String, Long> opsets;
    private final int depth;

    /// What the planners of a model have in common.
    ///
    /// @param missing operators that are not there
    /// @param nodes how many were planned
    private record Shared(
            Map<String, OnnxFunction> functions,
            Set<String> missing,
            AtomicInteger nodes,
            Precision precision) {}

    private Planner(Shared shared, Map<String, Long> opsets, int depth) {
        this.shared = shared;
        this.opsets = opsets;
        this.depth = depth;
    }

    /// The plan of a model. Throws [OnnxException] that names all operators that are missing.
    public static Plan of(OnnxModel model, OnnxOptions options) {
        Shared shared =
                new Shared(
                        new HashMap<>(), new TreeSet<>(), new AtomicInteger(), options.precision());
        for (OnnxFunction function : model.functions()) {
            shared.functions.put(
                    key(function.domain(), function.name(), function.overload()), function);
        }
        Plan plan = new Planner(shared, model.opsets(), 0).plan(model.graph());
        if (!shared.missing.isEmpty()) {
            throw new OnnxException(
                    OnnxException.Code.UNSUPPORTED,
                    "the model needs operators that are not supported: "
                            + String.join(", ", shared.missing));
        }
        return plan;
    }

    private static String key(String domain, String name, String overload) {
        return Operators.key(domain, name) + " " + overload;
    }

    Plan plan(OnnxGraph graph) {
        Map<String, Datum> constants = Plan.constants(graph);
        List<String> outputs = Plan.names(graph.outputs());
        List<String> inputs =
                Plan.names(graph.inputs()).stream()
                        .filter(name -> depth > 0 || !constants.containsKey(name))
                        .toList();
        Rewriter rewriter =
                new Rewriter(constants, Set.copyOf(outputs), this::opset, shared.precision);
        List<OnnxNode> nodes = rewriter.rewrite(graph.nodes());
        return new Plan(inputs, outputs, rewriter.constants(), steps(nodes, outputs));
    }

    private long opset(String domain) {
        Long version = opsets.get(domain.equals("ai.onnx") ? "" : domain);
        return version != null
                ? version
                : domain.isEmpty() ? opsets.getOrDefault("ai.onnx", 1L) : 1;
    }

    private List<Plan.Step> steps(List<OnnxNode> nodes, List<String> outputs) {
        if (shared.nodes.addAndGet(nodes.size()) > MOST_NODES) {
            throw new OnnxException(
                    OnnxException.Code.MODEL,
                    "the model has more than %d nodes, those of functions counted at each call"
                            .formatted(MOST_NODES));
        }
        Set<String> alive = new HashSet<>(outputs);
        List<Plan.Step> steps = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            OnnxNode node = nodes.get(i);
            Set<String> used = new HashSet<>();
            Names.used(node, used);
            List<String> dead = new ArrayList<>();
            for (String name : used) {
                if (alive.add(name)) {
                    dead.add(name);
                }
            }
            for (String name : node.outputs()) {
                if (!name.isEmpty() && !alive.contains(name)) {
                    dead.add(name);
                }
            }
            steps.addFirst(step(node, dead));
        }
        return List.copyOf(steps);
    }

    private Plan.Step step(OnnxNode node, List<String> dead) {
        long opset = opset(node.domain());
        OnnxFunction function =
                shared.functions.get(key(node.domain(), node.operator(), node.overload()));
        Operator operator;
        if (function != null) {
            Plan body = body(function, node);
            operator = call -> body.run(call.inputs(), null);
        } else {
            operator = Operators.find(node.domain(), node.operator());
            if (operator == null) {
                shared.missing.add(Operators.key(node.domain(), node.operator()));
                operator = call -> List.of();
            }
        }
        Map<String, Plan> graphs = new LinkedHashMap<>();
        for (OnnxAttribute attribute : node.attributes()) {
            if (attribute.value() instanceof OnnxAttribute.Graph graph) {
                graphs.put(attribute.name(), inner().plan(graph.value()));
            }
        }
        return new Plan.Step(node, opset, operator, graphs, dead);
    }

    private Planner inner() {
        if (depth >= DEEPEST) {
            throw new OnnxException(
                    OnnxException.Code.MODEL, "graphs are nested more than " + DEEPEST + " deep");
        }
        return new Planner(shared, opsets, depth + 1);
    }

    /// A function's nodes with the attributes of a call.
    private Plan body(OnnxFunction function, OnnxNode call) {
        if (depth >= DEEPEST) {
            throw new OnnxException(
                    OnnxException.Code.MODEL,
                    "the function %s calls itself".formatted(function.name()));
        }
        Map<String, OnnxAttribute.Value> values = new HashMap<>();
        function.defaults().forEach(given -> values.put(given.name(), given.value()));
        call.attributes().forEach(given -> values.put(given.name(), given.value()));
        Planner planner = new Planner(shared, function.opsets(), depth + 1);
        Rewriter rewriter =
                new Rewriter(
                        Map.of(), Set.copyOf(function.outputs()), planner::opset, shared.precision);
        List<OnnxNode> nodes =
                rewriter.rewrite(
                        function.nodes().stream().map(node -> Names.bind(node, values)).toList());
        return new Plan(
                function.inputs(),
                function.outputs(),
                rewriter.constants(),
                planner.steps(nodes, function.outputs()));
    }
}
