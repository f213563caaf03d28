package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `tokenizer.model` files give the ids and texts of SentencePiece. `sentencepiece.py` trained the
/// small models and asked SentencePiece (and llama.cpp, for Unigram in GGUF).
class SentencePieceTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000);

    @TempDir Path folder;

    static byte[] model(String name) {
        String file = name + ".model";
        try (InputStream in = SentencePieceTest.class.getResourceAsStream(file)) {
            return Objects.requireNonNull(in, file).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("tokenizer.model"), bytes);
    }

    static List<Map<String, @Nullable Object>> golden(String name) {
        return Json.array(Json.object(PreTokenizersTest.resource("sentencepiece.json")).get(name))
                .stream()
                .map(Json::object)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unigram", "unigram_unk", "unigram_raw", "bpe", "bpe_suffix"})
    void givesTheIdsOfSentencePiece(String name) throws IOException {
        Tokenizer tokenizer = Tokenizer.ofSentencePiece(file(model(name)));
        List<String> wrong = new ArrayList<>();
        for (Map<String, @Nullable Object> entry : golden(name)) {
            String text = String.valueOf(entry.get("text"));
            int[] expected = Golden.ids(entry.get("ids"));
            int[] ids = tokenizer.encode(text, false, false);
            String decoded = tokenizer.decode(expected, false);
            if (!Arrays.equals(ids, expected) || !decoded.equals(entry.get("decoded"))) {
                wrong.add(
                        Json.write(text)
                                + "\n  is       "
                                + Arrays.toString(ids)
                                + " "
                                + Json.write(decoded)
                                + "\n  expected "
                                + Arrays.toString(expected)
                                + " "
                                + Json.write(entry.get("decoded")));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unigram", "unigram_unk", "unigram_raw"})
    void theSameVocabularyInGgufGivesTheIdsOfLlamaCpp(String name) {
        Tokenizer tokenizer = Tokenizer.ofGguf(ModelFields.gguf(model(name)));
        for (Map<String, @Nullable Object> entry : golden(name)) {
            String text = String.valueOf(entry.get("text"));
            assertThat(tokenizer.encode(text))
                    .as(Json.write(text))
                    .isEqualTo(Golden.ids(entry.get("llama")));
        }
    }

    @Test
    void controlTokensAreFoundOnlyWhenAskedFor() throws IOException {
        Tokenizer tokenizer = Tokenizer.ofSentencePiece(file(model("bpe")));
        int control = tokenizer.id("<ctl>").orElseThrow();
        assertThat(tokenizer.encode("a<ctl>b", true, true)).contains(control).startsWith(1);
        assertThat(tokenizer.encode("a<ctl>b", true, false)).doesNotContain(control);
        assertThat(tokenizer.isSpecial(control)).isTrue();
        assertThat(tokenizer.addsBos()).isTrue();
        assertThat(tokenizer.eos()).hasValue(2);
    }

    @Test
    void configurationBesideTheFileSaysWhatIsAdded() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"add_bos_token\": false, \"add_eos_token\": true}");
        Tokenizer tokenizer = Tokenizer.ofSentencePiece(file(model("bpe")));
        assertThat(tokenizer.addsBos()).isFalse();
        assertThat(tokenizer.encode("a")).endsWith(2);
    }

    @Test
    void whatIsNoModelIsRefused() throws IOException {
        assertThatThrownBy(() -> Tokenizer.ofSentencePiece(file(new byte[0])))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("has no pieces");
        assertThatThrownBy(() ->
                        Tokenizer.ofSentencePiece(file("{}".getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("not a SentencePiece model");
    }

    @Test
    void mutatedModels() throws IOException {
        List<byte[]> models = List.of(model("unigram"), model("bpe"), model("bpe_suffix"));
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] bytes = models.get(seed % models.size()).clone();
            for (int edits = 1 + random.nextInt(8); edits > 0; edits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            if (random.nextInt(8) == 0) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
            Path file = file(bytes);
            try {
                Tokenizer tokenizer = Tokenizer.ofSentencePiece(file);
                String text = RandomText.next(random);
                tokenizer.decode(tokenizer.encode(text), true);
                tokenizer.encode(text, EncodeOptions.defaults());
            } catch (TokenizerException e) {
                // This is what a damaged file should give.
            } catch (RuntimeException | Error e) {
                Assertions.fail("seed " + seed, e);
            }
        }
    }
}
