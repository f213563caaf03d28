package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncodedStringsTest {
    /// Strings with other bytes between them, as in a file.
    private record Spread(byte[] bytes, int[] starts, int[] ends) implements EncodedStrings {
        static Spread of(List<byte[]> strings) {
            StringBuilder all = new StringBuilder();
            int[] starts = new int[strings.size()];
            int[] ends = new int[strings.size()];
            for (int i = 0; i < starts.length; i++) {
                starts[i] = all.append("########").length();
                ends[i] =
                        all.append(new String(strings.get(i), StandardCharsets.ISO_8859_1))
                                .length();
            }
            byte[] bytes = all.toString().getBytes(StandardCharsets.ISO_8859_1);
            return new Spread(bytes, starts, ends);
        }

        @Override
        public int size() {
            return starts.length;
        }

        @Override
        public int start(int index) {
            return starts[index];
        }

        @Override
        public int end(int index) {
            return ends[index];
        }
    }

    private static EncodedStrings spread(List<String> strings) {
        return Spread.of(
                strings.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList());
    }

    private static List<String> tokens() {
        List<String> tokens = new ArrayList<>();
        int beyond = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean visible = (b > ' ' && b < 0x7F) || (b > 0xA0 && b != 0xAD);
            tokens.add(Character.toString(visible ? b : beyond++));
        }
        tokens.addAll(List.of("he", "Ġhe", "Ã¤", "Ġw", "<|日|>"));
        return tokens;
    }

    private static Tokenizer tokenizer(Object tokens, Object merges) {
        Map<String, Object> values = new HashMap<>();
        values.put("tokenizer.ggml.model", "gpt2");
        values.put("tokenizer.ggml.tokens", tokens);
        values.put("tokenizer.ggml.merges", merges);
        return Tokenizer.ofGguf(values);
    }

    @Test
    void aVocabularyIsTheSameFromBytesAndFromStrings() {
        List<String> merges = List.of("h e", "Ġ he", "Ã ¤", "Ġ w", "日 本", "x y");
        Tokenizer strings = tokenizer(tokens(), merges);
        Tokenizer bytes = tokenizer(spread(tokens()), spread(merges));
        String text = "he hew wä ähe <|日|>\u0000\u00adé";
        assertThat(bytes.encode(text)).isEqualTo(strings.encode(text)).contains(256, 257, 258);
        for (int id = 0; id < tokens().size(); id++) {
            assertThat(bytes.token(id)).isEqualTo(strings.token(id)).isEqualTo(tokens().get(id));
        }
    }

    @Test
    void bytesThatAreNotUtf8CountAsReplacementCharacters() {
        List<byte[]> tokens =
                new ArrayList<>(
                        tokens().stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toList());
        // Cut off, overlong and stray bytes.
        tokens.add(new byte[] {'a', (byte) 0xC4});
        tokens.add(new byte[] {(byte) 0xC1, (byte) 0xA1});
        tokens.add(new byte[] {(byte) 0x80});
        Tokenizer bytes = tokenizer(Spread.of(tokens), List.of());
        assertThat(bytes.token(261)).isEqualTo("a\ufffd");
        assertThat(bytes.token(262)).isEqualTo("\ufffd\ufffd");
        assertThat(bytes.token(263)).isEqualTo("\ufffd");
    }

    @Test
    void aMergeWithoutASpaceIsNamed() {
        assertThatThrownBy(() -> tokenizer(tokens(), spread(List.of("h e", "xy"))))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("merge 1")
                .hasMessageContaining("'xy'");
        assertThatThrownBy(() -> tokenizer(tokens(), spread(List.of("", " x"))))
                .hasMessageContaining("merge 0");
    }
}
