package dev.jebena.tensor.internal.compiler;

import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Op.Spec;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.TensorException;
import dev.jebena.tensor.internal.Elements;
import dev.jebena.tensor.internal.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes a graph smaller without changing a bit of its results: ops of constants are done, equal
/// ops once, ops that change nothing ([Identities]) and ops that nothing needs not at all.
///
/// It writes the graph again op by op; each op sees operands that are simplified already.
public final class Simplifier {
    /// Constants of more elements are not made while compiling.
    private static final long MOST_FOLDED = 1 << 16;

    private final Kernels kernels;
    private final List<Spec> specs = new ArrayList<>();
    private final Map<Integer, Tensor> constants = new HashMap<>();
    private final List<Graph.Node> nodes = new ArrayList<>();
    private final Map<Integer, Graph.Node> producers = new HashMap<>();
    private final Map<Key, Integer> known = new HashMap<>();
    private final Map<Repeated, Integer> numbers = new HashMap<>();
    private final Identities identities = new Identities(this);

    private record Key(Op op, List<Integer> inputs) {}

    /// A constant that is one number everywhere, by its bits.
    private record Repeated(Spec spec, long bits) {}

    private Simplifier(Kernels kernels) {
        this.kernels = kernels;
    }

    public static Graph simplify(Graph graph, Kernels kernels) {
        return new Simplifier(kernels).run(graph);
    }

    private Graph run(Graph graph) {
        int[] renamed = new int[graph.specs().size()];
        for (int i = 0; i < graph.inputs(); i++) {
            specs.add(graph.specs().get(i));
            renamed[i] = i;
        }
        graph.constants().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> renamed[entry.getKey()] = constant(entry.getValue()));
        for (Graph.Node node : graph.nodes()) {
            List<Integer> inputs = node.inputs().stream().map(id -> renamed[id]).toList();
            List<Spec> results = graph.specs().subList(node.first(), node.first() + node.count());
            int first = add(node.op(), inputs, results);
            for (int i = 0; i < node.count(); i++) {
                renamed[node.first() + i] = first + i;
            }
        }
        return live(graph.outputs().stream().map(id -> renamed[id]).toList(), graph.inputs());
    }

    Spec spec(int value) {
        return specs.get(value);
    }

    /// The op that gives a value; null for inputs, constants, and ops of several results.
    Graph.@Nullable Node producer(int value) {
        return producers.get(value);
    }

    /// The number that a constant is everywhere; null for any other value.
    @Nullable Double number(int value) {
        Tensor tensor = constants.get(value);
        if (tensor == null || tensor.size() == 0) {
            return null;
        }
        View view = kernels.elements(tensor);
        return view.isRepeated() ? Elements.real(view.dtype(), view.memory(), view.offset()) : null;
    }

    int constant(Tensor tensor) {
        View view = kernels.elements(tensor);
        if (tensor.size() > 0 && view.isRepeated()) {
            long bits =
                    view.dtype().isFloat()
                            ? Double.doubleToRawLongBits(
                                    Elements.real(view.dtype(), view.memory(), view.offset()))
                            : Elements.integer(view.dtype(), view.memory(), view.offset());
            Spec spec = new Spec(tensor.shape(), tensor.dtype());
            return numbers.computeIfAbsent(new Repeated(spec, bits), key -> fresh(tensor));
        }
        return fresh(tensor);
    }

    /// A constant that is one number everywhere, in another shape of the same rank.
    int narrow(int value, Shape shape) {
        View view = kernels.elements(Objects.requireNonNull(constants.get(value)));
        return constant(kernels.tensor(view.as(shape, new long[shape.rank()])));
    }

    private int fresh(Tensor tensor) {
        specs.add(new Spec(tensor.shape(), tensor.dtype()));
        constants.put(specs.size() - 1, tensor);
        return specs.size() - 1;
    }

    /// An op of one result.
    int add(Op op, Integer... inputs) {
        Spec[] in = Arrays.stream(inputs).map(specs::get).toArray(Spec[]::new);
        return add(op, List.of(inputs), op.infer(in));
    }

    private int add(Op op, List<Integer> inputs, List<Spec> results) {
        if (results.size() == 1) {
            int same = identities.find(op, inputs);
            if (same >= 0) {
                return same;
            }
        }
        Key key = new Key(op, inputs);
        Integer before = known.get(key);
        if (before != null) {
            return before;
        }
        int first = fold(op, inputs, results);
        if (first < 0) {
            first = specs.size();
            specs.addAll(results);
            Graph.Node node = new Graph.Node(op, inputs, first, results.size());
            nodes.add(node);
            if (results.size() == 1) {
                producers.put(first, node);
            }
        }
        known.put(key, first);
        return first;
    }

    /// Does an op of constants; -1 if it is none, or too large, or an error that is to appear when
    /// the program runs.
    private int fold(Op op, List<Integer> inputs, List<Spec> results) {
        boolean constant =
                !inputs.isEmpty()
                        && inputs.stream().allMatch(constants::containsKey)
                        && !(op instanceof Op.Random)
                        && results.stream().allMatch(spec -> spec.shape().size() <= MOST_FOLDED);
        if (!constant) {
            return -1;
        }
        try {
            List<Tensor> folded =
                    op.apply(inputs.stream().map(constants::get).toArray(Tensor[]::new));
            if (folded.size() == 1) {
                return constant(folded.getFirst());
            }
            int first = specs.size();
            folded.forEach(this::fresh);
            return first;
        } catch (TensorException e) {
            return -1;
        }
    }

    /// What the outputs need.
    private Graph live(List<Integer> outputs, int inputs) {
        BitSet needed = new BitSet();
        outputs.forEach(needed::set);
        List<Graph.Node> kept = new ArrayList<>();
        for (Graph.Node node : nodes.reversed()) {
            int next = needed.nextSetBit(node.first());
            if (next >= 0 && next < node.first() + node.count()) {
                node.inputs().forEach(needed::set);
                kept.addFirst(node);
            }
        }
        Map<Integer, Tensor> used = new HashMap<>(constants);
        used.keySet().removeIf(id -> !needed.get(id));
        return new Graph(inputs, used, kept, outputs, specs);
    }
}
