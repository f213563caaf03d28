package dev.jebena.nn;

import dev.jebena.tensor.Compiled;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Gradients;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/// The loss of a batch and all gradients as one program, with the bits of eager execution.
///
/// Its arguments are the batch, the factor of the loss, and all parameters and buffers of the
/// model, which hold the arguments while the function is traced.
final class CompiledLoss {
    private final List<Parameter> parameters;
    private final List<Buffer> buffers;
    private final Function<Batch, Tensor> loss;
    private final Compiled program;
    private List<Parameter> reached = List.of();

    /// @param loss without the factor, of which gradients are taken
    record Result(double loss, ParameterGradients gradients) {}

    CompiledLoss(Block model, List<Parameter> learned, Function<Batch, Tensor> loss) {
        Set<Parameter> all = new LinkedHashSet<>(model.parameters());
        all.addAll(learned);
        parameters = List.copyOf(all);
        buffers = List.copyOf(new LinkedHashSet<>(model.namedBuffers().values()));
        this.loss = loss;
        program = Compiled.of(this::trace);
    }

    /// @param scale what the loss is multiplied with before gradients are taken
    Result run(Batch batch, double scale) {
        List<Tensor> arguments = new ArrayList<>();
        arguments.add(batch.x());
        arguments.add(batch.y());
        arguments.add(Tensor.scalar(scale, DType.FLOAT32));
        parameters.forEach(parameter -> arguments.add(parameter.value().detach()));
        buffers.forEach(buffer -> arguments.add(buffer.value()));
        List<Tensor> results = program.run(arguments);
        for (int i = 0; i < buffers.size(); i++) {
            buffers.get(i).set(results.get(1 + i));
        }
        Map<Parameter, Tensor> gradients = new LinkedHashMap<>();
        for (int i = 0; i < reached.size(); i++) {
            gradients.put(reached.get(i), results.get(1 + buffers.size() + i));
        }
        return new Result(results.getFirst().item(), new ParameterGradients(gradients));
    }

    /// The loss, the buffers' next values, gradients of the parameters that are reached.
    private List<Tensor> trace(List<Tensor> arguments) {
        List<Tensor> before = new ArrayList<>();
        int at = 3;
        for (Parameter parameter : parameters) {
            before.add(parameter.hold(arguments.get(at++)));
        }
        for (Buffer buffer : buffers) {
            before.add(buffer.hold(arguments.get(at++)));
        }
        try {
            Tensor value = loss.apply(new Batch(arguments.get(0), arguments.get(1)));
            Gradients gradients = Autocast.wide(value).mul(arguments.get(2)).backward();
            List<Tensor> results = new ArrayList<>();
            results.add(value.detach());
            buffers.forEach(buffer -> results.add(buffer.value().detach()));
            ParameterGradients found = ParameterGradients.of(parameters, gradients);
            reached = List.copyOf(found.parameters());
            reached.forEach(parameter -> results.add(Objects.requireNonNull(found.of(parameter))));
            return results;
        } finally {
            for (int i = 0; i < parameters.size(); i++) {
                parameters.get(i).restore(before.get(i));
            }
            for (int i = 0; i < buffers.size(); i++) {
                buffers.get(i).hold(before.get(parameters.size() + i));
            }
        }
    }
}
