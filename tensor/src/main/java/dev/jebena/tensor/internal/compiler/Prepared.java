package dev.jebena.tensor.internal.compiler;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.internal.PackedOperand;
import dev.jebena.tensor.internal.PreparedConv;
import dev.jebena.tensor.internal.PreparedConv.Finished;
import dev.jebena.tensor.internal.View;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Products and convolutions with constants, whose constants lie as the kernels want them.
final class Prepared {
    /// Elements of a matrix that is worth packing.
    private static final long LEAST_PACKED = 1 << 10;

    private final Graph graph;
    private final Kernels kernels;
    private final IdentityHashMap<Graph.Node, PackedOperand> products = new IdentityHashMap<>();
    private final IdentityHashMap<Graph.Node, PreparedConv> convolutions = new IdentityHashMap<>();

    Prepared(Graph graph, Kernels kernels) {
        this.graph = graph;
        this.kernels = kernels;
        Map<Integer, View> known = new HashMap<>();
        graph.constants().forEach((id, tensor) -> known.put(id, kernels.elements(tensor)));
        for (Graph.Node node : graph.nodes()) {
            View first = known.get(node.inputs().isEmpty() ? -1 : node.inputs().getFirst());
            View second = node.inputs().size() < 2 ? null : known.get(node.inputs().get(1));
            if (second != null) {
                prepare(node, second);
            } else if (first != null && Memory.isView(node.op())) {
                View[] in = {first};
                View view = kernels.view(node.op(), in, graph.specs().get(node.first()).shape());
                if (view != null) {
                    known.put(node.first(), view);
                }
            }
        }
    }

    private void prepare(Graph.Node node, View right) {
        if (node.op() instanceof Op.MatMul product && isPacked(right, product)) {
            products.put(node, kernels.packed(right));
        } else if (node.op() instanceof Op.Conv conv && right.dtype() == DType.FLOAT32) {
            PreparedConv prepared =
                    PreparedConv.of(
                            conv.window(),
                            graph.specs().get(node.inputs().getFirst()).shape(),
                            right,
                            graph.specs().get(node.first()).shape());
            if (prepared != null) {
                convolutions.put(node, prepared);
            }
        }
    }

    private static boolean isPacked(View right, Op.MatMul op) {
        return right.shape().rank() == 2
                && right.size() >= LEAST_PACKED
                && (op.wide() || right.dtype() == DType.FLOAT32)
                && PackedOperand.supports(right.dtype());
    }

    boolean contains(Graph.Node node) {
        return products.containsKey(node) || convolutions.containsKey(node);
    }

    /// Does a node that is prepared; see [PreparedConv#run].
    boolean run(Graph.Node node, View[] values, long together, @Nullable Finished finished) {
        View left = values[node.inputs().getFirst()];
        View y = values[node.first()];
        PreparedConv conv = convolutions.get(node);
        if (conv != null) {
            return conv.run(left, y, together, finished);
        }
        View start = node.inputs().size() > 2 ? values[node.inputs().get(2)] : null;
        long columns = y.shape().dim(-1);
        boolean fits = finished != null && columns % together == 0;
        PackedOperand.Finished parts =
                finished == null || !fits
                        ? null
                        : (begin, end, column, last) -> {
                            if (last - column == columns) {
                                finished.take(begin * columns, end * columns);
                                return;
                            }
                            for (long i = begin; i < end; i++) {
                                finished.take(i * columns + column, i * columns + last);
                            }
                        };
        boolean done =
                Objects.requireNonNull(products.get(node))
                        .multiply(left, start, y, together > 1, parts);
        return done && fits;
    }
}
