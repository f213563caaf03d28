package dev.jebena.onnx;

import dev.jebena.downloads.OnnxCase;
import dev.jebena.formats.FormatException;
import dev.jebena.formats.OnnxModel;
import dev.jebena.formats.OnnxType;
import dev.jebena.formats.OnnxValue;
import dev.jebena.formats.OnnxValueInfo;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.TensorException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/// Runs the cases that the Python package `onnx` ships, and compares as its test runner does:
/// relative 1e-3, absolute 1e-7.
final class NodeCases {
    private static final double RELATIVE = 1e-3;
    private static final double ABSOLUTE = 1e-7;

    private NodeCases() {}

    /// What came out of a case; `message` is empty for passed ones.
    record Result(String name, Outcome outcome, String message) {}

    enum Outcome {
        PASSED,
        FAILED,
        UNSUPPORTED
    }

    /// The cases of one kind; `light` are networks.
    static List<Result> run(String kind) {
        return kind.equals("light")
                ? OnnxCase.light().stream()
                        .map(one -> result(one.name(), () -> difference(one)))
                        .toList()
                : OnnxCase.all(kind).stream()
                        .map(one -> result(one.name(), () -> difference(one)))
                        .toList();
    }

    private static Result result(String name, Supplier<String> comparison) {
        try {
            String difference = comparison.get();
            return new Result(
                    name, difference.isEmpty() ? Outcome.PASSED : Outcome.FAILED, difference);
        } catch (OnnxException e) {
            boolean unsupported = e.code() == OnnxException.Code.UNSUPPORTED;
            return new Result(
                    name,
                    unsupported ? Outcome.UNSUPPORTED : Outcome.FAILED,
                    String.valueOf(e.getMessage()));
        } catch (FormatException | TensorException | IllegalStateException | ClassCastException e) {
            return new Result(name, Outcome.FAILED, e.toString());
        }
    }

    private static String difference(OnnxCase one) {
        OnnxModel model = OnnxModel.load(one.model());
        OnnxProgram program = OnnxProgram.of(model);
        for (OnnxCase.DataSet set : one.dataSets()) {
            Map<String, Datum> inputs = new LinkedHashMap<>();
            for (int i = 0; i < set.inputs().size(); i++) {
                OnnxValueInfo info = program.inputs().get(i);
                inputs.put(info.name(), load(set.inputs().get(i), info.type()));
            }
            Map<String, Datum> outputs = program.evaluate(inputs);
            for (int i = 0; i < set.outputs().size(); i++) {
                OnnxValueInfo info = program.outputs().get(i);
                Datum expected = load(set.outputs().get(i), info.type());
                String found =
                        difference(
                                expected,
                                Objects.requireNonNull(outputs.get(info.name())),
                                isRandom(one));
                if (!found.isEmpty()) {
                    return "output " + info.name() + ": " + found;
                }
            }
        }
        return "";
    }

    private static String difference(OnnxCase.Light one) {
        OnnxProgram program = OnnxProgram.load(one.model());
        OnnxValueInfo input = program.inputs().getFirst();
        int[] dims =
                ((OnnxType.Tensor) input.type())
                        .shape().orElseThrow().stream()
                                .mapToInt(dim -> Math.toIntExact(dim.length().orElse(1L)))
                                .toArray();
        Shape shape = Shape.of(dims);
        Tensor rising = Tensor.arange(shape.size()).to(DType.FLOAT64).div((double) shape.size());
        Map<String, Datum> outputs =
                program.evaluate(
                        Map.of(input.name(), Datum.of(rising.reshape(shape).to(DType.FLOAT32))));
        OnnxValueInfo output = program.outputs().getFirst();
        return difference(
                load(one.output(), output.type()),
                Objects.requireNonNull(outputs.get(output.name())),
                false);
    }

    /// Of random numbers only shapes and types are known.
    private static boolean isRandom(OnnxCase one) {
        return one.name().startsWith("test_bernoulli");
    }

    private static Datum load(Path path, OnnxType type) {
        return Datum.of(OnnxValue.load(path, type));
    }

    private static String difference(Datum expected, Datum found, boolean random) {
        return switch (expected) {
            case Datum.Numbers e when found instanceof Datum.Numbers f -> numbers(e, f, random);
            case Datum.Texts e when e.equals(found) -> "";
            case Datum.Sequence e
                    when found instanceof Datum.Sequence f
                            && f.values().size() == e.values().size() -> {
                for (int i = 0; i < e.values().size(); i++) {
                    String one = difference(e.values().get(i), f.values().get(i), random);
                    if (!one.isEmpty()) {
                        yield "element " + i + ": " + one;
                    }
                }
                yield "";
            }
            case Datum.Maybe e when found instanceof Datum.Maybe f ->
                    e.value().isPresent() && f.value().isPresent()
                            ? difference(e.value().get(), f.value().get(), random)
                            : e.value().isPresent() == f.value().isPresent() ? "" : "one is empty";
            // Files have the element of an optional where it has one.
            case Datum.Maybe e when e.value().isPresent() ->
                    difference(e.value().get(), found, random);
            default -> "expected " + expected + ", found " + found;
        };
    }

    private static String numbers(Datum.Numbers expected, Datum.Numbers found, boolean random) {
        Tensor e = expected.tensor();
        Tensor f = found.tensor();
        if (expected.element() != found.element() || !e.shape().equals(f.shape())) {
            return "expected %s%s, found %s%s"
                    .formatted(expected.element(), e.shape(), found.element(), f.shape());
        }
        if (random) {
            return "";
        }
        if (e.dtype() == DType.INT64 && e.size() > 0) {
            return e.eq(f).all().itemLong() == 1 ? "" : different(e, f);
        }
        double[] a = e.toDoubles();
        double[] b = f.toDoubles();
        for (int i = 0; i < a.length; i++) {
            boolean same = a[i] == b[i] || (Double.isNaN(a[i]) && Double.isNaN(b[i]));
            if (!same && !(Math.abs(a[i] - b[i]) <= ABSOLUTE + RELATIVE * Math.abs(a[i]))) {
                return "element %d: expected %s, found %s".formatted(i, a[i], b[i]);
            }
        }
        return "";
    }

    private static String different(Tensor e, Tensor f) {
        return "expected " + e + ", found " + f;
    }

    /// Prints counts, and what did not pass.
    public static void main(String[] arguments) {
        String kind = arguments.length > 0 ? arguments[0] : "node";
        List<Result> results = run(kind);
        for (Outcome outcome : Outcome.values()) {
            long count = results.stream().filter(r -> r.outcome() == outcome).count();
            System.out.println(outcome + " " + count);
        }
        results.stream()
                .filter(r -> r.outcome() != Outcome.PASSED)
                .forEach(
                        r -> System.out.println(r.outcome() + " " + r.name() + ": " + r.message()));
    }
}
