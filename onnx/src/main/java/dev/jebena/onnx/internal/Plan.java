package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxGraph;
import dev.jebena.formats.OnnxNode;
import dev.jebena.formats.OnnxTensor;
import dev.jebena.formats.OnnxValueInfo;
import dev.jebena.onnx.Datum;
import dev.jebena.onnx.OnnxException;
import dev.jebena.tensor.TensorException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A graph that is ready to run: what each node does, and which names nobody needs after it.
///
/// @param inputs names that the caller gives, in order
/// @param constants by name
public record Plan(
        List<String> inputs, List<String> outputs, Map<String, Datum> constants, List<Step> steps) {
    /// A node with its operator.
    ///
    /// @param dead names that no later node uses
    record Step(
            OnnxNode node,
            long opset,
            Operator operator,
            Map<String, Plan> graphs,
            List<String> dead) {}

    /// Runs a model's graph.
    public List<Datum> run(List<? extends @Nullable Datum> given) {
        return run(given, null);
    }

    /// Runs the graph with data for its inputs, and names from the graph around it.
    List<Datum> run(List<? extends @Nullable Datum> given, @Nullable Scope outer) {
        Scope scope = new Scope(outer);
        constants.forEach(scope::put);
        for (int i = 0; i < Math.min(inputs.size(), given.size()); i++) {
            Datum datum = given.get(i);
            if (datum != null) {
                scope.put(inputs.get(i), datum);
            }
        }
        for (Step step : steps) {
            run(step, scope);
        }
        List<Datum> results = new ArrayList<>();
        for (String name : outputs) {
            Datum datum = scope.find(name);
            if (datum == null) {
                throw new OnnxException(
                        OnnxException.Code.MODEL, "no node makes the output \"" + name + "\"");
            }
            results.add(datum);
        }
        return results;
    }

    private static void run(Step step, Scope scope) {
        List<Datum> results = call(step, scope);
        List<String> names = step.node.outputs();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isEmpty()) {
                continue;
            }
            if (i >= results.size()) {
                throw new OnnxException(
                        OnnxException.Code.UNSUPPORTED,
                        "%s: output %d is not supported"
                                .formatted(Describe.of(step.node, step.opset), i));
            }
            scope.put(names.get(i), results.get(i));
        }
        step.dead.forEach(scope::drop);
    }

    private static List<Datum> call(Step step, Scope scope) {
        List<@Nullable Datum> inputs = new ArrayList<>();
        for (String name : step.node.inputs()) {
            Datum datum = name.isEmpty() ? null : scope.find(name);
            if (datum == null && !name.isEmpty()) {
                throw new OnnxException(
                        OnnxException.Code.MODEL,
                        "%s: nothing is called \"%s\""
                                .formatted(Describe.of(step.node, step.opset), name));
            }
            inputs.add(datum);
        }
        try {
            return step.operator.run(new Call(step.node, step.opset, inputs, step.graphs, scope));
        } catch (TensorException e) {
            // What looks at elements cannot be traced; whoever traces knows.
            throw e.code() == TensorException.Code.ABSTRACT ? e : explained(step, inputs, e);
        } catch (IllegalArgumentException
                | ArithmeticException
                | IndexOutOfBoundsException
                | NegativeArraySizeException e) {
            throw explained(step, inputs, e);
        } catch (OutOfMemoryError e) {
            throw explained(step, inputs, e);
        }
    }

    private static OnnxException explained(
            Step step, List<@Nullable Datum> inputs, Throwable cause) {
        List<String> given = new ArrayList<>();
        for (Datum datum : inputs) {
            given.add(datum == null ? "nothing" : Describe.of(datum));
        }
        return new OnnxException(
                OnnxException.Code.MODEL,
                "%s of %s: %s"
                        .formatted(
                                Describe.of(step.node, step.opset),
                                String.join(", ", given),
                                cause.getMessage()),
                cause);
    }

    /// What the values of a graph are called, in order.
    static List<String> names(List<OnnxValueInfo> values) {
        return values.stream().map(OnnxValueInfo::name).toList();
    }

    /// The constants of a graph.
    static Map<String, Datum> constants(OnnxGraph graph) {
        Map<String, Datum> constants = new LinkedHashMap<>();
        for (OnnxTensor tensor : graph.initializers()) {
            constants.put(tensor.name(), Datum.of(tensor));
        }
        graph.sparseInitializers()
                .forEach(sparse -> constants.put(sparse.values().name(), TensorFiles.read(sparse)));
        return constants;
    }
}
