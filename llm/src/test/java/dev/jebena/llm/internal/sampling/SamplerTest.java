package dev.jebena.llm.internal.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.llm.Generation;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.TokenLogprob;
import dev.jebena.llm.internal.constraint.TokenFilter;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final int END = 4;
    private static final Offset<Double> EXACT = within(1e-6);

    /// Probabilities 0.4, 0.3, 0.2, 0.08, 0.02.
    private static final float[] LOGITS = {
        (float) Math.log(0.4),
        (float) Math.log(0.3),
        (float) Math.log(0.2),
        (float) Math.log(0.08),
        (float) Math.log(0.02)
    };

    private static final Generation PLAIN =
            Generation.defaults().temperature(1).topK(0).topP(1).minP(0);

    /// How often each token is drawn in 20,000 answers of one token.
    private static double[] shares(Generation options, float... logits) {
        int[] counts = new int[logits.length];
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix matrix = FloatMatrix.of(arena, logits);
            for (int seed = 0; seed < 20_000; seed++) {
                Sampler sampler = sampler(options, seed, null);
                counts[sampler.choose(Kernels.scalar(), matrix, 0).id()]++;
            }
        }
        return Arrays.stream(counts).mapToDouble(count -> count / 20_000.0).toArray();
    }

    private static Sampler sampler(Generation options, long seed, @Nullable TokenFilter filter) {
        return new Sampler(options, seed, new int[] {0, 0, 1}, new int[] {END}, filter, 100);
    }

    private static Choice choose(Generation options, @Nullable TokenFilter filter) {
        return choose(sampler(options, 1, filter));
    }

    private static Choice choose(Sampler sampler) {
        try (Arena arena = Arena.ofConfined()) {
            return sampler.choose(Kernels.scalar(), FloatMatrix.of(arena, LOGITS), 0);
        }
    }

    private static void assertShares(Generation options, double... expected) {
        assertThat(shares(options, LOGITS)).containsExactly(expected, within(0.015));
    }

    @Test
    void tokensAreDrawnByTheirProbability() {
        assertShares(PLAIN, 0.4, 0.3, 0.2, 0.08, 0.02);
    }

    @Test
    void temperatureFlattensAndSharpens() {
        double[] squares = {0.16, 0.09, 0.04, 0.0064, 0.0004};
        double sum = Arrays.stream(squares).sum();
        assertShares(PLAIN.temperature(0.5f), Arrays.stream(squares).map(p -> p / sum).toArray());
        assertThat(choose(PLAIN.temperature(0), null).id()).isZero();
        assertThat(choose(PLAIN.temperature(1e-6f), null).id()).isZero();
    }

    @Test
    void topKKeepsTheLikeliest() {
        assertShares(PLAIN.topK(2), 4 / 7.0, 3 / 7.0, 0, 0, 0);
    }

    private static double[] probabilities(Generation options) {
        Choice choice = choose(options.logprobs(5).drawnLogprobs(true), null);
        double[] found = new double[LOGITS.length];
        for (TokenLogprob one : choice.top()) {
            found[one.id()] = Math.exp(one.logprob());
        }
        assertThat(Math.exp(choice.logprob())).isCloseTo(found[choice.id()], within(1e-6));
        return found;
    }

    @Test
    void probabilitiesOfTheDrawAreThoseAfterTheCuts() {
        assertThat(probabilities(PLAIN)).containsExactly(exact(0.4, 0.3, 0.2, 0.08, 0.02), EXACT);
        assertThat(probabilities(PLAIN.topK(2)))
                .containsExactly(exact(4 / 7.0, 3 / 7.0, 0, 0, 0), EXACT);
        assertThat(probabilities(PLAIN.topP(0.65f)))
                .containsExactly(exact(4 / 7.0, 3 / 7.0, 0, 0, 0), EXACT);
        assertThat(probabilities(PLAIN.topK(2).temperature(0.5f)))
                .containsExactly(exact(16 / 25.0, 9 / 25.0, 0, 0, 0), EXACT);
        assertThat(probabilities(PLAIN.temperature(0)))
                .containsExactly(exact(1, 0, 0, 0, 0), EXACT);
    }

    private static double[] exact(double... values) {
        return values;
    }

    @Test
    void topPKeepsWhatReachesTheShare() {
        assertShares(PLAIN.topP(0.65f), 4 / 7.0, 3 / 7.0, 0, 0, 0);
        assertShares(PLAIN.topP(0), 1, 0, 0, 0, 0);
        assertShares(PLAIN.topK(4).topP(0.65f), 4 / 7.0, 3 / 7.0, 0, 0, 0);
    }

    @Test
    void minPKeepsWhatIsNearTheLikeliest() {
        assertShares(PLAIN.minP(0.45f), 4 / 9.0, 3 / 9.0, 2 / 9.0, 0, 0);
        assertShares(PLAIN.topP(0.95f).minP(0.6f), 4 / 7.0, 3 / 7.0, 0, 0, 0);
    }

    @Test
    void typicalKeepsWhatIsNearTheExpectedSurprise() {
        // The entropy is 1.32 nats; token 1 (surprise 1.20) is nearest to it, then 2, then 0.
        assertShares(PLAIN.typicalP(0.25f), 0, 1, 0, 0, 0);
        assertShares(PLAIN.typicalP(0.45f), 0, 0.6, 0.4, 0, 0);
        assertShares(PLAIN.topK(5).typicalP(0.45f), 0, 0.6, 0.4, 0, 0);
    }

    @Test
    void penaltiesLookAtTheWindow() {
        Generation greedy = PLAIN.temperature(0);
        // The prompt is 0, 0, 1.
        assertThat(choose(greedy.presencePenalty(2), null).id()).isEqualTo(2);
        assertThat(choose(greedy.frequencyPenalty(0.35f), null).id()).isEqualTo(1);
        assertThat(choose(greedy.repeatPenalty(3), null).id()).isEqualTo(2);
        assertThat(choose(greedy.repeatPenalty(3).repeatWindow(1), null).id()).isZero();
        assertThat(choose(greedy.repeatPenalty(3).repeatWindow(0), null).id()).isZero();
        assertThat(choose(greedy.repeatPenalty(3).repeatWindow(-1), null).id()).isEqualTo(2);
    }

    @Test
    void biasMovesTokensAndForbidsThem() {
        Generation greedy = PLAIN.temperature(0);
        assertThat(choose(greedy.logitBias(Map.of(3, 5f)), null).id()).isEqualTo(3);
        Map<Integer, Float> all = new HashMap<>();
        for (int id = 0; id < LOGITS.length; id++) {
            all.put(id, Float.NEGATIVE_INFINITY);
        }
        all.remove(2);
        assertThat(choose(PLAIN.logitBias(all), null).id()).isEqualTo(2);
        all.put(2, Float.NEGATIVE_INFINITY);
        assertThatThrownBy(() -> choose(PLAIN.logitBias(all), null))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("no token is left");
    }

    @Test
    void anEndMustWaitForMinTokens() {
        Generation greedy = PLAIN.temperature(0).logitBias(Map.of(END, 9f));
        assertThat(choose(greedy, null).id()).isEqualTo(END);
        assertThat(choose(greedy.minTokens(1), null).id()).isZero();
        assertThat(choose(greedy.ignoreEos(true), null).id()).isZero();
    }

    @Test
    void aFilterLeavesWhatItAllows() {
        TokenFilter filter =
                new TokenFilter() {
                    @Override
                    public long[] allowed(int remaining) {
                        return new long[] {0b01100};
                    }

                    @Override
                    public void accept(int id) {}
                };
        assertThat(choose(PLAIN.temperature(0), filter).id()).isEqualTo(2);
        assertThat(choose(PLAIN, filter).id()).isBetween(2, 3);
    }

    @Test
    void aFilterKnowsTheTokensLeftAndMayInsistOnTheEnd() {
        List<Integer> asked = new ArrayList<>();
        TokenFilter filter =
                new TokenFilter() {
                    @Override
                    public long[] allowed(int remaining) {
                        asked.add(remaining);
                        return new long[] {1L << END | (remaining > 99 ? 1 : 0)};
                    }

                    @Override
                    public void accept(int id) {}
                };
        Generation greedy = PLAIN.temperature(0).logitBias(Map.of(END, 9f));
        for (Generation options : List.of(greedy.ignoreEos(true), greedy.minTokens(5))) {
            Sampler sampler = sampler(options, 1, filter);
            assertThat(choose(sampler).id()).isZero();
            sampler.accept(0);
            assertThat(choose(sampler).id()).isEqualTo(END);
        }
        assertThat(asked).containsExactly(100, 99, 100, 99);
    }

    @Test
    void logprobsAreThoseOfTheUnmodifiedDistribution() {
        Choice choice = choose(PLAIN.temperature(0).logitBias(Map.of(3, 5f)).logprobs(2), null);
        assertThat(choice.id()).isEqualTo(3);
        assertThat(choice.logprob()).isCloseTo((float) Math.log(0.08), within(1e-5f));
        assertThat(choice.top()).extracting(TokenLogprob::id).isEqualTo(List.of(0, 1));
        assertThat(choice.top().get(0).logprob()).isCloseTo((float) Math.log(0.4), within(1e-5f));
        assertThat(choose(PLAIN, null).logprob()).isNaN();
    }

    @Test
    void damagedLogitsAreAClearProblem() {
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix matrix = FloatMatrix.of(arena, Float.NaN, Float.NaN);
            for (Generation options : List.of(PLAIN, PLAIN.temperature(0), PLAIN.topK(1))) {
                Sampler sampler = sampler(options, 1, null);
                assertThatThrownBy(() -> sampler.choose(Kernels.scalar(), matrix, 0))
                        .isInstanceOf(LlmException.class)
                        .hasMessageContaining("no logit that is a number");
            }
        }
    }
}
