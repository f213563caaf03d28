package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The simple operators of `ai.onnx.ml`, the domain of classical models.
final class LearningOperators {
    private static final String DOMAIN = "ai.onnx.ml:";

    private LearningOperators() {}

    static void addTo(Operators all) {
        all.one(DOMAIN + "ArrayFeatureExtractor", LearningOperators::pick);
        all.like(DOMAIN + "Binarizer", call -> call.tensor(0).gt(call.real("threshold", 0)));
        all.one(DOMAIN + "Scaler", LearningOperators::scale);
        all.one(DOMAIN + "Normalizer", LearningOperators::normalize);
        all.one(DOMAIN + "LabelEncoder", LearningOperators::encode);
    }

    private static Datum pick(Call call) {
        Shape shape = ShapeOperators.of(call.datum(0));
        Tensor index = IndexOperators.wrap(call, call.tensor(1).flatten(), shape.dim(-1));
        return Moves.of(
                call.datum(0),
                x ->
                        (x.rank() == 1 ? x.unsqueeze(0) : x)
                                .indexSelect(Math.max(1, x.rank() - 1), index));
    }

    private static Datum scale(Call call) {
        Tensor x = call.tensor(0).to(DType.FLOAT32);
        return Datum.of(x.sub(reals(call, "offset")).mul(reals(call, "scale")));
    }

    private static Tensor reals(Call call, String name) {
        double[] reals = call.reals(name);
        Shape shape = reals.length == 1 ? Shape.scalar() : Shape.of(reals.length);
        return Loops.of(reals, shape, DType.FLOAT32);
    }

    private static Datum normalize(Call call) {
        Tensor x = call.tensor(0).to(DType.FLOAT32);
        Tensor norm =
                switch (call.text("norm", "MAX")) {
                    case "MAX" -> x.max(true, -1);
                    case "L1" -> x.abs().sum(true, -1);
                    case "L2" -> x.square().sum(true, -1).sqrt();
                    default -> throw call.unsupported("norm %s", call.text("norm", ""));
                };
        return Datum.of(norm.eq(0.0).where(x, x.div(norm)));
    }

    /// Each element's value in a table of keys and values.
    private static Datum encode(Call call) {
        List<Object> keys = table(call, "keys");
        List<Object> values = table(call, "values");
        if (keys.size() != values.size()) {
            throw call.problem("%d keys and %d values", keys.size(), values.size());
        }
        Map<Object, Object> map = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            map.put(keys.get(i), values.get(i));
        }
        Object first = values.isEmpty() ? "" : values.getFirst();
        Object otherwise = otherwise(call, first);
        if (values.stream().anyMatch(value -> value.getClass() != otherwise.getClass())) {
            throw call.problem("values and what stands for others are of several kinds");
        }
        if (!(call.datum(0) instanceof Datum.Texts)) {
            call.numbers(0);
        }
        List<Object> found = new ArrayList<>();
        for (Object key : elements(call.datum(0))) {
            found.add(map.getOrDefault(key, otherwise));
        }
        return tensor(call, found, otherwise);
    }

    private static Object otherwise(Call call, Object kind) {
        if (call.hasAttribute("default_tensor")
                && call.node().attribute("default_tensor").orElseThrow()
                        instanceof dev.jebena.formats.OnnxAttribute.Tensor tensor) {
            List<Object> one = elements(Datum.of(tensor.value()));
            if (one.isEmpty()) {
                throw call.problem("default_tensor is empty");
            }
            return one.getFirst();
        }
        return switch (kind) {
            case String _ -> call.text("default_string", "_Unused");
            case Long _ -> call.integer("default_int64", -1);
            default -> call.real("default_float", -0.0);
        };
    }

    /// A list in the attribute of one of several kinds.
    private static List<Object> table(Call call, String name) {
        if (call.node().attribute(name + "_tensor").orElse(null)
                instanceof dev.jebena.formats.OnnxAttribute.Tensor tensor) {
            return elements(Datum.of(tensor.value()));
        }
        List<Object> all = new ArrayList<>(call.textList(name + "_strings"));
        for (long value : call.integers(name + "_int64s")) {
            all.add(value);
        }
        for (double value : call.reals(name + "_floats")) {
            all.add(value);
        }
        return all;
    }

    private static List<Object> elements(Datum datum) {
        if (datum instanceof Datum.Texts texts) {
            return List.copyOf(texts.values());
        }
        List<Object> elements = new ArrayList<>();
        Tensor x = ((Datum.Numbers) datum).tensor();
        if (x.dtype().isFloat()) {
            for (double value : x.toDoubles()) {
                elements.add(value);
            }
        } else {
            for (long value : x.toLongs()) {
                elements.add(value);
            }
        }
        return elements;
    }

    private static Datum tensor(Call call, List<Object> values, Object kind) {
        Shape shape = ShapeOperators.of(call.datum(0));
        OnnxElement given =
                call.node().attribute("values_tensor").orElse(null)
                                instanceof dev.jebena.formats.OnnxAttribute.Tensor tensor
                        ? tensor.value().element()
                        : OnnxElement.UNDEFINED;
        if (kind instanceof String) {
            return new Datum.Texts(shape, values.stream().map(Object::toString).toList());
        }
        if (kind instanceof Long) {
            long[] longs = values.stream().mapToLong(v -> (Long) v).toArray();
            OnnxElement type = given == OnnxElement.UNDEFINED ? OnnxElement.INT64 : given;
            return Carriers.wrap(type, Loops.of(longs, shape, DType.INT64));
        }
        double[] reals = values.stream().mapToDouble(v -> (Double) v).toArray();
        OnnxElement type = given == OnnxElement.UNDEFINED ? OnnxElement.FLOAT : given;
        return Carriers.wrap(type, Loops.of(reals, shape, DType.FLOAT64));
    }
}
