package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/// Exponential moving averages of a model's parameters; buffers are copied. State: the model's
/// names, and `n_averaged`.
public final class Ema implements Stateful {
    private static final String COUNT = "n_averaged";
    private final Block model;
    private final double decay;
    private final Map<String, Tensor> averages = new LinkedHashMap<>();
    private long count;

    private Ema(Block model, double decay) {
        this.model = model;
        this.decay = NnException.probability("Ema: decay", decay);
        averages.putAll(model.stateDict());
    }

    /// Averages that begin with the values there are now.
    public static Ema of(Block model, double decay) {
        return new Ema(model, decay);
    }

    /// Takes the model's values in, after a step of the optimizer; the first ones as they are.
    public void update() {
        Map<String, Parameter> parameters = model.namedParameters();
        Map<String, Tensor> now = model.stateDict();
        boolean first = count++ == 0;
        now.forEach((name, value) -> {
            Tensor before = averages.get(name);
            if (first || before == null || !parameters.containsKey(name)) {
                averages.put(name, value);
            } else {
                averages.put(name, before.lerp(value, 1 - decay));
            }
        });
    }

    /// The averages by the model's names.
    public Map<String, Tensor> averages() {
        return new LinkedHashMap<>(averages);
    }

    /// Runs something with the averages in the model, for instance an evaluation.
    public void with(Runnable action) {
        Map<String, Tensor> own = model.stateDict();
        model.loadStateDict(averages);
        try {
            action.run();
        } finally {
            model.loadStateDict(own);
        }
    }

    @Override
    public Map<String, Tensor> stateDict() {
        Map<String, Tensor> state = averages();
        state.put(COUNT, Tensor.scalar(count, DType.INT64));
        return state;
    }

    @Override
    public void loadStateDict(Map<String, Tensor> state) {
        Map<String, Shape> wanted = new LinkedHashMap<>();
        averages.forEach((name, tensor) -> wanted.put(name, tensor.shape()));
        wanted.put(COUNT, Shape.scalar());
        StateCheck check = new StateCheck("the state of the averages");
        check.compare(state, wanted, true);
        check.throwIfAny();
        averages.replaceAll((name, old) -> state.getOrDefault(name, old));
        count = StateCheck.integer(state, COUNT);
    }
}
