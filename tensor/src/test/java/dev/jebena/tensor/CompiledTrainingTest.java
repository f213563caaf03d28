package dev.jebena.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.tensor.internal.Parallel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A training step as one compiled function: forward, backward and AdamW give the weights of eager
/// execution, for any number of threads.
class CompiledTrainingTest {
    private static final int WEIGHTS = 4;

    /// Arguments: weights, first moments, second moments, data, classes, number of the step.
    /// Results: the loss, then the new weights and moments.
    private static List<Tensor> step(List<Tensor> in, Rng rng) {
        List<Tensor> weights = new ArrayList<>();
        for (int i = 0; i < WEIGHTS; i++) {
            weights.add(in.get(i).variable());
        }
        Tensor x = in.get(3 * WEIGHTS);
        Tensor hidden = x.matmul(weights.get(0)).add(weights.get(1)).gelu().dropout(0.2, rng);
        Tensor logits = hidden.layerNorm(weights.get(2), null, 1e-5).matmul(weights.get(3));
        Tensor loss = logits.crossEntropy(in.get(3 * WEIGHTS + 1));
        Gradients gradients = loss.backward();
        Tensor count = in.get(3 * WEIGHTS + 2);
        Tensor first = count.mul(Math.log(0.9)).exp().subFrom(1);
        Tensor second = count.mul(Math.log(0.999)).exp().subFrom(1);
        List<Tensor> moments = new ArrayList<>();
        List<Tensor> squares = new ArrayList<>();
        List<Tensor> updated = new ArrayList<>();
        for (int i = 0; i < WEIGHTS; i++) {
            Tensor g = gradients.of(weights.get(i));
            Tensor m = in.get(WEIGHTS + i).mul(0.9).add(g.mul(0.1));
            Tensor v = in.get(2 * WEIGHTS + i).mul(0.999).add(g.square().mul(0.001));
            Tensor move = m.div(first).div(v.div(second).sqrt().add(1e-8));
            Tensor w = in.get(i);
            updated.add(w.mul(1 - 1e-3 * 0.01).sub(move.mul(1e-3)));
            moments.add(m);
            squares.add(v);
        }
        List<Tensor> all = new ArrayList<>();
        all.add(loss.detach());
        all.addAll(updated);
        all.addAll(moments);
        all.addAll(squares);
        return all;
    }

    private static List<float[]> train(boolean compiled, int steps, int... donated) {
        Rng rng = Rng.seed(11);
        List<Tensor> state = new ArrayList<>();
        state.add(rng.normal(20, 150).mul(0.1));
        state.add(Tensor.zeros(150));
        state.add(Tensor.ones(150));
        state.add(rng.normal(150, 10).mul(0.1));
        for (int i = 0; i < 2 * WEIGHTS; i++) {
            state.add(state.get(i % WEIGHTS).zerosLike());
        }
        Tensor x = rng.normal(32, 20);
        Tensor classes = rng.randint(0, 10, 32);
        Compiled function = Compiled.of(in -> step(in, rng)).donating(donated);
        List<float[]> results = new ArrayList<>();
        for (int i = 1; i <= steps; i++) {
            List<Tensor> arguments = new ArrayList<>(state);
            arguments.add(x);
            arguments.add(classes);
            arguments.add(Tensor.scalar(i));
            List<Tensor> out = compiled ? function.run(arguments) : step(arguments, rng);
            results.add(out.getFirst().toFloats());
            state = new ArrayList<>(out.subList(1, out.size()));
        }
        state.forEach(tensor -> results.add(tensor.toFloats()));
        return results;
    }

    private static void same(List<float[]> actual, List<float[]> expected) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).as("result %d", i).isEqualTo(expected.get(i));
        }
    }

    @Test
    void stepsGiveTheWeightsOfEagerExecution() {
        same(train(true, 5), train(false, 5));
    }

    @Test
    void weightsAndMomentsAreChangedInPlaceWhereTheyAreDonated() {
        int[] state = Ints.range(0, 3 * WEIGHTS).toArray();
        same(train(true, 5, state), train(false, 5));
    }

    @Test
    void oneAndTwoAndThreeThreadsGiveTheSameBits() {
        int before = Parallel.threads();
        try {
            Parallel.threads(1);
            List<float[]> expected = train(true, 3);
            for (int threads : new int[] {2, 3}) {
                Parallel.threads(threads);
                same(train(true, 3), expected);
            }
        } finally {
            Parallel.threads(before);
        }
    }
}
