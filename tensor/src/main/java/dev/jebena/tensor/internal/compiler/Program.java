package dev.jebena.tensor.internal.compiler;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Op.Spec;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.internal.Copy;
import dev.jebena.tensor.internal.Elements;
import dev.jebena.tensor.internal.Storage;
import dev.jebena.tensor.internal.View;
import java.lang.ref.Reference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A graph as steps that can be run again and again, by several threads at once: each run works in
/// a block of memory of its own, which the next one takes over.
public final class Program {
    /// Blocks that are kept.
    private static final int MOST_BLOCKS = 2;

    private static final LoopCache LOOPS = new LoopCache();

    private final Graph graph;
    private final Kernels kernels;
    private final List<Group> groups;
    private final Map<Group, Nest> nests = new HashMap<>();
    private final Map<Integer, Double> constants = new HashMap<>();
    private final Epilogues epilogues;
    private final Layouts layouts;
    private final Memory memory;
    private final Prepared prepared;
    private final Deque<Storage> blocks = new ArrayDeque<>();
    private final Set<Integer> donated;

    private Program(Graph graph, Kernels kernels, Set<Integer> donated) {
        this.graph = graph;
        this.kernels = kernels;
        this.donated = donated;
        groups = Fusion.groups(graph);
        compile();
        prepared = new Prepared(graph, kernels);
        epilogues = Epilogues.of(graph, groups, prepared::contains);
        layouts = new Layouts(graph);
        memory = Memory.plan(graph, epilogues, nests, donated);
    }

    public static Program of(Graph graph, Kernels kernels) {
        return of(graph, kernels, Set.of());
    }

    /// @param donated inputs whose memory a run takes: for results, or for tensors to come
    public static Program of(Graph graph, Kernels kernels, Set<Integer> donated) {
        return new Program(Simplifier.simplify(graph, kernels), kernels, Set.copyOf(donated));
    }

    Graph graph() {
        return graph;
    }

    List<Group> groups() {
        return epilogues.groups();
    }

    @Nullable Nest nest(Group group) {
        return nests.get(group);
    }

    Memory memory() {
        return memory;
    }

    /// The program for people.
    ///
    /// @param arguments inputs that are the function's own
    public String explain(int arguments) {
        return new Explanation(this, arguments).text();
    }

    /// The number that a constant is everywhere.
    @Nullable Double constant(int id) {
        return constants.get(id);
    }

    private void compile() {
        Set<Integer> repeated = new HashSet<>();
        graph.constants()
                .forEach((id, tensor) -> {
                    View view = kernels.elements(tensor);
                    if (view.size() > 0 && view.isRepeated() && view.dtype() != DType.BOOL) {
                        repeated.add(id);
                        double number = Elements.real(view.dtype(), view.memory(), view.offset());
                        // Larger integers are rounded by the cast that follows, once.
                        if (view.dtype().isFloat() || Math.abs(number) < 0x1p53) {
                            constants.put(id, number);
                        }
                    }
                });
        Map<Integer, Set<Group>> users = new HashMap<>();
        for (Group group : groups) {
            for (Graph.Node node : group.nodes) {
                for (int id : node.inputs()) {
                    users.computeIfAbsent(id, key -> new HashSet<>()).add(group);
                }
                if (node.op() instanceof Op.Expand
                        && graph.specs().get(node.inputs().getFirst()).shape().size() == 1) {
                    repeated.add(node.first());
                }
            }
        }
        Map<Integer, Double> literals = new HashMap<>(constants);
        literals.values().removeIf(number -> !isShort(number));
        for (Group group : groups) {
            if (group.isNest()) {
                Set<Integer> needed = needed(group, users);
                nests.put(
                        group,
                        new Nest(
                                group,
                                new Nest.Context(
                                        graph.specs(), needed, repeated, literals, LOOPS)));
            }
        }
    }

    /// Whether a number has few digits, as those of formulas. Others are read from memory, so that
    /// loops that differ in weights only are one, and the JIT has compiled it soon.
    private static boolean isShort(double number) {
        return (Float.floatToRawIntBits((float) number) & 0xFFFF) == 0 || (float) number != number;
    }

