package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxAttribute;
import dev.jebena.formats.OnnxNode;
import dev.jebena.formats.OnnxTensor;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Ints;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Collects nodes and constants of a graph, and makes names for what is in between.
final class NodeWriter {
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final List<OnnxTensor> constants = new ArrayList<>();
    private int next;

    List<OnnxNode> nodes() {
        return List.copyOf(nodes);
    }

    List<OnnxTensor> constants() {
        return List.copyOf(constants);
    }

    String fresh() {
        return "_t" + next++;
    }

    /// A node with one output, which gets a new name.
    String node(String operator, List<String> inputs, OnnxAttribute... attributes) {
        String name = fresh();
        nodes.add(OnnxNode.of(operator, inputs, List.of(name), attributes));
        return name;
    }

    String node(String operator, String input, OnnxAttribute... attributes) {
        return node(operator, List.of(input), attributes);
    }

    String node(String operator, String a, String b) {
        return node(operator, List.of(a, b));
    }

    /// A node with several outputs.
    void nodes(String operator, List<String> inputs, List<String> outputs, OnnxAttribute... all) {
        nodes.add(OnnxNode.of(operator, inputs, outputs, all));
    }

    void copy(String from, String to) {
        nodes.add(OnnxNode.of("Identity", List.of(from), List.of(to)));
    }

    String constant(Tensor tensor) {
        String name = fresh();
        constants.add(TensorFiles.write(name, tensor));
        return name;
    }

    String number(double value, DType type) {
        return constant(Tensor.scalar(value, type));
    }

    /// A vector of int64.
    String list(int... values) {
        return constant(Loops.vector(Loops.longs(values)));
    }

    static OnnxAttribute integer(String name, long value) {
        return OnnxAttribute.of(name, new OnnxAttribute.Int(value));
    }

    static OnnxAttribute real(String name, double value) {
        return OnnxAttribute.of(name, new OnnxAttribute.Real((float) value));
    }

    static OnnxAttribute text(String name, String value) {
        return OnnxAttribute.of(name, new OnnxAttribute.Text(dev.jebena.formats.Bytes.utf8(value)));
    }

    static OnnxAttribute integers(String name, int... values) {
        List<Long> list = new ArrayList<>();
        for (int value : values) {
            list.add((long) value);
        }
        return OnnxAttribute.of(name, new OnnxAttribute.Ints(list));
    }

    static OnnxAttribute integers(String name, Ints values) {
        return integers(name, values.toArray());
    }

    /// Numbers of the low sides, then of the high sides, as `pads` has them.
    static int[] sides(Ints low, Ints high) {
        int[] sides = new int[low.size() + high.size()];
        for (int i = 0; i < low.size(); i++) {
            sides[i] = low.get(i);
            sides[low.size() + i] = high.get(i);
        }
        return sides;
    }
}
