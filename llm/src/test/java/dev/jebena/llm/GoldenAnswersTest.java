package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jebena.compute.DataType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenAnswersTest {
    private static final LlmOptions EXACT = LlmOptions.defaults().kvType(DataType.F32).exact(true);
    private static final Generation GREEDY =
            Generation.defaults().temperature(0).ignoreEos(true).maxTokens(16).logprobs(20);

    @TempDir static Path folder;

    static List<String> decoders() {
        return GoldenModel.decoders();
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void greedyTokensAreThoseOfLlamaCpp(String name) {
        GoldenModel model = GoldenModel.open(name, folder);
        try (Llm llm = Llm.load(model.file(), EXACT)) {
            List<int[]> sequences = model.sequences();
            List<Answer> answers =
                    sequences.stream().map(sequence -> llm.generate(sequence, GREEDY)).toList();
            for (int i = 0; i < answers.size(); i++) {
                compare(model, model.expected().get(i), answers.get(i));
            }
        }
    }

    /// Up to the first place where the two best are too close to tell.
    private static void compare(
            GoldenModel model, Map<String, @Nullable Object> expected, Answer answer) {
        int[] ids = GoldenModel.ints(expected.get("greedy"));
        float[] margins = GoldenModel.floats(expected.get("greedy_margins"));
        List<GoldenModel.Step> steps = GoldenModel.steps(expected);
        for (int i = 0; i < ids.length; i++) {
            Token token = answer.next();
            if (i < steps.size()) {
                assertThat(token.top()).hasSize(20);
                assertThat(token.top().get(0).logprob())
                        .isCloseTo(steps.get(i).topLogprobs()[0], within(model.tolerance()));
            }
            if (margins[i] < 2 * model.tolerance()) {
                answer.close();
                return;
            }
            assertThat(token.id()).as("token %d", i).isEqualTo(ids[i]);
            assertThat(token.logprob()).isEqualTo(token.top().get(0).logprob());
        }
        assertThat(answer.hasNext()).isFalse();
    }

    @Test
    void embeddingsAreTheMeanNormalized() {
        GoldenModel model = GoldenModel.open("bert-F32", folder);
        try (Llm llm = Llm.load(model.file())) {
            assertThat(llm.info().embeds()).isTrue();
            for (int i = 0; i < model.sequences().size(); i++) {
                float[] mean = GoldenModel.floats(model.expected().get(i).get("mean"));
                double squares = 0;
                for (float value : mean) {
                    squares += value * value;
                }
                for (int k = 0; k < mean.length; k++) {
                    mean[k] /= (float) Math.sqrt(squares);
                }
                Embedding embedding = llm.embed(model.sequences().get(i));
                assertThat(embedding.vector()).containsExactly(mean, within(5e-3f));
                assertThat(embedding.tokens()).isEqualTo(model.sequences().get(i).length);
            }
            assertThat(llm.stats().kvPagesUsed()).isZero();
        }
    }

    @Test
    void infoTellsWhatTheFileIs() {
        GoldenModel model = GoldenModel.open("llama-q-Q4_K_M", folder);
        try (Llm llm = Llm.load(model.file())) {
            ModelInfo info = llm.info();
            assertThat(info.architecture()).isEqualTo("llama");
            assertThat(info.quantization()).isEqualTo("Q4_K_M");
            assertThat(info.contextLength()).isEqualTo(256);
            assertThat(info.generates()).isTrue();
            assertThat(info.metadata()).doesNotContainKey("tokenizer.ggml.tokens");
        }
    }
}