    /// Values of a group that others use, or the caller.
    private Set<Integer> needed(Group group, Map<Integer, Set<Group>> users) {
        Set<Integer> needed = new HashSet<>();
        for (Graph.Node node : group.nodes) {
            for (int id = node.first(); id < node.first() + node.count(); id++) {
                boolean others =
                        users.getOrDefault(id, Set.of()).stream().anyMatch(user -> user != group);
                if (others || graph.outputs().contains(id)) {
                    needed.add(id);
                }
            }
        }
        return needed;
    }

    /// Does it for tensors of the shapes and types it was made for.
    public List<Tensor> run(List<Tensor> arguments) {
        View[] values = new View[graph.specs().size()];
        for (int i = 0; i < arguments.size(); i++) {
            values[i] = kernels.elements(arguments.get(i));
        }
        graph.constants().forEach((id, tensor) -> values[id] = kernels.elements(tensor));
        Storage block = take();
        Donations donations = new Donations(donated, arguments.size(), values, graph);
        try {
            for (Group group : epilogues.groups()) {
                Nest nest = nests.get(group);
                if (epilogues.waits(group)) {
                    int product = group.nodes.getFirst().first();
                    values[product] = room(product, block);
                } else if (nest == null) {
                    call(group.nodes.getFirst(), values, block);
                } else {
                    nest.targets.stream()
                            .map(nest.ids::get)
                            .forEach(id -> values[id] = room(id, values, donations, block));
                    run(nest, values);
                }
            }
            return graph.outputs().stream()
                    .map(id -> kernels.tensor(donations.result(values[id])))
                    .toList();
        } finally {
            // Kernels see addresses only.
            Reference.reachabilityFence(values);
            give(block);
            donations.release();
        }
    }

    private void run(Nest nest, View[] values) {
        NestRun run = NestRun.of(nest, values);
        Group product = epilogues.product(nest.group);
        if (product == null) {
            run.run();
            return;
        }
        boolean done =
                prepared.run(
                        product.nodes.getFirst(),
                        values,
                        nest.length,
                        (begin, end) -> run.run(begin / nest.length, end / nest.length));
        if (!done) {
            run.run();
        }
    }

    private Storage take() {
        synchronized (blocks) {
            if (!blocks.isEmpty()) {
                return blocks.pop();
            }
        }
        return Storage.allocate(memory.bytes());
    }

    private void give(Storage block) {
        synchronized (blocks) {
            if (blocks.size() < MOST_BLOCKS) {
                blocks.push(block);
            }
        }
    }

    private View room(int id, View[] values, Donations donations, Storage block) {
        int donor = memory.donor(id);
        return donor >= 0 && donations.isOffered(values[donor]) ? values[donor] : room(id, block);
    }

    private View room(int id, Storage block) {
        Spec spec = graph.specs().get(id);
        if (!memory.contains(id)) {
            return View.allocate(spec.dtype(), spec.shape());
        }
        // Kernels write from the first byte on.
        long bytes = spec.shape().size() * spec.dtype().bytes();
        Storage own = Storage.of(block.memory().asSlice(memory.at(id), bytes));
        return new View(spec.dtype(), spec.shape(), own, 0, View.rowMajor(spec.shape()));
    }

    private void call(Graph.Node node, View[] values, Storage block) {
        View[] in = node.inputs().stream().map(id -> values[id]).toArray(View[]::new);
        Spec spec = graph.specs().get(node.first());
        View view = kernels.view(node.op(), in, spec.shape());
        if (view != null) {
            values[node.first()] = view;
            return;
        }
        if (node.op() instanceof Op.Reshape) {
            // Strides that nobody knew when the memory was planned.
            View copy = View.allocate(spec.dtype(), spec.shape());
            Copy.copy(in[0], copy.reshaped(in[0].shape()));
            values[node.first()] = copy;
            return;
        }
        View[] out = new View[node.count()];
        for (int i = 0; i < out.length; i++) {
            out[i] = layouts.of(node.first() + i, room(node.first() + i, block));
            values[node.first() + i] = out[i];
        }
        if (prepared.contains(node)) {
            prepared.run(node, values, 1, null);
        } else {
            kernels.compute(node.op(), in, out);
        }
    }
}
