package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextRoundTripTest {
    @ParameterizedTest
    @ValueSource(strings = {"llama3-F32", "qwen2-F32", "gpt2-F32", "starcoder2-F32", "falcon-F32"})
    void byteLevelVocabulariesGiveAnyTextBack(String model) {
        Tokenizer tokenizer = Golden.model(model);
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            String text = RandomText.next(random);
            int[] ids = tokenizer.encode(text, false, i % 2 == 0);
            assertThat(tokenizer.decode(ids, true)).as("case %d", i).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama3-F32", "llama-F32", "gemma3-F32", "phi3-F32", "bert-F32"})
    void piecesJoinedAreTheDecodedText(String model) {
        Tokenizer tokenizer = Golden.model(model);
        Random random = new Random(8);
        for (int i = 0; i < 2_000; i++) {
            // Ids at random, so that characters are broken off everywhere.
            int[] ids = random.ints(random.nextInt(30), 0, tokenizer.vocabularySize()).toArray();
            for (boolean special : new boolean[] {false, true}) {
                Detokenizer detokenizer = tokenizer.newDetokenizer(special);
                StringBuilder joined = new StringBuilder();
                IntStream.of(ids).forEach(id -> joined.append(detokenizer.add(id)));
                joined.append(detokenizer.flush());
                assertThat(joined).hasToString(tokenizer.decode(ids, special));
            }
        }
    }

    @Test
    void brokenCharactersAreHeldBackUntilTheyAreWhole() {
        Tokenizer tokenizer = Golden.model("llama3-F32");
        int[] ids = tokenizer.encode("é😀", false, false);
        assertThat(ids).hasSize(6);
        Detokenizer detokenizer = tokenizer.newDetokenizer(false);
        List<String> parts = IntStream.of(ids).mapToObj(detokenizer::add).toList();
        assertThat(parts).containsExactly("", "é", "", "", "", "😀");
        detokenizer.add(ids[2]);
        assertThat(detokenizer.flush()).isEqualTo("\uFFFD");
        assertThat(detokenizer.flush()).isEmpty();
    }

    @Test
    void onlyTheBeginningOfATextLosesItsSpace() {
        Tokenizer tokenizer = Golden.model("llama-F32");
        int[] ids = tokenizer.encode("the", false, false);
        assertThat(tokenizer.decode(ids, false)).isEqualTo("the");
        assertThat(tokenizer.newDetokenizer(false, false).add(ids[0])).startsWith(" ");
        assertThat(tokenizer.decode(tokenizer.encode("the"), false)).isEqualTo("the");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama3-F32", "llama-F32", "gemma3-F32", "bert-F32"})
    void aVeryLongWordTakesNoLongerThanItsLength(String model) {
        Tokenizer tokenizer = Golden.model(model);
        for (String word : List.of("a", "th", "the", "=", "é", " ", "<|", "\n")) {
            String text = word.repeat((1 << 20) / word.length());
            // Far above what a loaded machine needs, far below what quadratic work would.
            int[] ids =
                    Assertions.assertTimeout(
                            Duration.ofSeconds(20), () -> tokenizer.encode(text, false, true));
            assertThat(ids.length).isLessThanOrEqualTo(text.length() * 2 + 4);
        }
    }

    @Test
    void halfOfASurrogatePairIsAReplacementCharacter() {
        Tokenizer tokenizer = Golden.model("llama3-F32");
        assertThat(tokenizer.decode(tokenizer.encode("a\uD83Db", false, false), false))
                .isEqualTo("a\uFFFDb");
    }

    @Test
    void manyThreadsShareATokenizer() {
        Tokenizer tokenizer = Golden.model("llama3-F32");
        Random random = new Random(9);
        List<String> texts = random.ints(500).mapToObj(i -> RandomText.next(random)).toList();
        Tokenizer alone = Golden.model("llama3-F32");
        List<int[]> expected = texts.stream().map(t -> alone.encode(t, false, false)).toList();
        List<int[]> ids =
                IntStream.range(0, 20 * texts.size())
                        .parallel()
                        .mapToObj(i -> tokenizer.encode(texts.get(i % texts.size()), false, false))
                        .toList();
        for (int i = 0; i < ids.size(); i++) {
            assertThat(ids.get(i)).isEqualTo(expected.get(i % texts.size()));
        }
    }

    @Test
    void specialTokensHaveTheirRoles() {
        Tokenizer tokenizer = Golden.model("llama3-F32");
        int end = tokenizer.id("<|im_end|>").orElseThrow();
        assertThat(tokenizer.endsGeneration(end)).isTrue();
        assertThat(tokenizer.isSpecial(end)).isTrue();
        assertThat(tokenizer.addsBos()).isTrue();
        assertThat(tokenizer.bos()).hasValue(1);
        assertThat(tokenizer.token(end)).isEqualTo("<|im_end|>");
        assertThat(tokenizer.bytes(end, false)).isEmpty();
        assertThat(tokenizer.bytes(end, true)).asString().isEqualTo("<|im_end|>");
        assertThatThrownBy(() -> tokenizer.token(99_999))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("99999");
        assertThat(Golden.model("gemma3-F32").eos()).hasValue(1);
    }

    @Test
    void configurationBesideTheFileNamesBosAndEos(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, SmallVocabularies.json("digits"));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"bos_token\": {\"content\": \"the\"}, \"eos_token\": \"<|im_end|>\"}");
        Tokenizer tokenizer = Tokenizer.ofJson(file);
        assertThat(tokenizer.bos()).isEqualTo(tokenizer.id("the"));
        assertThat(tokenizer.endsGeneration(tokenizer.eos().orElseThrow())).isTrue();
    }
}
