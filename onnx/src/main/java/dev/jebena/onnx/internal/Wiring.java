package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.formats.OnnxNode;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which node makes a name and how many nodes use it, for those who look for patterns.
///
/// @param constants by name; patterns add their own
/// @param outputs of the graph
/// @param makers the nodes so far, by what they make
/// @param uses how many nodes use a name
record Wiring(
        Map<String, Datum> constants,
        Set<String> outputs,
        Map<String, OnnxNode> makers,
        Map<String, Integer> uses) {
    static Wiring of(List<OnnxNode> nodes, Map<String, Datum> constants, Set<String> outputs) {
        Map<String, Integer> uses = new HashMap<>();
        for (OnnxNode node : nodes) {
            Set<String> used = new HashSet<>();
            Names.used(node, used);
            used.forEach(name -> uses.merge(name, 1, Integer::sum));
        }
        return new Wiring(constants, outputs, new HashMap<>(), uses);
    }

    void add(OnnxNode node) {
        node.outputs().forEach(name -> makers.put(name, node));
    }

    /// The node of one of these operators that makes a name.
    @Nullable OnnxNode maker(String name, String... operators) {
        OnnxNode maker = makers.get(name);
        return maker != null
                        && maker.domain().isEmpty()
                        && Arrays.asList(operators).contains(maker.operator())
                ? maker
                : null;
    }

    /// The same, if nothing else needs the name.
    @Nullable OnnxNode only(String name, String... operators) {
        return !outputs.contains(name) && uses.getOrDefault(name, 0) == 1
                ? maker(name, operators)
                : null;
    }

    /// A constant of float32.
    @Nullable Tensor floats(String name) {
        return constants.get(name) instanceof Datum.Numbers numbers
                        && numbers.element() == OnnxElement.FLOAT
                ? numbers.tensor()
                : null;
    }

    /// A constant of one number.
    OptionalDouble number(String name) {
        return constants.get(name) instanceof Datum.Numbers numbers && numbers.tensor().size() == 1
                ? OptionalDouble.of(numbers.tensor().toDoubles()[0])
                : OptionalDouble.empty();
    }

    /// Whether a name is a constant of about this number.
    boolean is(String name, double wanted) {
        OptionalDouble number = number(name);
        return number.isPresent() && near(number.getAsDouble(), wanted);
    }

    /// Equal but for the rounding of exporters.
    static boolean near(double a, double b) {
        return Math.abs(a - b) <= 1e-4 * Math.abs(b);
    }
}
