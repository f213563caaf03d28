package dev.jebena.onnx;

import dev.jebena.formats.OnnxElement;
import dev.jebena.formats.OnnxModel;
import dev.jebena.formats.OnnxType;
import dev.jebena.formats.OnnxValueInfo;
import dev.jebena.onnx.internal.Operators;
import dev.jebena.onnx.internal.Plan;
import dev.jebena.onnx.internal.Planner;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An ONNX model that is ready to run, any number of times and in any number of threads at once.
///
/// ```java
/// OnnxProgram program = OnnxProgram.load(Path.of("model.onnx"));
/// Map<String, Tensor> outputs = program.run(Map.of("x", Rng.seed(1).normal(1, 3, 224, 224)));
/// ```
public final class OnnxProgram {
    private final OnnxModel model;
    private final Plan plan;
    private final PlanRunner runner;

    private OnnxProgram(OnnxModel model, OnnxOptions options) {
        this.model = model;
        this.plan = Planner.of(model, options);
        this.runner = new PlanRunner(plan);
    }

    /// Reads a model. Throws [dev.jebena.formats.FormatException] when the file is damaged,
    /// [OnnxException] when it needs operators that are not supported.
    public static OnnxProgram load(Path path) {
        return load(path, OnnxOptions.defaults());
    }

    /// The same with options.
    public static OnnxProgram load(Path path, OnnxOptions options) {
        return of(OnnxModel.load(path), options);
    }

    public static OnnxProgram of(OnnxModel model) {
        return of(model, OnnxOptions.defaults());
    }

    public static OnnxProgram of(OnnxModel model, OnnxOptions options) {
        model.check();
        return new OnnxProgram(model, options);
    }

    /// The operators that can be run, sorted: `Abs`, `com.microsoft:Gelu`.
    public static List<String> operators() {
        return Operators.names();
    }

    /// The file's content.
    public OnnxModel model() {
        return model;
    }

    /// Names and types of the inputs that have to be given; not those that are constants too.
    public List<OnnxValueInfo> inputs() {
        return model.graph().inputs().stream()
                .filter(input -> plan.inputs().contains(input.name()))
                .toList();
    }

    public List<OnnxValueInfo> outputs() {
        return model.graph().outputs();
    }

    /// Computes the outputs, which must be tensors of numbers that [Tensor] has.
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        Map<String, Datum> data = new LinkedHashMap<>();
        inputs.forEach((name, tensor) -> data.put(name, wrapped(name, tensor)));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        evaluate(data)
                .forEach((name, datum) -> {
                    if (!(datum instanceof Datum.Numbers numbers)) {
                        throw new OnnxException(
                                OnnxException.Code.INPUT,
                                "the output \"%s\" is no tensor of numbers; use evaluate()"
                                        .formatted(name));
                    }
                    tensors.put(name, numbers.tensor());
                });
        return tensors;
    }

    /// A tensor as the element type that the model expects, if it lies in a tensor of that kind.
    private Datum wrapped(String name, Tensor tensor) {
        for (OnnxValueInfo input : inputs()) {
            if (input.name().equals(name)
                    && input.type() instanceof OnnxType.Tensor type
                    && type.element() != OnnxElement.STRING
                    && type.element() != OnnxElement.UNDEFINED) {
                return InputCheck.number(name, type, tensor);
            }
        }
        return Datum.of(tensor);
    }

    /// Computes the outputs from any data.
    public Map<String, Datum> evaluate(Map<String, Datum> inputs) {
        List<@Nullable Datum> given = InputCheck.arranged(model.graph(), plan.inputs(), inputs);
        List<Datum> results = runner.run(given);
        Map<String, Datum> outputs = new LinkedHashMap<>();
        for (int i = 0; i < results.size(); i++) {
            outputs.put(plan.outputs().get(i), results.get(i));
        }
        return outputs;
    }

    /// What the model computes for tensors of these shapes as a graph of tensor operations, which
    /// can be compiled, differentiated or mapped. Only for models whose shapes do not depend on
    /// elements; throws an error with code `ABSTRACT` for others.
    public Graph trace(List<Op.Spec> specs) {
        List<String> names = plan.inputs();
        return Graph.trace(
                tensors -> {
                    Map<String, Tensor> inputs = new LinkedHashMap<>();
                    for (int i = 0; i < tensors.size(); i++) {
                        inputs.put(names.get(i), tensors.get(i));
                    }
                    return new ArrayList<>(run(inputs).values());
                },
                specs);
    }
}
