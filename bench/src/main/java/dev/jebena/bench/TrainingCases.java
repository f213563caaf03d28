package dev.jebena.bench;

import dev.jebena.tensor.Compiled;
import dev.jebena.tensor.Gradients;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Whole training steps: forward, backward, and AdamW. Here one compiled function; in libtorch
/// TorchScript with its fused AdamW, which changes weights and moments in place.
final class TrainingCases {
    /// How far losses may lie apart after [#STEPS] steps, relatively.
    private static final double TOLERANCE = 2e-2;

    private static final int STEPS = 5;
    private static final double RATE = 1e-3;
    private static final double DECAY = 0.01;

    private TrainingCases() {}

    /// A model and its data.
    ///
    /// @param loss of weights and data
    /// @param torch the same as TorchScript that sets `loss` from weights `w0`, ... and data `d0`,
    ///   ...
    /// @param operations of forward and backward
    record Model(
            String name,
            List<Tensor> weights,
            List<Tensor> data,
            double operations,
            BiFunction<List<Tensor>, List<Tensor>, Tensor> loss,
            String torch) {
        /// This model here, another one in libtorch.
        Model against(Model peer) {
            return new Model(
                    name + " against float32", weights, data, operations, loss, peer.torch);
        }
    }

    static Map<String, Supplier<Comparison>> all() {
        Map<String, Supplier<Comparison>> all = new LinkedHashMap<>();
        all.put("train mlp", () -> open(Perceptron.model(false)));
        all.put("train mlp, bfloat16", () -> open(Perceptron.model(true)));
        all.put("train resnet", () -> open(ResidualNet.model()));
        all.put(
                "train mlp, bfloat16 against float32",
                () -> open(Perceptron.model(true).against(Perceptron.model(false))));
        all.put("train gpt", () -> open(CharacterGpt.model(false)));
        all.put("train gpt, bfloat16", () -> open(CharacterGpt.model(true)));
        all.put(
                "train gpt, bfloat16 against float32",
                () -> open(CharacterGpt.model(true).against(CharacterGpt.model(false))));
        return all;
    }

    private static Comparison open(Model model) {
        Trained ours = new Trained(model);
        Libtorch peer = new Libtorch(script(model), true, peerInputs(model));
        float[] losses = new float[2];
        for (int i = 0; i < STEPS; i++) {
            losses[0] = (float) ours.step().item();
            losses[1] = peer.numbers()[0];
        }
        if (!(Math.abs(losses[0] - losses[1]) <= TOLERANCE * Math.abs(losses[1]))) {
            throw new IllegalStateException(
                    "%s: losses after %d steps are %s and %s"
                            .formatted(model.name, STEPS, losses[0], losses[1]));
        }
        return new Comparison(model.name, model.operations, ours::step, peer);
    }

    /// Our side: weights and moments go around through one compiled function, which changes them in
    /// place, as the peer does.
    private static final class Trained {
        private final Model model;
        private final Compiled step;
        private List<Tensor> state;
        private int steps;

        Trained(Model model) {
            this.model = model;
            state = new ArrayList<>();
            model.weights.forEach(w -> state.add(w.mul(2).mul(0.5)));
            for (int i = 0; i < 2; i++) {
                model.weights.forEach(w -> state.add(w.zerosLike().contiguous()));
            }
            int[] all = IntStream.range(0, state.size()).toArray();
            step = Compiled.of(this::compute).donating(all);
        }

        /// The loss.
        Tensor step() {
            List<Tensor> in = new ArrayList<>(state);
            in.addAll(model.data);
            in.add(Tensor.scalar(++steps));
            List<Tensor> out = step.run(in);
            state = out.subList(1, out.size());
            return out.getFirst();
        }

        private List<Tensor> compute(List<Tensor> in) {
            int n = model.weights.size();
            List<Tensor> weights = in.subList(0, n).stream().map(Tensor::variable).toList();
            Tensor loss = model.loss.apply(weights, in.subList(3 * n, in.size() - 1));
            Gradients gradients = loss.backward();
            Tensor count = in.getLast();
            Tensor first = count.mul(Math.log(0.9)).exp().subFrom(1);
            Tensor second = count.mul(Math.log(0.999)).exp().subFrom(1);
            List<Tensor> results = new ArrayList<>();
            List<Tensor> moments = new ArrayList<>();
            List<Tensor> squares = new ArrayList<>();
            results.add(loss.detach());
            for (int i = 0; i < n; i++) {
                Tensor g = gradients.of(weights.get(i));
                Tensor m = in.get(n + i).mul(0.9).add(g.mul(0.1));
                Tensor v = in.get(2 * n + i).mul(0.999).add(g.square().mul(0.001));
                Tensor move = m.div(first).div(v.div(second).sqrt().add(1e-8));
                results.add(in.get(i).mul(1 - RATE * DECAY).sub(move.mul(RATE)));
                moments.add(m);
                squares.add(v);
            }
            results.addAll(moments);
            results.addAll(squares);
            return results;
        }
    }

    /// Weights, two moments and a counter of steps for each, then the data.
    private static List<Tensor> peerInputs(Model model) {
        List<Tensor> inputs = new ArrayList<>(model.weights);
        for (int i = 0; i < 2; i++) {
            model.weights.forEach(w -> inputs.add(w.zerosLike()));
        }
        model.weights.forEach(w -> inputs.add(Tensor.scalar(0)));
        inputs.addAll(model.data);
        return inputs;
    }

    private static String script(Model model) {
        int n = model.weights.size();
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < n; i++) {
            script.append(
                    "w%d = torch.requires_grad_(torch.detach(x[%d]), True)\n".formatted(i, i));
        }
        for (int i = 0; i < model.data.size(); i++) {
            script.append("d%d = x[%d]\n".formatted(i, 4 * n + i));
        }
        script.append(model.torch);
        String weights = names("w%d", 0, n);
        script.append(
                "g = torch.grad([loss], [%s], None, False, False, True)\n".formatted(weights));
        for (int i = 0; i < n; i++) {
            script.append("g%d = unchecked_cast(Tensor, g[%d])\n".formatted(i, i));
            script.append("s%d = torch.add_(x[%d], 1)\n".formatted(i, 3 * n + i));
        }
        script.append("ps = [%s]\n".formatted(names("x[%d]", 0, n)));
        script.append(
                "torch._fused_adamw_(ps, [%s], [%s], [%s], [], [%s], lr=%s, beta1=0.9, beta2=0.999, weight_decay=%s, eps=1e-08, amsgrad=False, maximize=False)\n"
                        .formatted(
                                names("g%d", 0, n),
                                names("x[%d]", n, n),
                                names("x[%d]", 2 * n, n),
                                names("s%d", 0, n),
                                RATE,
                                DECAY));
        // Without a use of the weights the update would count as dead code.
        return script + "return [torch.detach(loss), ps[0]]\n";
    }

    private static String names(String format, int from, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(format.formatted(from + i));
        }
        return String.join(", ", names);
    }
}
