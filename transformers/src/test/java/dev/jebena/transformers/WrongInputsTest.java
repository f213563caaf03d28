package dev.jebena.transformers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is wrong with a call is said by name, before anything is computed.
class WrongInputsTest {
    @TempDir Path folder;

    private Pipeline pipeline(String name) {
        TinyModel model = TinyModel.of(name);
        return Transformers.load(model.write(folder), Task.of(model.task()));
    }

    private static void refused(ThrowingCallable call, String... words) {
        assertThatThrownBy(call).isInstanceOf(Problem.class).hasMessageContainingAll(words);
    }

    private static void refused(
            Pipeline pipeline,
            @Nullable Object inputs,
            Map<String, Object> parameters,
            String... words) {
        refused(() -> pipeline.run(inputs, parameters), words);
    }

    @Test
    void inputsOfAnotherKind() {
        Pipeline pipeline = pipeline("bert-fill-mask");
        refused(pipeline, null, Map.of(), "fill-mask: inputs must be a text");
        refused(pipeline, List.of("a [MASK]", 7L), Map.of(), "fill-mask: inputs must be a text");
        refused(pipeline, "no mask", Map.of(), "there is no mask in the text 'no mask'", "[MASK]");
    }

    @Test
    void parametersThatThereAreNot() {
        Pipeline pipeline = pipeline("bert-fill-mask");
        refused(pipeline, "[MASK]", Map.of("topk", 2L), "no parameter 'topk'; did you mean top_k?");
        refused(pipeline, "[MASK]", Map.of("top_k", "two"), "top_k must be an integer");
        refused(pipeline, "[MASK]", Map.of("top_k", 0L), "top_k must be at least 1, found 0");
        refused(pipeline, "[MASK]", Map.of("targets", 3L), "targets must be a list of strings");
    }

    @Test
    void textsThatAreTooLong() {
        Pipeline pipeline = pipeline("bert-text-classification");
        String text = "coffee ".repeat(100);
        refused(pipeline, text, Map.of(), "tokens, the model reads at most 96", "truncation");
        assertThat(pipeline.run(text, Map.of("truncation", true))).isInstanceOf(List.class);
        assertThat(pipeline.run("", Map.of())).isInstanceOf(List.class);
    }

    @Test
    void questionsWithoutATextAndPartsWithoutAnEnd() {
        Pipeline pipeline = pipeline("bert-question-answering");
        refused(pipeline, "Who?", Map.of(), "an object of question and context");
        refused(
                pipeline,
                Map.of("question", "Who?", "context", ""),
                Map.of(),
                "the context is empty");
        Map<String, Object> inputs = Map.of("question", "Who?", "context", "a b ".repeat(20_000));
        refused(
                pipeline,
                inputs,
                Map.of("max_seq_len", 32L, "doc_stride", 31L),
                "too many",
                "shorter stride");
        refused(
                pipeline,
                inputs,
                Map.of("max_seq_len", 32L, "doc_stride", 64L),
                "doc_stride 64 is larger than max_seq_len 32");
    }

    @Test
    void classesAndTemplates() {
        Pipeline pipeline = pipeline("bert-zero-shot-classification");
        refused(pipeline, "a", Map.of(), "needs candidate_labels");
        refused(pipeline, "a", Map.of("candidate_labels", List.of()), "candidate_labels is empty");
        refused(
                pipeline,
                "a",
                Map.of("candidate_labels", "x", "hypothesis_template", "It is so."),
                "no {} for the label");
    }

    @Test
    void writingThatCannotBe() {
        Pipeline pipeline = pipeline("t5");
        refused(pipeline, "a", Map.of("num_beams", 0L), "num_beams is 0, must be at least 1");
        refused(pipeline, "a", Map.of("num_beams", 1000L), "num_beams is 1000, at most 64");
        refused(
                pipeline,
                "a",
                Map.of("num_beams", 2L, "num_return_sequences", 3L),
                "num_return_sequences is 3");
        refused(pipeline, "a", Map.of("do_sample", true), "cannot search with 3 beams");
        refused(pipeline, "a", Map.of("tgt_lang", "xx_XX"), "no token for the language 'xx_XX'");
        Map<String, Object> drawn =
                Map.of("do_sample", true, "num_beams", 1L, "seed", 7L, "max_new_tokens", 5L);
        assertThat(pipeline.run("a", drawn)).isEqualTo(pipeline.run("a", drawn));
    }

    @Test
    void tasksThatThereAreNot() {
        refused(() -> Task.of("fill-masks"), "did you mean fill-mask?", "zero-shot-classification");
        assertThat(Task.of("ner")).isEqualTo(Task.TOKEN_CLASSIFICATION);
        assertThat(Task.of("sentiment-analysis")).isEqualTo(Task.TEXT_CLASSIFICATION);
        assertThat(Task.of("translation_en_to_de")).isEqualTo(Task.TRANSLATION);
    }
}
