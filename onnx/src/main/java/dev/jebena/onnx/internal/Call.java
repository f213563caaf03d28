package dev.jebena.onnx.internal;

import dev.jebena.formats.Bytes;
import dev.jebena.formats.OnnxAttribute;
import dev.jebena.formats.OnnxElement;
import dev.jebena.formats.OnnxNode;
import dev.jebena.onnx.Datum;
import dev.jebena.onnx.OnnxException;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A node that is being run: its inputs, attributes and operator set.
///
/// @param inputs null where one is left out
/// @param scope where graphs in attributes find names
record Call(
        OnnxNode node,
        long opset,
        List<@Nullable Datum> inputs,
        Map<String, Plan> graphs,
        Scope scope) {
    boolean has(int input) {
        return input < inputs.size() && inputs.get(input) != null;
    }

    Datum datum(int input) {
        Datum datum = input < inputs.size() ? inputs.get(input) : null;
        if (datum == null) {
            throw problem("input %d is missing", input);
        }
        return datum;
    }

    Datum.Numbers numbers(int input) {
        if (datum(input) instanceof Datum.Numbers numbers) {
            return numbers;
        }
        throw problem("input %d is %s, numbers are needed", input, Describe.of(datum(input)));
    }

    Tensor tensor(int input) {
        return numbers(input).tensor();
    }

    @Nullable Tensor optional(int input) {
        return has(input) ? tensor(input) : null;
    }

    OnnxElement element(int input) {
        return numbers(input).element();
    }

    Datum.Texts texts(int input) {
        if (datum(input) instanceof Datum.Texts texts) {
            return texts;
        }
        throw problem("input %d is %s, strings are needed", input, Describe.of(datum(input)));
    }

    List<Datum> sequence(int input) {
        if (datum(input) instanceof Datum.Sequence sequence) {
            return sequence.values();
        }
        throw problem("input %d is %s, a sequence is needed", input, Describe.of(datum(input)));
    }

    /// An input of integers as numbers.
    long[] longs(int input) {
        return tensor(input).toLongs();
    }

    int[] ints(int input) {
        return Loops.ints(longs(input));
    }

    long scalar(int input) {
        long[] values = longs(input);
        if (values.length != 1) {
            throw problem(
                    "input %d has shape %s, one number is needed", input, tensor(input).shape());
        }
        return values[0];
    }

    double realScalar(int input) {
        double[] values = tensor(input).toDoubles();
        if (values.length != 1) {
            throw problem(
                    "input %d has shape %s, one number is needed", input, tensor(input).shape());
        }
        return values[0];
    }

    boolean hasAttribute(String name) {
        return node.attribute(name).isPresent();
    }

    private OnnxAttribute.@Nullable Value attribute(String name) {
        return node.attribute(name).orElse(null);
    }

    private OnnxException wrongKind(String name, Object value, String kind) {
        return problem(
                "attribute %s is %s, %s is needed", name, value.getClass().getSimpleName(), kind);
    }

    long integer(String name, long otherwise) {
        return switch (attribute(name)) {
            case null -> otherwise;
            case OnnxAttribute.Int value -> value.value();
            case OnnxAttribute.Value value -> throw wrongKind(name, value, "Int");
        };
    }

    int number(String name, int otherwise) {
        return Math.toIntExact(integer(name, otherwise));
    }

    boolean flag(String name) {
        return integer(name, 0) != 0;
    }

    double real(String name, double otherwise) {
        return switch (attribute(name)) {
            case null -> otherwise;
            case OnnxAttribute.Real value -> value.value();
            case OnnxAttribute.Value value -> throw wrongKind(name, value, "Real");
        };
    }

    String text(String name, String otherwise) {
        return switch (attribute(name)) {
            case null -> otherwise;
            case OnnxAttribute.Text value -> value.value().utf8();
            case OnnxAttribute.Value value -> throw wrongKind(name, value, "Text");
        };
    }

    long[] integers(String name, long... otherwise) {
        return switch (attribute(name)) {
            case null -> otherwise;
            case OnnxAttribute.Ints value ->
                    value.values().stream().mapToLong(Long::longValue).toArray();
            // Empty lists have no kind in files of some exporters.
            case OnnxAttribute.Reals value when value.values().isEmpty() -> new long[0];
            case OnnxAttribute.Value value -> throw wrongKind(name, value, "Ints");
        };
    }

    int[] numbers(String name, int... otherwise) {
        return Loops.ints(integers(name, Loops.longs(otherwise)));
    }

    double[] reals(String name) {
        return switch (attribute(name)) {
            case null -> new double[0];
            case OnnxAttribute.Reals value ->
                    value.values().stream().mapToDouble(Float::doubleValue).toArray();
            case OnnxAttribute.Value value -> throw wrongKind(name, value, "Reals");
        };
    }

    List<String> textList(String name) {
        return switch (attribute(name)) {
            case null -> List.of();
            case OnnxAttribute.Texts value -> value.values().stream().map(Bytes::utf8).toList();
            case OnnxAttribute.Value value -> throw wrongKind(name, value, "Texts");
        };
    }

    /// A list that older operator sets have as an attribute and later ones as an input; null where
    /// neither is given.
    int @Nullable [] listOf(String name, int input) {
        if (has(input)) {
            return ints(input);
        }
        return hasAttribute(name) ? numbers(name) : null;
    }

    Plan graph(String name) {
        Plan plan = graphs.get(name);
        if (plan == null) {
            throw problem("the graph %s is missing", name);
        }
        return plan;
    }

    /// Whether the output has a name.
    boolean wants(int output) {
        return output < node.outputs().size() && !node.outputs().get(output).isEmpty();
    }

    /// A result with the element type of an input.
    Datum like(int input, Tensor result) {
        return Carriers.wrap(element(input), result);
    }

    /// An axis as a number from 0.
    int axis(long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw problem("axis %d is out of range for %d axes", axis, rank);
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    int[] axes(int[] axes, int rank) {
        int[] found = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            found[i] = axis(axes[i], rank);
        }
        return found;
    }

    /// The type in which an operator on floats computes: float32 for the 16-bit types.
    DType working(int input) {
        DType type = tensor(input).dtype();
        return type == DType.FLOAT64 ? type : DType.FLOAT32;
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
    OnnxException problem(String format, Object... values) {
        return new OnnxException(
                OnnxException.Code.MODEL,
                Describe.of(node, opset) + ": " + String.format(Locale.ROOT, format, values));
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
    OnnxException unsupported(String format, Object... values) {
        return new OnnxException(
                OnnxException.Code.UNSUPPORTED,
                Describe.of(node, opset) + ": " + String.format(Locale.ROOT, format, values));
    }
}
