package dev.jebena.tensor.internal.compiler;

import dev.jebena.compute.LoopCode;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Ints;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Op.Spec;
import dev.jebena.tensor.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Cuts a graph into [Group]s. A node joins the nests of its operands if its shape fits and no
/// other group would have to run both before and after the result.
final class Fusion {
    /// Most nodes of a nest; more would not fit into the first-level cache anyway.
    private static final int MOST_NODES = 48;

    /// Longest row of a nest.
    private static final int LONGEST = 8192;

    private final Graph graph;
    private final List<@Nullable Group> groups = new ArrayList<>();
    private final Map<Integer, Group> makers = new HashMap<>();

    private Fusion(Graph graph) {
        this.graph = graph;
    }

    /// The groups in an order in which they can run.
    static List<Group> groups(Graph graph) {
        Fusion fusion = new Fusion(graph);
        graph.nodes().forEach(fusion::place);
        return fusion.ordered();
    }

    private void place(Graph.Node node) {
        LoopCode.Type type = type(node);
        Group own = new Group(groups.size(), type);
        groups.add(own);
        own.nodes.add(node);
        if (type != null) {
            own.length = length(node);
            own.size = own.length > 0 ? full(node) : count(node.first());
        }
        for (int input : node.inputs()) {
            Group maker = makers.get(input);
            if (maker != null) {
                own.before.set(maker.id);
                own.before.or(maker.before);
            }
        }
        settle(own, node);
        if (type == null) {
            return;
        }
        for (int input : node.inputs()) {
            Group maker = makers.get(input);
            Group mine = makers.get(node.first());
            if (maker != null && mine != null && maker != mine) {
                merge(maker, mine);
            }
        }
    }

    private void settle(Group group, Graph.Node node) {
        for (int i = 0; i < node.count(); i++) {
            makers.put(node.first() + i, group);
        }
    }

    private Spec spec(int value) {
        return graph.specs().get(value);
    }

    private long count(int value) {
        return spec(value).shape().size();
    }

    /// Elements of the operand of rows.
    private long full(Graph.Node node) {
        return count(node.op() instanceof Op.Expand ? node.first() : node.inputs().getFirst());
    }

    /// The type of numbers a nest with this node has; null if it cannot be part of one.
    private LoopCode.@Nullable Type type(Graph.Node node) {
        if (count(node.first()) == 0 || node.inputs().isEmpty()) {
            return null;
        }
        DType out = spec(node.first()).dtype();
        DType in = spec(node.inputs().getLast()).dtype();
        boolean fits =
                switch (node.op()) {
                    case Op.Unary u ->
                            of(in) != null || (in == DType.BOOL && u.kind() == Op.UnaryKind.NOT);
                    case Op.Binary b -> of(in) != null || (in == DType.BOOL && isLogic(b.kind()));
                    case Op.Compare c -> of(in) != null;
                    case Op.Where w -> of(out) != null;
                    case Op.Clamp c -> of(out) != null;
                    case Op.Cast c -> of(out) != null || of(in) != null;
                    case Op.Softmax s -> out == DType.FLOAT32 && length(node) > 0;
                    case Op.LogSoftmax s -> out == DType.FLOAT32 && length(node) > 0;
                    case Op.Standardize s -> out == DType.FLOAT32 && length(node) > 0;
                    case Op.Reduce r -> out == DType.FLOAT32 && length(node) > 0;
                    case Op.Random r -> of(out) != null && r.distribution() != Op.Distribution.BITS;
                    case Op.Expand e ->
                            of(out) != null
                                    && length(node) > 0
                                    && isOfNest(node.inputs().getFirst());
                    default -> false;
                };
        if (!fits) {
            return null;
        }
        LoopCode.Type type = of(out);
        return type != null ? type : in == DType.BOOL ? LoopCode.Type.FLOAT : of(in);
    }

    private boolean isOfNest(int value) {
        Group maker = makers.get(value);
        return maker != null && maker.type != null;
    }

    private static boolean isLogic(Op.BinaryKind kind) {
        return switch (kind) {
            case AND, OR, XOR -> true;
            default -> false;
        };
    }

