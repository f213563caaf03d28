package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Gradients;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Changes parameters by their gradients, with formulas and defaults of `torch.optim`.
///
/// State, for parameter i in the order of the groups: `i.step` and what the kind remembers; for
/// group g `group.g.lr`. A kind of one's own says how one parameter changes: [#update].
public abstract class Optimizer implements Stateful {
    private final List<ParameterGroup> groups;
    private final double[] initialRates;
    private final double[] rates;
    private final double[] decays;
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Moments> moments = new ArrayList<>();

    /// @param learningRate of groups without one of their own
    /// @param weightDecay of groups without one of their own
    protected Optimizer(List<ParameterGroup> groups, double learningRate, double weightDecay) {
        NnException.notNegative("learning rate", learningRate);
        NnException.notNegative("weight decay", weightDecay);
        this.groups = List.copyOf(groups);
        rates = new double[groups.size()];
        decays = new double[groups.size()];
        for (int g = 0; g < rates.length; g++) {
            Double rate = groups.get(g).learningRate();
            Double decay = groups.get(g).weightDecay();
            rates[g] = rate == null ? learningRate : rate;
            decays[g] = decay == null ? weightDecay : decay;
            for (Parameter parameter : groups.get(g).parameters()) {
                if (parameters.contains(parameter)) {
                    throw NnException.option(
                            "the optimizer has the parameter %s twice; each belongs to one group",
                            parameter);
                }
                parameters.add(parameter);
                moments.add(new Moments());
            }
        }
        if (parameters.isEmpty()) {
            throw NnException.option("the optimizer has no parameters");
        }
        initialRates = rates.clone();
    }

    /// The value after one step.
    ///
    /// @param value the parameter's, as a constant
    /// @param gradient of the same shape
    /// @param memory of this parameter
    protected abstract Tensor update(
            Tensor value, Tensor gradient, Moments memory, double rate, double decay);

    /// One step. Parameters without gradient stay.
    public final void step(Gradients gradients) {
        step(ParameterGradients.of(parameters, gradients));
    }

    public final void step(ParameterGradients gradients) {
        int i = 0;
        for (int g = 0; g < groups.size(); g++) {
            for (Parameter parameter : groups.get(g).parameters()) {
                Tensor gradient = gradients.of(parameter);
                Moments memory = moments.get(i++);
                if (gradient != null) {
                    memory.next();
                    Tensor value = parameter.value().detach();
                    parameter.set(
                            update(value, gradient.to(value.dtype()), memory, rates[g], decays[g]));
                }
            }
        }
    }

    /// All parameters, in the order of the groups.
    public final List<Parameter> parameters() {
        return List.copyOf(parameters);
    }

    /// The rate of the first group.
    public final double learningRate() {
        return rates[0];
    }

    /// The rate of the first group before any schedule.
    public final double initialLearningRate() {
        return initialRates[0];
    }

    /// The rate of each group.
    public final double[] learningRates() {
        return rates.clone();
    }

    /// Sets the rate of all groups.
    public final void learningRate(double rate) {
        Arrays.fill(rates, NnException.notNegative("learning rate", rate));
    }

    /// Sets the rates of all groups to their first ones times the schedule's factor.
    public final void follow(Schedule schedule, long step) {
        double factor = schedule.factor(step);
        for (int g = 0; g < rates.length; g++) {
            rates[g] = NnException.notNegative("learning rate", initialRates[g] * factor);
        }
    }

    /// Multiplies the rates of all groups, down to `least`.
    public final void scaleLearningRates(double factor, double least) {
        for (int g = 0; g < rates.length; g++) {
            rates[g] = Math.max(least, rates[g] * factor);
        }
    }

    @Override
    public final Map<String, Tensor> stateDict() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (int g = 0; g < rates.length; g++) {
            state.put("group." + g + ".lr", Tensor.scalar(rates[g], DType.FLOAT64));
        }
        for (int i = 0; i < moments.size(); i++) {
            String path = i + ".";
            Moments memory = moments.get(i);
            state.put(path + "step", Tensor.scalar(memory.step(), DType.INT64));
            memory.tensors().forEach((name, tensor) -> state.put(path + name, tensor));
        }
        return state;
    }

    @Override
    public final void loadStateDict(Map<String, Tensor> state) {
        StateCheck check = new StateCheck("the optimizer's state");
        List<Map<String, Tensor>> found = new ArrayList<>();
        for (int i = 0; i < moments.size(); i++) {
            found.add(new LinkedHashMap<>());
            if (!state.containsKey(i + ".step")) {
                check.problem("missing: " + i + ".step, of " + parameters.get(i));
            }
        }
        for (int g = 0; g < rates.length; g++) {
            if (!state.containsKey("group." + g + ".lr")) {
                check.problem("missing: group." + g + ".lr");
            }
        }
        state.forEach((name, tensor) -> sort(name, tensor, found, check));
        check.throwIfAny();
        for (int i = 0; i < moments.size(); i++) {
            Map<String, Tensor> own = found.get(i);
            long step = StateCheck.integer(own, "step");
            own.remove("step");
            moments.get(i).restart(step, own);
        }
        for (int g = 0; g < rates.length; g++) {
            rates[g] = StateCheck.number(state, "group." + g + ".lr");
        }
    }

    /// Whether a shape is the parameter's, or has axes of length 1 where it is summed up.
    private static boolean isSmaller(Shape memory, Shape value) {
        boolean fits = memory.rank() == value.rank();
        for (int axis = 0; fits && axis < memory.rank(); axis++) {
            fits = memory.dim(axis) == value.dim(axis) || memory.dim(axis) == 1;
        }
        return fits;
    }

    private void sort(
            String name, Tensor tensor, List<Map<String, Tensor>> found, StateCheck check) {
        int dot = name.indexOf('.');
        String head = dot < 0 ? name : name.substring(0, dot);
        if (head.equals("group")) {
            if (!name.endsWith(".lr")) {
                check.problem("unexpected: " + name);
            }
            return;
        }
        int index = head.matches("[0-9]{1,9}") ? Integer.parseInt(head) : -1;
        if (index < 0 || index >= found.size()) {
            check.problem("unexpected: %s; there are %d parameters".formatted(name, found.size()));
            return;
        }
        Shape shape = parameters.get(index).shape();
        if (!name.endsWith(".step") && !isSmaller(tensor.shape(), shape)) {
            check.problem(
                    "%s has shape %s, the parameter %s".formatted(name, tensor.shape(), shape));
        }
        found.get(index).put(name.substring(dot + 1), tensor);
    }
}
