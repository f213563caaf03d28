package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.compute.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SessionTest {
    private static final Generation OPTIONS =
            Generation.defaults().ignoreEos(true).seed(4).maxTokens(30);
    private static final int[] PROMPT = new Random(3).ints(120, 3, 320).toArray();

    @TempDir static Path folder;

    private static Llm load(String name, LlmOptions options) {
        return Llm.load(GoldenModel.open(name, folder).file(), options);
    }

    private static List<Integer> ids(Answer answer) {
        List<Integer> ids = new ArrayList<>();
        answer.forEachRemaining(token -> ids.add(token.id()));
        return ids;
    }

    private static int[] after(int[] prompt, List<Integer> answer) {
        int[] all = Arrays.copyOf(prompt, prompt.length + answer.size());
        for (int i = 0; i < answer.size(); i++) {
            all[prompt.length + i] = answer.get(i);
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"F16", "Q8_0"})
    void anAnswerGoesOnAsIfNothingHadHappened(DataType kvType) {
        LlmOptions options = LlmOptions.defaults().kvType(kvType);
        Path file = folder.resolve("session-" + kvType);
        List<Integer> expected;
        int[] tokens;
        try (Llm llm = load("llama-F32", options)) {
            tokens = after(PROMPT, ids(llm.generate(PROMPT, OPTIONS)));
            assertThat(llm.saveSession(new Session(tokens, "a ☕ note"), file)).isEqualTo(149);
            expected = ids(llm.generate(after(tokens, List.of(7, 8)), OPTIONS));
        }
        try (Llm llm = load("llama-F32", options)) {
            Session session = llm.restoreSession(file);
            assertThat(session.tokens()).isEqualTo(tokens);
            assertThat(session.note()).isEqualTo("a ☕ note");
            Answer answer = llm.generate(after(session.tokens(), List.of(7, 8)), OPTIONS);
            assertThat(ids(answer)).isEqualTo(expected);
            assertThat(answer.usage().cachedTokens()).isEqualTo(149);
        }
    }

    @Test
    void aSessionOfAnotherModelIsRefused() {
        Path file = folder.resolve("other");
        try (Llm llm = load("llama-F32", LlmOptions.defaults())) {
            llm.generate(PROMPT, OPTIONS).text();
            llm.saveSession(new Session(PROMPT, ""), file);
        }
        try (Llm llm = load("llama-Q8_0", LlmOptions.defaults())) {
            assertThatThrownBy(() -> llm.restoreSession(file))
                    .hasMessageContaining("it belongs to another model");
        }
        try (Llm llm = load("llama-F32", LlmOptions.defaults().kvType(DataType.F32))) {
            assertThatThrownBy(() -> llm.restoreSession(file))
                    .hasMessageContaining("its key/value cache is \"F16");
        }
        try (Llm llm = load("llama-F32", LlmOptions.defaults().contextLength(64))) {
            assertThatThrownBy(() -> llm.restoreSession(file))
                    .hasMessageContaining("of 120 tokens; expected up to 64");
            assertThatThrownBy(() -> llm.restoreSession(folder.resolve("none")))
                    .hasMessageContaining("cannot be read");
        }
    }

    @Test
    void aDamagedSessionIsRefusedAndLeavesNothing() throws IOException {
        Path file = folder.resolve("damaged");
        int cases = Integer.getInteger("jebena.fuzz.cases", 2000) / 20;
        try (Llm llm = load("llama-F32", LlmOptions.defaults())) {
            llm.generate(PROMPT, OPTIONS).text();
            llm.saveSession(new Session(PROMPT, "note"), file);
        }
        byte[] good = Files.readAllBytes(file);
        try (Llm llm = load("llama-F32", LlmOptions.defaults().threads(1))) {
            for (int seed = 0; seed < cases; seed++) {
                Random random = new Random(seed);
                boolean header = random.nextBoolean();
                byte[] bad =
                        Arrays.copyOf(
                                good,
                                random.nextInt(3) > 0 ? good.length : random.nextInt(good.length));
                if (bad.length > 0) {
                    bad[random.nextInt(header ? Math.min(700, bad.length) : bad.length)] ^=
                            (byte) (1 + random.nextInt(255));
                }
                Files.write(file, bad);
                assertThatThrownBy(() -> llm.restoreSession(file))
                        .as("seed %d", seed)
                        .isInstanceOf(LlmException.class);
            }
            assertThat(llm.stats().kvPagesUsed()).isZero();
            Answer answer = llm.generate(PROMPT, OPTIONS.maxTokens(1));
            answer.text();
            assertThat(answer.usage().cachedTokens()).isZero();
        }
    }
}
