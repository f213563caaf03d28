package dev.jebena.onnx;

import dev.jebena.formats.OnnxElement;
import dev.jebena.onnx.internal.Carriers;
import dev.jebena.onnx.internal.Plan;
import dev.jebena.tensor.Compiled;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.TensorException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Runs a plan node by node, and as a compiled program when the same shapes come again. Both give
/// the same bits. Plans whose shapes depend on elements are never compiled.
final class PlanRunner {
    /// Runs with some shapes before they are compiled: it costs as much as some runs.
    private static final int RUNS = 3;

    private static final int MOST_SHAPES = 256;

    /// Each program keeps memory for what it computes on the way.
    private static final int MOST_PROGRAMS = 8;

    private final Plan plan;
    private final Compiled compiled;
    private final Map<List<Op.Spec>, Integer> runs = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<List<Op.Spec>, List<OnnxElement>> outputs = new ConcurrentHashMap<>();
    private volatile boolean compiles = true;

    PlanRunner(Plan plan) {
        this.plan = plan;
        compiled = Compiled.of(this::trace);
    }

    List<Datum> run(List<? extends @Nullable Datum> given) {
        List<Tensor> tensors = compiles ? tensors(given) : List.of();
        if (tensors.isEmpty() || !isUsual(tensors)) {
            return plan.run(given);
        }
        try {
            List<Tensor> results = compiled.run(tensors);
            List<OnnxElement> elements = outputs.getOrDefault(specs(tensors), List.of());
            List<Datum> data = new ArrayList<>();
            for (int i = 0; i < results.size(); i++) {
                data.add(new Datum.Numbers(elements.get(i), results.get(i)));
            }
            return data;
        } catch (TensorException | OnnxException e) {
            // The error itself, if it is one, comes from the run of the nodes.
            compiles = false;
            return plan.run(given);
        }
    }

    /// The inputs, if all are tensors of the types that tensors have.
    private static List<Tensor> tensors(List<? extends @Nullable Datum> given) {
        List<Tensor> tensors = new ArrayList<>();
        for (Datum datum : given) {
            if (!(datum instanceof Datum.Numbers numbers)
                    || numbers.element() != Carriers.element(numbers.tensor().dtype())
                    || !numbers.tensor().isConcrete()) {
                return List.of();
            }
            tensors.add(numbers.tensor());
        }
        return tensors;
    }

    private static List<Op.Spec> specs(List<Tensor> tensors) {
        return tensors.stream().map(x -> new Op.Spec(x.shape(), x.dtype())).toList();
    }

    /// Whether these shapes have come often, and were among the first that have.
    private boolean isUsual(List<Tensor> tensors) {
        List<Op.Spec> specs = specs(tensors);
        if (outputs.containsKey(specs)) {
            return true;
        }
        synchronized (runs) {
            int count = runs.merge(specs, 1, Integer::sum);
            if (runs.size() > MOST_SHAPES) {
                runs.remove(runs.keySet().iterator().next());
            }
            return count > RUNS && outputs.size() < MOST_PROGRAMS;
        }
    }

    private List<Tensor> trace(List<Tensor> tensors) {
        List<Tensor> results = new ArrayList<>();
        List<OnnxElement> elements = new ArrayList<>();
        for (Datum datum : plan.run(tensors.stream().map(Datum::of).toList())) {
            if (!(datum instanceof Datum.Numbers numbers)) {
                throw new OnnxException(
                        OnnxException.Code.UNSUPPORTED, "outputs that are no tensors");
            }
            results.add(numbers.tensor());
            elements.add(numbers.element());
        }
        outputs.put(specs(tensors), List.copyOf(elements));
        return results;
    }
}
