package dev.jebena.llm.internal.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Sampling;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MirostatTest {
    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }

    /// Token ids and probabilities, the likeliest first.
    private static List<double[]> softmax(float[] logits, float temperature) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit / temperature);
        }
        double mass = sum;
        return IntStream.range(0, logits.length)
                .mapToObj(id -> new double[] {id, Math.exp(logits[id] / temperature) / mass})
                .sorted((a, b) -> Double.compare(b[1], a[1]))
                .toList();
    }

    /// The number of tokens that algorithm 1 keeps.
    private static int zipfKept(List<double[]> tokens, double limit) {
        double products = 0;
        double squares = 0;
        for (int i = 0; i < 99 && i + 1 < tokens.size(); i++) {
            double t = Math.log((i + 2.0) / (i + 1.0));
            double b = Math.log(tokens.get(i)[1] / tokens.get(i + 1)[1]);
            products += t * b;
            squares += t * t;
        }
        double s = products / squares;
        double e = s - 1;
        double k = Math.pow(e * Math.pow(2, limit) / (1 - Math.pow(tokens.size(), -e)), 1 / s);
        return Math.max(1, Math.min(tokens.size(), (int) k));
    }

    @Test
    void bothVersionsFollowTheirAlgorithms() {
        for (int version = 1; version <= 2; version++) {
            for (int seed = 0; seed < 100; seed++) {
                compare(version, seed);
            }
        }
    }

    private static void compare(int version, int seed) {
        Random random = new Random(seed);
        float tau = 1 + random.nextFloat() * 5;
        float eta = random.nextFloat() * 0.5f;
        float temperature = 0.3f + random.nextFloat();
        MirostatState state = new MirostatState(new Sampling.Mirostat(version, tau, eta));
        double limit = 2 * tau;
        for (int step = 0; step < 20; step++) {
            float[] logits = new float[300];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) random.nextGaussian() * 2;
            }
            List<double[]> all = softmax(logits, temperature);
            double bound = limit;
            List<double[]> kept =
                    version == 1
                            ? all.subList(0, zipfKept(all, limit))
                            : all.stream().filter(t -> -log2(t[1]) <= bound).toList();
            kept = kept.isEmpty() ? all.subList(0, 1) : kept;
            double mass = kept.stream().mapToDouble(t -> t[1]).sum();
            double uniform = random.nextDouble();
            int place = 0;
            double sum = kept.getFirst()[1];
            while (sum <= uniform * mass && place + 1 < kept.size()) {
                sum += kept.get(++place)[1];
            }
            limit -= eta * (-log2(kept.get(place)[1] / mass) - tau);
            Candidates candidates = new Candidates();
            float largest = (float) Math.log(all.getFirst()[1]);
            for (float logit : logits) {
                largest = Math.max(largest, logit);
            }
            int drawn =
                    state.draw(candidates, logits, logits.length, largest, temperature, uniform);
            state.accept();
            assertThat(candidates.size()).as("v%d seed %d", version, seed).isEqualTo(kept.size());
            assertThat(candidates.id(drawn)).isEqualTo((int) kept.get(place)[0]);
            assertThat(state.limit()).isCloseTo(limit, within(1e-4));
        }
    }

    @Test
    void version2WorkedByHand() {
        // Probabilities 1/2, 1/4, 1/8, 1/8: surprise 1, 2, 3 and 3 bits. The limit is 2.5.
        MirostatState state = new MirostatState(new Sampling.Mirostat(2, 1.25f, 0.5f));
        float[] logits = {
            (float) Math.log(0.5),
            (float) Math.log(0.25),
            (float) Math.log(0.125),
            (float) Math.log(0.125)
        };
        Candidates candidates = new Candidates();
        int place = state.draw(candidates, logits, 4, logits[0], 1, 0.9);
        assertThat(candidates.size()).isEqualTo(2);
        assertThat(candidates.id(place)).isEqualTo(1);
        // Nothing changes until the token is taken; then by 0.5 * (log2(3) - 1.25).
        assertThat(state.limit()).isEqualTo(2.5);
        state.accept();
        assertThat(state.limit()).isCloseTo(2.5 - 0.5 * (log2(3) - 1.25), within(1e-6));
    }

    /// The limit moves by what surprise lacks of the target, so where it stays within bounds the
    /// mean surprise is the target.
    @Test
    void theLimitSettles() {
        float[] zipf = new float[20_000];
        for (int i = 0; i < zipf.length; i++) {
            zipf[i] = (float) (-1.1 * Math.log(i + 1));
        }
        for (int version = 1; version <= 2; version++) {
            for (float tau : new float[] {2, 4, 6}) {
                MirostatState state = new MirostatState(new Sampling.Mirostat(version, tau, 0.1f));
                Candidates candidates = new Candidates();
                Random random = new Random(3);
                for (int i = 0; i < 1000; i++) {
                    state.draw(candidates, zipf.clone(), zipf.length, 0, 1, random.nextDouble());
                    state.accept();
                }
                assertThat(state.limit()).as("v%d", version).isBetween(0.5 * tau, 4.0 * tau);
            }
        }
    }

    @Test
    void eachAnswerHasItsOwnLimit() {
        Generation options =
                Generation.defaults()
                        .temperature(1)
                        .sampling(Sampling.defaults().mirostat(new Sampling.Mirostat(2, 3, 1)));
        float[] logits = new float[500];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) -Math.log(i + 1);
        }
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix matrix = FloatMatrix.of(arena, logits);
            List<List<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Sampler sampler = new Sampler(options, 5, new int[0], new int[0], null, 2000);
                List<Integer> ids = new ArrayList<>();
                for (int step = 0; step < 50; step++) {
                    ids.add(sampler.choose(Kernels.scalar(), matrix, 0).id());
                    sampler.accept(ids.getLast());
                }
                answers.add(ids);
            }
            assertThat(answers.getFirst()).isEqualTo(answers.getLast());
        }
    }
}
