package dev.jebena.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.testkit.FakeLlm;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.store.embedding.CosineSimilarity;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextModelsTest {
    private final FakeLlm llm = FakeLlm.of(FakeLlm.Settings.defaults().embeds(true));

    @Test
    void textsBecomeVectors() {
        JebenaEmbeddingModel model = JebenaEmbeddingModel.of(llm);
        Response<List<Embedding>> vectors =
                model.embedAll(List.of(TextSegment.from("one"), TextSegment.from("two")));
        assertThat(vectors.content()).hasSize(2);
        assertThat(vectors.tokenUsage())
                .extracting(TokenUsage::inputTokenCount)
                .satisfies(count -> assertThat(count).isPositive());
        assertThat(model.dimension()).isEqualTo(vectors.content().getFirst().dimension());
        assertThat(
                        CosineSimilarity.between(
                                model.embed("one").content(), vectors.content().getFirst()))
                .isGreaterThan(0.9999);
        assertThat(model.modelName()).isEqualTo(llm.info().name());
    }

    @Test
    void theSameTextScoresHighest() {
        List<Double> scores =
                JebenaScoringModel.of(llm)
                        .scoreAll(
                                List.of(TextSegment.from("a bill"), TextSegment.from("a cat")),
                                "a cat")
                        .content();
        assertThat(scores.get(1)).isGreaterThan(scores.get(0)).isGreaterThan(0.9999);
    }

    @Test
    void tokensAreCountedByTheTokenizerAndTheTemplate() {
        JebenaTokenCountEstimator counter = JebenaTokenCountEstimator.of(llm);
        assertThat(counter.estimateTokenCountInText("four")).isEqualTo(4);
        int one = counter.estimateTokenCountInMessage(UserMessage.from("four"));
        int both =
                counter.estimateTokenCountInMessages(
                        List.of(SystemMessage.from("Be brief."), UserMessage.from("four")));
        assertThat(one).isGreaterThan(4);
        assertThat(both).isGreaterThan(one + 8);
        assertThat(counter.estimateTokenCountInMessages(List.of())).isZero();
    }

    @Test
    void aModelThatWritesMakesNoVectors() {
        FakeLlm writes = FakeLlm.of(FakeLlm.Settings.defaults());
        assertThatThrownBy(() -> JebenaEmbeddingModel.of(writes))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
