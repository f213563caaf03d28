package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.downloads.Downloads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpeculativeAnswersTest {
    private static final Generation GREEDY =
            Generation.defaults().ignoreEos(true).temperature(0).maxTokens(60);

    @TempDir static Path folder;

    private static List<List<Token>> answers(Llm llm, List<int[]> prompts, Generation options) {
        List<Answer> answers = new ArrayList<>();
        for (int[] prompt : prompts) {
            answers.add(llm.generate(prompt, options));
        }
        List<List<Token>> tokens = new ArrayList<>();
        for (Answer answer : answers) {
            List<Token> own = new ArrayList<>();
            answer.forEachRemaining(own::add);
            tokens.add(own);
        }
        return tokens;
    }

    /// Prompts that say the same words again and again.
    private static List<int[]> prompts(int vocabulary) {
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Random random = new Random(i);
            int period = 4 + random.nextInt(12);
            int[] words = random.ints(period, 3, vocabulary).toArray();
            int[] prompt = new int[20 + random.nextInt(60)];
            for (int k = 0; k < prompt.length; k++) {
                prompt[k] = words[k % period];
            }
            prompts.add(prompt);
        }
        return prompts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-F32", "llama-Q4_0", "qwen2-F32", "gemma3-Q4_0"})
    void guessesDoNotChangeAnswers(String name) {
        Path file = GoldenModel.open(name, folder).file();
        long guesses = 0;
        for (Generation options :
                List.of(
                        GREEDY,
                        GREEDY.logprobs(3).repeatPenalty(1.1f),
                        GREEDY.stop(List.of("e", "7")).minTokens(20),
                        GREEDY.temperature(0.7f).seed(3),
                        GREEDY.temperature(1).topK(0).topP(1).minP(0).seed(4))) {
            try (Llm llm = Llm.load(file)) {
                List<int[]> prompts = prompts(300);
                List<List<Token>> plain = answers(llm, prompts, options.speculate(false));
                assertThat(llm.stats().draftTokens()).isZero();
                for (int i = 0; i < prompts.size(); i++) {
                    assertThat(answers(llm, prompts.subList(i, i + 1), options).getFirst())
                            .as("prompt %d, %s", i, options)
                            .isEqualTo(plain.get(i));
                }
                assertThat(answers(llm, prompts, options)).isEqualTo(plain);
                EngineStats stats = llm.stats();
                guesses += stats.draftTokens();
                assertThat(stats.acceptedTokens()).isBetween(0L, stats.draftTokens());
            }
        }
        assertThat(guesses).isPositive();
    }

    @Test
    void rightGuessesSaveSteps() {
        try (Llm llm = Llm.load(GoldenModel.open("llama-F32", folder).file())) {
            answers(llm, prompts(300), GREEDY);
            assertThat(llm.stats().acceptedTokens()).isPositive();
        }
    }

    @Test
    void aDraftModelDoesNotChangeAnswers() {
        Path file = GoldenModel.open("llama-F32", folder).file();
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            prompts.add(new Random(i).ints(3 + 7 * i, 3, 300).toArray());
        }
        for (String name : List.of("llama-F32", "llama-Q4_0")) {
            LlmOptions drafted = LlmOptions.defaults().draft(GoldenModel.open(name, folder).file());
            for (Generation options :
                    List.of(GREEDY, GREEDY.temperature(1).topK(0).topP(1).minP(0).seed(4))) {
                try (Llm plain = Llm.load(file);
                        Llm llm = Llm.load(file, drafted.kvPositions(2048).maxSequences(4))) {
                    List<List<Token>> expected =
                            answers(plain, prompts, options.speculate(false).maxTokens(150));
                    for (int i = 0; i < prompts.size(); i++) {
                        List<int[]> one = prompts.subList(i, i + 1);
                        assertThat(answers(llm, one, options.maxTokens(150)).getFirst())
                                .as("prompt %d, draft %s, %s", i, name, options)
                                .isEqualTo(expected.get(i));
                    }
                    assertThat(answers(llm, prompts, options.maxTokens(150))).isEqualTo(expected);
                    EngineStats stats = llm.stats();
                    assertThat(stats.draftTokens()).isPositive();
                    assertThat(stats.acceptedTokens()).isPositive();
                    if (name.equals("llama-F32")) {
                        // It guesses what it would choose itself.
                        assertThat(stats.acceptedTokens()).isGreaterThan(stats.draftTokens() / 2);
                    }
                }
            }
        }
    }

    @Test
    void aDraftModelOfAnotherFamilyIsRefused() {
        Path file = GoldenModel.open("llama-F32", folder).file();
        for (String name : List.of("gemma3-F32", "bert-F32")) {
            Path other = GoldenModel.open(name, folder).file();
            assertThatThrownBy(() -> Llm.load(file, LlmOptions.defaults().draft(other)))
                    .isInstanceOf(LlmException.class)
                    .hasMessageContaining("draft model " + other)
                    .hasMessageContaining("vocabulary");
        }
        Path missing = folder.resolve("missing.gguf");
        assertThatThrownBy(() -> Llm.load(file, LlmOptions.defaults().draft(missing)))
                .hasMessageContaining("there is no draft model");
    }

    @Tag("slow")
    @Test
    void smolLm2AnswersTheSameWithGuesses() {
        List<int[]> prompts = new ArrayList<>();
        try (Llm llm = Llm.load(Downloads.smollm2())) {
            for (String task :
                    List.of(
                            "Repeat this text word for word: The quick brown fox jumps over the lazy dog, and the lazy dog sleeps on.",
                            "Count from 1 to 40.",
                            "Why is the sky blue?",
                            "Write a Java class with getters for name, age and address.")) {
                prompts.add(
                        llm.tokenizer().encode(llm.prompt(List.of(Message.user(task)), Map.of())));
            }
            Generation options = GREEDY.maxTokens(96);
            List<List<Token>> plain = answers(llm, prompts, options.speculate(false));
            for (int i = 0; i < prompts.size(); i++) {
                assertThat(answers(llm, prompts.subList(i, i + 1), options).getFirst())
                        .isEqualTo(plain.get(i));
            }
            assertThat(llm.stats().acceptedTokens()).isPositive();
        }
    }
}
