package dev.jebena.llm.internal.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Sampling;
import dev.jebena.llm.Sampling.Stage;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The samplers beyond the basic ones, by hand and against plain implementations of their
/// definitions.
class ChainTest {
    private static final Generation PLAIN =
            Generation.defaults().temperature(1).topK(0).topP(1).minP(0);

    /// Probabilities 0.4, 0.3, 0.2, 0.08, 0.02.
    private static final float[] LOGITS = logits(0.4, 0.3, 0.2, 0.08, 0.02);

    private static float[] logits(double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(probabilities[i]);
        }
        return logits;
    }

    private static Sampling none() {
        return Sampling.defaults();
    }

    private static double[] shares(Generation options, float... logits) {
        int[] counts = new int[logits.length];
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix matrix = FloatMatrix.of(arena, logits);
            for (int seed = 0; seed < 20_000; seed++) {
                Sampler sampler = new Sampler(options, seed, new int[] {0}, new int[0], null, 100);
                counts[sampler.choose(Kernels.scalar(), matrix, 0).id()]++;
            }
        }
        return Arrays.stream(counts).mapToDouble(count -> count / 20_000.0).toArray();
    }

    private static void assertShares(Generation options, double... expected) {
        assertThat(shares(options, LOGITS)).containsExactly(expected, within(0.015));
    }

    @Test
    void xtcLeavesOnlyTheLeastLikelyOfTheTopChoices() {
        Generation always = PLAIN.sampling(none().xtc(new Sampling.Xtc(1, 0.15f)));
        assertShares(always, 0, 0, 2 / 3.0, 0.8 / 3, 0.2 / 3);
        Generation half = PLAIN.sampling(none().xtc(new Sampling.Xtc(0.5f, 0.15f)));
        assertShares(half, 0.2, 0.15, 0.1 + 1 / 3.0, 0.04 + 0.4 / 3, 0.01 + 0.1 / 3);
        // Only one token is that likely, or none, or the threshold switches it off.
        assertShares(
                PLAIN.sampling(none().xtc(new Sampling.Xtc(1, 0.35f))), 0.4, 0.3, 0.2, 0.08, 0.02);
        assertShares(
                PLAIN.sampling(none().xtc(new Sampling.Xtc(1, 0.6f))), 0.4, 0.3, 0.2, 0.08, 0.02);
        // Three would stay, four must.
        Generation four = always.sampling(always.sampling().minKeep(4));
        assertShares(four, 0.4, 0.3, 0.2, 0.08, 0.02);
    }

    @Test
    void minKeepLeavesSoManyTokens() {
        assertShares(PLAIN.topP(0.1f).sampling(none().minKeep(2)), 4 / 7.0, 3 / 7.0, 0, 0, 0);
        assertShares(PLAIN.minP(0.9f).sampling(none().minKeep(2)), 4 / 7.0, 3 / 7.0, 0, 0, 0);
        assertShares(PLAIN.typicalP(0.1f).sampling(none().minKeep(2)), 0, 0.6, 0.4, 0, 0);
    }

    @Test
    void topNSigmaKeepsLogitsNearTheLargest() {
        // Mean -2.124, standard deviation 1.119: one deviation below -0.916 is -2.035.
        assertShares(PLAIN.sampling(none().topNSigma(1)), 4 / 9.0, 3 / 9.0, 2 / 9.0, 0, 0);
        assertShares(PLAIN.sampling(none().topNSigma(0.3f)), 4 / 7.0, 3 / 7.0, 0, 0, 0);
        assertShares(PLAIN.sampling(none().topNSigma(-1)), 0.4, 0.3, 0.2, 0.08, 0.02);
    }

    @Test
    void stagesRunInTheGivenOrder() {
        Generation g = PLAIN.temperature(4).topP(0.5f);
        // At temperature 4 probabilities are 0.26, 0.24, 0.22, 0.17, 0.12.
        assertShares(
                g.sampling(none().order(List.of(Stage.TEMPERATURE, Stage.TOP_P))),
                0.26 / 0.72,
                0.24 / 0.72,
                0.22 / 0.72,
                0,
                0);
        double a = Math.pow(0.4, 0.25);
        double b = Math.pow(0.3, 0.25);
        assertShares(
                g.sampling(none().order(List.of(Stage.TOP_P, Stage.TEMPERATURE))),
                a / (a + b),
                b / (a + b),
                0,
                0,
                0);
        // What is not in the order does not run.
        assertShares(g.sampling(none().order(List.of())), 0.4, 0.3, 0.2, 0.08, 0.02);
        assertShares(
                PLAIN.presencePenalty(50).sampling(none().order(List.of(Stage.TOP_K))),
                0.4,
                0.3,
                0.2,
                0.08,
                0.02);
    }

    @Test
    void shortAndLongNamesMeanTheStages() {
        assertThat(Stage.named("typ_p")).isEqualTo(Stage.TYPICAL_P);
        assertThat(Stage.named("top-n-sigma")).isEqualTo(Stage.TOP_N_SIGMA);
        assertThat(Stage.named("tfs_z")).isNull();
        List<Stage> lettered = new ArrayList<>();
        for (char letter : "edskypmxt".toCharArray()) {
            lettered.add(Stage.lettered(letter));
        }
        assertThat(lettered).containsExactly(Stage.values());
        assertThat(Stage.lettered('f')).isNull();
    }

    @Test
    void dynamicTemperatureFollowsTheEntropy() {
        // Two equal tokens have all the entropy there can be, so the temperature is 0.5 + 1.5.
        Sampling dynamic = none().dynamicTemperature(new Sampling.DynamicTemperature(1.5f, 1));
        assertThat(shares(PLAIN.temperature(0.5f).sampling(dynamic), logits(0.5, 0.5)))
                .containsExactly(new double[] {0.5, 0.5}, within(0.015));
        double[] p = {0.4, 0.3, 0.2, 0.08, 0.02};
        double entropy = 0;
        for (double value : p) {
            entropy -= value * Math.log(value);
        }
        for (float exponent : new float[] {0.5f, 1, 3}) {
            double t = 0.2 + (1.8 - 0.2) * Math.pow(entropy / Math.log(5), exponent);
            double[] q = Arrays.stream(p).map(value -> Math.pow(value, 1 / t)).toArray();
            double sum = Arrays.stream(q).sum();
            Sampling options =
                    none().dynamicTemperature(new Sampling.DynamicTemperature(0.8f, exponent));
            assertShares(
                    PLAIN.sampling(options), Arrays.stream(q).map(value -> value / sum).toArray());
        }
    }

    /// The same stages one after the other on plain lists.
    private static List<double[]> plain(Generation g, float[] logits) {
        List<double[]> tokens = new ArrayList<>();
        for (int id = 0; id < logits.length; id++) {
            tokens.add(new double[] {id, logits[id]});
        }
        tokens.sort(Comparator.comparingDouble(token -> -token[1]));
        double mean = tokens.stream().mapToDouble(t -> t[1]).average().orElseThrow();
        double variance =
                tokens.stream()
                        .mapToDouble(t -> (t[1] - mean) * (t[1] - mean))
                        .average()
                        .orElseThrow();
        double least = tokens.getFirst()[1] - g.sampling().topNSigma() * Math.sqrt(variance);
        tokens.removeIf(t -> g.sampling().topNSigma() > 0 && t[1] < least);
        tokens = tokens.subList(0, Math.min(tokens.size(), g.topK()));
        double sum = 0;
        double mass = tokens.stream().mapToDouble(t -> Math.exp(t[1])).sum();
        int kept = 0;
        while (kept < tokens.size() && (sum < g.topP() * mass || kept < g.sampling().minKeep())) {
            sum += Math.exp(tokens.get(kept++)[1]);
        }
        tokens = new ArrayList<>(tokens.subList(0, kept));
        double floor = tokens.getFirst()[1] + Math.log(g.minP());
        int minKeep = g.sampling().minKeep();
        for (int i = tokens.size() - 1; i >= minKeep && tokens.get(i)[1] < floor; i--) {
            tokens.removeLast();
        }
        double rest = tokens.stream().mapToDouble(t -> Math.exp(t[1])).sum();
        List<double[]> all = tokens;
        long top =
                all.stream()
                        .filter(t -> Math.exp(t[1]) / rest >= g.sampling().xtc().threshold())
                        .count();
        if (top > 1 && all.size() - (top - 1) >= minKeep) {
            tokens = all.subList((int) top - 1, all.size());
        }
        return tokens;
    }

    @Test
    void randomOptionsLeaveWhatAPlainImplementationLeaves() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            float[] logits = new float[2 + random.nextInt(60)];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) random.nextGaussian() * 3;
            }
            Sampling sampling =
                    none().topNSigma(random.nextInt(3) * random.nextFloat() * 2)
                            .minKeep(random.nextInt(4))
                            .xtc(new Sampling.Xtc(1, random.nextFloat() * 0.5f));
            Generation g =
                    PLAIN.topK(1 + random.nextInt(70))
                            .topP(random.nextFloat())
                            .minP(random.nextFloat() * 0.3f)
                            .sampling(sampling);
            Candidates candidates = new Candidates();
            new SamplerChain(g, seed, candidates).cut(logits.clone(), logits.length, 0);
            List<double[]> expected = plain(g, logits);
            assertThat(candidates.size()).as("seed %d", seed).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertThat(candidates.id(i)).isEqualTo((int) expected.get(i)[0]);
            }
        }
    }
}
