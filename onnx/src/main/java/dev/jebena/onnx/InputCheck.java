package dev.jebena.onnx;

import dev.jebena.formats.OnnxGraph;
import dev.jebena.formats.OnnxType;
import dev.jebena.formats.OnnxValueInfo;
import dev.jebena.onnx.internal.Carriers;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Compares what is given with what a model expects.
final class InputCheck {
    private InputCheck() {}

    static Datum number(String name, OnnxType.Tensor type, Tensor tensor) {
        if (Carriers.of(type.element()) != tensor.dtype()) {
            throw problem(
                    "the input \"%s\" is %s, the model needs %s, which lies in %s"
                            .formatted(
                                    name,
                                    tensor.dtype(),
                                    type.element(),
                                    Carriers.of(type.element())));
        }
        return new Datum.Numbers(type.element(), tensor);
    }

    /// The data in the order of the names; null for defaults of the model.
    static List<@Nullable Datum> arranged(
            OnnxGraph graph, List<String> names, Map<String, Datum> inputs) {
        Map<String, Long> lengths = new HashMap<>();
        Map<String, OnnxValueInfo> known = new HashMap<>();
        graph.inputs().forEach(input -> known.put(input.name(), input));
        for (String name : inputs.keySet()) {
            if (!names.contains(name)) {
                throw problem(
                        "the model has no input \"%s\"; it has %s"
                                .formatted(name, new TreeSet<>(names)));
            }
        }
        List<@Nullable Datum> given = new ArrayList<>();
        for (String name : names) {
            Datum datum = inputs.get(name);
            if (datum == null) {
                throw problem(
                        "the input \"%s\" is missing; given are %s"
                                .formatted(name, new TreeSet<>(inputs.keySet())));
            }
            check(name, known.get(name), datum, lengths);
            given.add(datum);
        }
        return given;
    }

    private static void check(
            String name, @Nullable OnnxValueInfo info, Datum datum, Map<String, Long> lengths) {
        if (info == null || !(info.type() instanceof OnnxType.Tensor type)) {
            return;
        }
        Shape shape =
                switch (datum) {
                    case Datum.Numbers numbers -> {
                        if (numbers.element() != type.element()) {
                            throw problem(
                                    "the input \"%s\" is %s, the model needs %s"
                                            .formatted(name, numbers.element(), type.element()));
                        }
                        yield numbers.tensor().shape();
                    }
                    case Datum.Texts texts -> texts.shape();
                    case Datum.Sequence _, Datum.Maybe _ ->
                            throw problem("the input \"" + name + "\" must be a tensor");
                };
        if (type.shape().isPresent()) {
            check(name, info.type(), type.shape().get(), shape, lengths);
        }
    }

    private static void check(
            String name,
            OnnxType type,
            List<OnnxType.Dimension> dims,
            Shape shape,
            Map<String, Long> lengths) {
        boolean fits = dims.size() == shape.rank();
        for (int i = 0; fits && i < dims.size(); i++) {
            long length = shape.dim(i);
            // Some exporters call an open length so.
            Optional<String> symbol = dims.get(i).name().filter(s -> !s.equals("?"));
            long wanted = dims.get(i).length().orElse(length);
            if (symbol.isPresent() && !symbol.get().isEmpty()) {
                Long before = lengths.putIfAbsent(symbol.get(), length);
                if (before != null && before != length) {
                    throw problem(
                            "the input \"%s\" has shape %s; axis %d, %s, is %d in another input"
                                    .formatted(name, shape, i, symbol.get(), before));
                }
            }
            // Some exporters write -1 for an open length.
            fits = wanted < 0 || wanted == length;
        }
        if (!fits) {
            throw problem(
                    "the input \"%s\" has shape %s, the model needs %s"
                            .formatted(name, shape, type.text()));
        }
    }

    private static OnnxException problem(String text) {
        return new OnnxException(OnnxException.Code.INPUT, text);
    }
}
