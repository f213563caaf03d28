package dev.jebena.formats;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Whether an ONNX model makes sense: the rules of ONNX's IR specification that need no knowledge
/// of single operators.
final class OnnxChecker {
    private static final int MOST_PROBLEMS = 20;

    /// Domains that need no entry for themselves: both are names of the default one.
    private static final String DEFAULT = "ai.onnx";

    private final List<String> problems = new ArrayList<>();
    private final Map<String, Long> opsets;
    private final Set<List<String>> functions = new HashSet<>();

    private OnnxChecker(OnnxModel model) {
        this.opsets = model.opsets();
        model.functions()
                .forEach(function -> {
                    if (!functions.add(
                            List.of(function.domain(), function.name(), function.overload()))) {
                        report("the function %s is there twice", function.name());
                    }
                });
    }

    /// What is wrong, the first of it.
    static List<String> problems(OnnxModel model) {
        OnnxChecker checker = new OnnxChecker(model);
        checker.model(model);
        return checker.problems;
    }

    private void model(OnnxModel model) {
        if (model.irVersion() < 1 || model.irVersion() > OnnxModel.NEWEST_IR) {
            report(
                    "the IR version is %d, known are 1 to %d",
                    model.irVersion(), OnnxModel.NEWEST_IR);
        }
        if (model.irVersion() >= 3 && opsets.isEmpty()) {
            report("there are no operator sets (opset_import)");
        }
        if (model.graph().name().isEmpty()) {
            report("the graph has no name");
        }
        graph(model.graph(), Set.of(), model.irVersion(), true);
        for (OnnxFunction function : model.functions()) {
            Set<String> known = new HashSet<>(function.inputs());
            if (known.size() != function.inputs().size()) {
                report("the function %s has two inputs of one name", function.name());
            }
            nodes(function.nodes(), known, function.opsets(), model.irVersion());
            for (String output : function.outputs()) {
                if (!known.contains(output)) {
                    report(
                            "nothing makes the output %s of the function %s",
                            output, function.name());
                }
            }
        }
    }

    /// @param outer names of the graphs around, which may be used
    private void graph(OnnxGraph graph, Set<String> outer, long irVersion, boolean top) {
        Set<String> known = new HashSet<>(outer);
        Set<String> inputs = new HashSet<>();
        for (OnnxValueInfo input : graph.inputs()) {
            if (input.name().isEmpty() || !inputs.add(input.name())) {
                report("the input %s is there twice, or has no name", input.name());
            }
            if (top && input.type() instanceof OnnxType.Unknown) {
                report("the input %s has no type", input.name());
            }
        }
        known.addAll(inputs);
        Set<String> initializers = new LinkedHashSet<>();
        graph.initializers().forEach(tensor -> initializer(tensor.name(), initializers));
        graph.sparseInitializers()
                .forEach(sparse -> initializer(sparse.values().name(), initializers));
        if (irVersion <= 3) {
            initializers.stream()
                    .filter(name -> !inputs.contains(name))
                    .forEach(name ->
                            report(
                                    "the initializer %s is no input, which IR version %d demands",
                                    name, irVersion));
        }
        known.addAll(initializers);
        nodes(graph.nodes(), known, opsets, irVersion);
        for (OnnxValueInfo output : graph.outputs()) {
            if (!known.contains(output.name())) {
                report("nothing makes the output %s", output.name());
            }
        }
    }

    private void initializer(String name, Set<String> all) {
        if (name.isEmpty() || !all.add(name)) {
            report("the initializer %s is there twice, or has no name", name);
        }
    }

    /// Adds what the nodes make to `known`.
    private void nodes(
            List<OnnxNode> nodes, Set<String> known, Map<String, Long> versions, long irVersion) {
        Map<String, Integer> makers = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).outputs()) {
                if (!output.isEmpty() && makers.putIfAbsent(output, i) != null) {
                    report("%s is made by two nodes", output);
                } else if (!output.isEmpty() && known.contains(output)) {
                    report(
                            "%s is made by the node %s, but stands for something else already",
                            output, called(nodes.get(i)));
                }
            }
        }
        boolean sorted = true;
        for (OnnxNode node : nodes) {
            operator(node, versions);
            for (String input : node.inputs()) {
                if (input.isEmpty() || known.contains(input)) {
                    continue;
                }
                if (makers.containsKey(input)) {
                    sorted = false;
                } else {
                    report("nothing makes the input %s of the node %s", input, called(node));
                }
            }
            for (OnnxAttribute attribute : node.attributes()) {
                switch (attribute.value()) {
                    case OnnxAttribute.Graph(OnnxGraph inner) ->
                            graph(inner, known, irVersion, false);
                    case OnnxAttribute.Graphs(var inners) ->
                            inners.forEach(inner -> graph(inner, known, irVersion, false));
                    default -> {}
                }
            }
            known.addAll(node.outputs());
        }
        if (!sorted) {
            report(OnnxCycle.find(nodes, makers));
        }
    }

    private void operator(OnnxNode node, Map<String, Long> versions) {
        if (node.operator().isEmpty()) {
            report("the node %s has no operator", called(node));
        }
        boolean known =
                versions.containsKey(node.domain())
                        || (isDefault(node.domain())
                                && (versions.containsKey("") || versions.containsKey(DEFAULT)))
                        || functions.contains(
                                List.of(node.domain(), node.operator(), node.overload()))
                        || versions.isEmpty();
        if (!known) {
            report(
                    "the operator %s is of domain %s, of which no version is imported",
                    node.operator(), node.domain());
        }
        Set<String> names = new HashSet<>();
        for (OnnxAttribute attribute : node.attributes()) {
            if (attribute.name().isEmpty() || !names.add(attribute.name())) {
                report(
                        "the node %s has the attribute %s twice, or one without a name",
                        called(node), attribute.name());
            }
        }
    }

    private static boolean isDefault(String domain) {
        return domain.isEmpty() || domain.equals(DEFAULT);
    }

    static String called(OnnxNode node) {
        return node.name().isEmpty()
                ? node.operator()
                        + node.outputs().stream().findFirst().map(o -> " -> " + o).orElse("")
                : node.name();
    }

    private void report(String format, Object... details) {
        if (problems.size() < MOST_PROBLEMS) {
            Object[] shown = details.clone();
            for (int i = 0; i < shown.length; i++) {
                shown[i] = shown[i] instanceof String name ? Names.quoted(name) : shown[i];
            }
            problems.add(Objects.requireNonNull(String.format(format, shown)));
        }
    }

    private void report(OnnxCycle disorder) {
        report(disorder.message(), disorder.names().toArray());
    }
}
