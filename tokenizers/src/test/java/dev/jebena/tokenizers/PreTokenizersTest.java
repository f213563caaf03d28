package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The pieces of `tokenizer.ggml.pre` are those of llama.cpp. They show in a vocabulary of all
/// single bytes and all pairs of them, whose merges come in a mixed order: a cut between two bytes
/// that would have merged changes the tokens around it. `pretokenizers.json` holds the lengths of
/// llama.cpp's tokens; `pretokenizers.py` made it.
class PreTokenizersTest {
    private static final Map<String, @Nullable Object> GOLDEN =
            Json.object(resource("pretokenizers.json"));
    private static final EncodedStrings TOKENS = EncodedStrings.of(tokens());
    private static final EncodedStrings MERGES = EncodedStrings.of(merges());

    static @Nullable Object resource(String name) {
        try (InputStream in = PreTokenizersTest.class.getResourceAsStream(name)) {
            byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
            return Json.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String spelling(int b) {
        boolean visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b != 0xAD);
        int hidden = b <= ' ' ? b : b < 0xAD ? b - 0x7F + 0x21 : 0x43;
        return Character.toString(visible ? b : 0x100 + hidden);
    }

    private static List<String> tokens() {
        List<String> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(spelling(b));
        }
        for (int pair = 0; pair < 1 << 16; pair++) {
            tokens.add(spelling(pair >> 8) + spelling(pair & 0xFF));
        }
        return tokens;
    }

    private static List<String> merges() {
        List<String> merges = new ArrayList<>();
        for (int i = 0; i < 1 << 16; i++) {
            int pair = (i * 40503 + 12345) & 0xFFFF;
            merges.add(spelling(pair >> 8) + " " + spelling(pair & 0xFF));
        }
        return merges;
    }

    private static Tokenizer tokenizer(String pre) {
        Map<String, Object> values = new HashMap<>();
        values.put("tokenizer.ggml.model", "gpt2");
        values.put("tokenizer.ggml.pre", pre);
        values.put("tokenizer.ggml.tokens", TOKENS);
        values.put("tokenizer.ggml.merges", MERGES);
        values.put("tokenizer.ggml.bos_token_id", 1L);
        values.put("tokenizer.ggml.eos_token_id", 2L);
        return Tokenizer.ofGguf(values);
    }

    static List<Map<String, @Nullable Object>> families() {
        return Json.array(GOLDEN.get("families")).stream().map(Json::object).toList();
    }

    @ParameterizedTest
    @MethodSource("families")
    void piecesAreThoseOfLlamaCpp(Map<String, @Nullable Object> family) {
        List<@Nullable Object> texts = Json.array(GOLDEN.get("texts"));
        List<@Nullable Object> lengths = Json.array(family.get("lengths"));
        List<@Nullable Object> withBos = Json.array(GOLDEN.get("bos"));
        List<String> wrong = new ArrayList<>();
        for (Object name : Json.array(family.get("names"))) {
            Tokenizer tokenizer = tokenizer(String.valueOf(name));
            assertThat(tokenizer.addsBos()).as("%s", name).isEqualTo(withBos.contains(name));
            // Relatives share their code, so that the first one stands for all.
            for (int i = 0; i < texts.size() && wrong.isEmpty(); i++) {
                String text = String.valueOf(texts.get(i));
                StringBuilder found = new StringBuilder();
                for (int id : tokenizer.encode(text, false, false)) {
                    found.append(id < 256 ? 1 : 2);
                }
                if (!found.toString().equals(lengths.get(i))) {
                    wrong.add(
                            name
                                    + " "
                                    + Json.write(text)
                                    + "\n  is       "
                                    + found
                                    + "\n  expected "
                                    + lengths.get(i));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("families")
    void anyTextComesBack(Map<String, @Nullable Object> family) {
        Tokenizer tokenizer = tokenizer(String.valueOf(Json.array(family.get("names")).getFirst()));
        Random random = new Random(11);
        for (int i = 0; i < 200; i++) {
            String text = RandomText.next(random);
            int[] ids = tokenizer.encode(text, false, false);
            assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
        }
    }

    @Test
    void anUnknownNameIsRefused() {
        assertThatThrownBy(() -> tokenizer("next-year"))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer.ggml.pre")
                .hasMessageContaining("'next-year'")
                .hasMessageContaining("deepseek-v3");
    }
}