    private static LoopCode.@Nullable Type of(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> LoopCode.Type.FLOAT;
            case FLOAT64 -> LoopCode.Type.DOUBLE;
            default -> null;
        };
    }

    /// The length of rows that a node works on, 0 if it has none.
    private int length(Graph.Node node) {
        Shape shape = spec(node.inputs().getFirst()).shape();
        int rank = shape.rank();
        long length =
                switch (node.op()) {
                    case Op.Softmax s when s.axis() == rank - 1 -> shape.dim(s.axis());
                    case Op.LogSoftmax s when s.axis() == rank - 1 -> shape.dim(s.axis());
                    case Op.Standardize s -> shape.slice(rank - s.axes(), rank).size();
                    case Op.Reduce r when isFused(r, rank) ->
                            shape.slice(r.axes().get(0), rank).size();
                    case Op.Expand e -> repeats(shape, e.to());
                    default -> 0;
                };
        return length > 1 && length <= LONGEST ? (int) length : 0;
    }

    private static boolean isFused(Op.Reduce reduce, int rank) {
        Ints axes = reduce.axes();
        boolean last = axes.size() > 0 && axes.equals(Ints.range(rank - axes.size(), rank));
        return last && (reduce.kind() == Op.ReduceKind.SUM || reduce.kind() == Op.ReduceKind.MAX);
    }

    /// How often each number is repeated, if only the last axes are stretched.
    private static long repeats(Shape from, Shape to) {
        int axis = from.rank();
        long product = 1;
        while (axis > 0 && from.dim(axis - 1) == 1) {
            axis--;
            product *= to.dim(axis);
        }
        for (int i = 0; i < axis; i++) {
            if (from.dim(i) != to.dim(i)) {
                return 0;
            }
        }
        return product;
    }

    private boolean fits(Group a, Group b) {
        if (a.type != b.type || a.nodes.size() + b.nodes.size() > MOST_NODES) {
            return false;
        }
        if (a.length == b.length) {
            return a.size == b.size;
        }
        if (a.length != 0 && b.length != 0) {
            return false;
        }
        Group rows = a.length != 0 ? a : b;
        Group flat = rows == a ? b : a;
        return flat.size == rows.size || flat.size == rows.rows();
    }

    /// Makes two nests one, if they fit.
    private void merge(Group a, Group b) {
        if (a.type == null || b.type == null || !fits(a, b) || between(a, b) || between(b, a)) {
            return;
        }
        if (b.length > a.length) {
            a.length = b.length;
            a.size = b.size;
        }
        a.nodes.addAll(b.nodes);
        b.nodes.forEach(node -> settle(a, node));
        BitSet before = new BitSet();
        before.or(a.before);
        before.or(b.before);
        before.clear(a.id);
        before.clear(b.id);
        groups.set(b.id, null);
        a.before.clear();
        a.before.or(before);
        for (Group other : groups) {
            if (other != null && other != a && (other.before.get(a.id) || other.before.get(b.id))) {
                other.before.clear(b.id);
                other.before.set(a.id);
                other.before.or(before);
            }
        }
    }

    /// Whether a third group runs after a and before b.
    private boolean between(Group a, Group b) {
        return b.before.stream()
                .filter(id -> id != a.id)
                .mapToObj(groups::get)
                .anyMatch(group -> group != null && group.before.get(a.id));
    }

    private List<Group> ordered() {
        List<Group> order = new ArrayList<>();
        BitSet done = new BitSet();
        List<Group> open = new ArrayList<>();
        for (Group group : groups) {
            if (group != null) {
                open.add(group);
            }
        }
        while (!open.isEmpty()) {
            int count = open.size();
            open.removeIf(group -> {
                BitSet missing = (BitSet) group.before.clone();
                missing.andNot(done);
                if (!missing.isEmpty()) {
                    return false;
                }
                done.set(group.id);
                group.nodes.sort(Comparator.comparingInt(Graph.Node::first));
                return order.add(group);
            });
            if (open.size() == count) {
                throw new IllegalStateException("groups of a graph wait for each other");
            }
        }
        return order;
    }
}
