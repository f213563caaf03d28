package dev.jebena.tensor.internal.compiler;

import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Op.Spec;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.internal.Copy;
import dev.jebena.tensor.internal.View;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A graph as steps that can be run again and again.
public final class Program {
    private final Graph graph;
    private final Kernels kernels;
    private final List<Group> groups;
    private final Map<Group, Nest> nests = new HashMap<>();

    private Program(Graph graph, Kernels kernels) {
        this.graph = graph;
        this.kernels = kernels;
        groups = Fusion.groups(graph);
        Map<Integer, Set<Group>> users = new HashMap<>();
        for (Group group : groups) {
            for (Graph.Node node : group.nodes) {
                node.inputs()
                        .forEach(id -> users.computeIfAbsent(id, key -> new HashSet<>()).add(group));
            }
        }
        for (Group group : groups) {
            if (group.isNest()) {
                Set<Integer> needed = new HashSet<>(graph.outputs());
                users.forEach(
                        (id, by) -> {
                            if (by.stream().anyMatch(user -> user != group)) {
                                needed.add(id);
                            }
                        });
                nests.put(group, new Nest(group, graph.specs(), needed));
            }
        }
    }

    public static Program of(Graph graph, Kernels kernels) {
        return new Program(Simplifier.simplify(graph, kernels), kernels);
    }

    public List<Tensor> run(List<Tensor> arguments) {
        View[] values = new View[graph.specs().size()];
        for (int i = 0; i < arguments.size(); i++) {
            values[i] = kernels.elements(arguments.get(i));
        }
        graph.constants().forEach((id, tensor) -> values[id] = kernels.elements(tensor));
        for (Group group : groups) {
            Nest nest = nests.get(group);
            if (nest != null) {
                nest.targets().forEach(id -> values[id] = allocate(id));
                nest.run(values);
            } else {
                call(group.nodes.getFirst(), values);
            }
        }
        Reference.reachabilityFence(values);
        List<Tensor> outputs = new ArrayList<>();
        graph.outputs().forEach(id -> outputs.add(kernels.tensor(values[id])));
        return outputs;
    }

    private View allocate(int id) {
        Spec spec = graph.specs().get(id);
        return View.allocate(spec.dtype(), spec.shape());
    }

    private void call(Graph.Node node, View[] values) {
        View[] in = node.inputs().stream().map(id -> values[id]).toArray(View[]::new);
        View view = kernels.view(node.op(), in, graph.specs().get(node.first()).shape());
        if (view != null) {
            values[node.first()] = view;
            return;
        }
        View[] out = new View[node.count()];
        for (int i = 0; i < out.length; i++) {
            out[i] = allocate(node.first() + i);
            values[node.first() + i] = out[i];
        }
        if (node.op() instanceof Op.Reshape) {
            Copy.copy(in[0], out[0].reshaped(in[0].shape()));
        } else {
            kernels.compute(node.op(), in, out);
        }
    }
}
