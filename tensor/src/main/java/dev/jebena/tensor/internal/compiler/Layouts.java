package dev.jebena.tensor.internal.compiler;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Ints;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.internal.View;
import java.util.HashMap;
import java.util.Map;

/// Results that lie in memory as the one op that uses them looks at them: attention's heads, which
/// become one row for each query, are written there at once and not copied.
final class Layouts {
    /// For a result the order of its axes in memory.
    private final Map<Integer, Ints> orders = new HashMap<>();

    Layouts(Graph graph) {
        int[] uses = new int[graph.specs().size()];
        graph.nodes().forEach(node -> node.inputs().forEach(id -> uses[id]++));
        graph.outputs().forEach(id -> uses[id]++);
        Map<Integer, Graph.Node> attentions = new HashMap<>();
        for (Graph.Node node : graph.nodes()) {
            if (node.op() instanceof Op.Attention
                    && graph.specs().get(node.first()).dtype() == DType.FLOAT32) {
                attentions.put(node.first(), node);
            } else if (node.op() instanceof Op.Permute(Ints order)
                    && attentions.containsKey(node.inputs().getFirst())
                    && uses[node.inputs().getFirst()] == 1
                    && order.get(order.size() - 1) == order.size() - 1) {
                orders.put(node.inputs().getFirst(), order);
            }
        }
    }

    /// A contiguous view of a value's memory, or the one of its layout.
    View of(int value, View room) {
        Ints order = orders.get(value);
        if (order == null) {
            return room;
        }
        Shape shape = room.shape();
        long[] strides = View.rowMajor(Shape.of(order.map(shape::dim).toArray()));
        long[] own = new long[strides.length];
        for (int i = 0; i < own.length; i++) {
            own[order.get(i)] = strides[i];
        }
        return room.as(shape, own);
    }
}
