package dev.jebena.tensor.internal.compiler;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Op.Spec;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.internal.Copy;
import dev.jebena.tensor.internal.Elements;
import dev.jebena.tensor.internal.PackedOperand;
import dev.jebena.tensor.internal.Storage;
import dev.jebena.tensor.internal.View;
import java.lang.ref.Reference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A graph as steps that can be run again and again, by several threads at once: each run works in
/// a block of memory of its own, which the next one takes over.
public final class Program {
    /// Blocks that are kept.
    private static final int MOST_BLOCKS = 2;

    /// Elements of a matrix that is worth packing.
    private static final long LEAST_PACKED = 1 << 10;

    private static final LoopCache LOOPS = new LoopCache();

    private final Graph graph;
    private final Kernels kernels;
    private final List<Group> groups;
    private final Map<Group, Nest> nests = new HashMap<>();
    private final Map<Integer, Double> constants = new HashMap<>();
    private final Epilogues epilogues;
    private final Layouts layouts;
    private final Memory memory;
    private final IdentityHashMap<Graph.Node, PackedOperand> packed = new IdentityHashMap<>();
    private final Deque<Storage> blocks = new ArrayDeque<>();
    private final Set<Integer> donated;

    private Program(Graph graph, Kernels kernels, Set<Integer> donated) {
        this.graph = graph;
        this.kernels = kernels;
        this.donated = donated;
        groups = Fusion.groups(graph);
        compile();
        pack();
        epilogues = Epilogues.of(graph, groups, packed::containsKey);
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

    /// Packs constants that are right operands of products.
    private void pack() {
        Map<Integer, View> known = new HashMap<>();
        graph.constants().forEach((id, tensor) -> known.put(id, kernels.elements(tensor)));
        for (Graph.Node node : graph.nodes()) {
            View first = known.get(node.inputs().isEmpty() ? -1 : node.inputs().getFirst());
            if (node.op() instanceof Op.MatMul) {
                View right = known.get(node.inputs().get(1));
                if (right != null && isPacked(right, node.op())) {
                    packed.put(node, kernels.packed(right));
                }
            } else if (first != null && Memory.isView(node.op())) {
                View view =
                        kernels.view(
                                node.op(),
                                new View[] {first},
                                graph.specs().get(node.first()).shape());
                if (view != null) {
                    known.put(node.first(), view);
                }
            }
        }
    }

    private static boolean isPacked(View right, Op op) {
        boolean wide = op instanceof Op.MatMul product && product.wide();
        return right.shape().rank() == 2
                && right.size() >= LEAST_PACKED
                && (wide || right.dtype() == DType.FLOAT32)
                && PackedOperand.supports(right.dtype());
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
        Graph.Node node = product.nodes.getFirst();
        long columns = values[node.first()].shape().dim(-1);
        boolean rows = nest.length > 1;
        boolean done =
                multiply(
                        node,
                        values,
                        rows,
                        (begin, end, column, last) -> {
                            if (last - column == columns) {
                                long first = begin * columns / nest.length;
                                run.run(first, end * columns / nest.length);
                                return;
                            }
                            for (long i = begin; i < end; i++) {
                                run.run(i * columns + column, i * columns + last);
                            }
                        });
        if (!done) {
            run.run();
        }
    }

    /// A product with a packed constant; see [PackedOperand#multiply].
    private boolean multiply(
            Graph.Node node,
            View[] values,
            boolean rows,
            PackedOperand.@Nullable Finished finished) {
        View start = node.inputs().size() > 2 ? values[node.inputs().get(2)] : null;
        View left = values[node.inputs().getFirst()];
        return Objects.requireNonNull(packed.get(node))
                .multiply(left, start, values[node.first()], rows, finished);
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
        if (packed.containsKey(node)) {
            multiply(node, values, false, null);
        } else {
            kernels.compute(node.op(), in, out);
        }
    }
}
