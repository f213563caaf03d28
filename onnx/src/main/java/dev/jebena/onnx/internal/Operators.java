package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// All operators by name; those of other domains as `com.microsoft:Gelu`.
public final class Operators {
    static final String MICROSOFT = "com.microsoft:";

    /// How the names of operators begin that only fusions make.
    static final String OWN = "jebena.";

    private static final Map<String, Operator> ALL = new Operators().table;

    private final Map<String, Operator> table = new TreeMap<>();

    private Operators() {
        ElementwiseOperators.addTo(this);
        ActivationOperators.addTo(this);
        CastOperators.addTo(this);
        ShapeOperators.addTo(this);
        PartOperators.addTo(this);
        PadOperators.addTo(this);
        IndexOperators.addTo(this);
        ScatterOperators.addTo(this);
        OrderOperators.addTo(this);
        ReduceOperators.addTo(this);
        ProductOperators.addTo(this);
        ConvOperators.addTo(this);
        DeformOperators.addTo(this);
        PoolOperators.addTo(this);
        NormOperators.addTo(this);
        SoftmaxOperators.addTo(this);
        AttentionOperators.addTo(this);
        AttentionFusion.addTo(this);
        BrainWeights.addTo(this);
        StateOperators.addTo(this);
        RecurrentOperators.addTo(this);
        ResizeOperators.addTo(this);
        GridOperators.addTo(this);
        SignalOperators.addTo(this);
        ControlOperators.addTo(this);
        SequenceOperators.addTo(this);
        TextOperators.addTo(this);
        QuantizeOperators.addTo(this);
        IntegerOperators.addTo(this);
        RandomOperators.addTo(this);
        DetectionOperators.addTo(this);
        ImageOperators.addTo(this);
        ContribOperators.addTo(this);
        ContribAttention.addTo(this);
        ContribQuantized.addTo(this);
        LearningOperators.addTo(this);
    }

    /// Whose results may be kept: the same for the same inputs.
    static boolean isDeterministic(String name) {
        return switch (name) {
            case "Bernoulli", "Multinomial", "Dropout" -> false;
            default -> !name.startsWith("Random");
        };
    }

    static String key(String domain, String name) {
        return domain.isEmpty() || domain.equals("ai.onnx") ? name : domain + ":" + name;
    }

    static @Nullable Operator find(String domain, String name) {
        return ALL.get(key(domain, name));
    }

    /// Names of all operators, sorted.
    public static List<String> names() {
        return ALL.keySet().stream().filter(name -> !name.startsWith(OWN)).toList();
    }

    /// An operator with any number of outputs.
    void many(String name, Operator operator) {
        if (table.put(name, operator) != null) {
            throw new IllegalStateException(name + " is defined twice");
        }
    }

    /// An operator with one output.
    void one(String name, Function<Call, Datum> function) {
        many(name, call -> List.of(function.apply(call)));
    }

    /// One output with the element type of the first input.
    void like(String name, Function<Call, Tensor> function) {
        one(name, call -> call.like(0, function.apply(call)));
    }

    /// One output of booleans.
    void bool(String name, Function<Call, Tensor> function) {
        one(name, call -> Carriers.wrap(OnnxElement.BOOL, function.apply(call)));
    }
}
