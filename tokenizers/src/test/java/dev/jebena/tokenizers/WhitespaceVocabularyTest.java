package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Vocabularies of the kind "whitespace" (Jina's embeddings for Chinese): the ids are llama.cpp's.
class WhitespaceVocabularyTest {
    private static final List<String> MERGES =
            List.of("你 好", "世 界", "a b", "ab c", "你好 世界", "d e", "1 ,", "A B");

    private static Tokenizer tokenizer(boolean lowercase) {
        List<String> tokens = new ArrayList<>(List.of("<s>", "<pad>", "</s>", "<unk>"));
        "abcdefgh你好世界中文àÀAB,.1".codePoints().mapToObj(Character::toString).forEach(tokens::add);
        MERGES.forEach(merge -> tokens.add(merge.replace(" ", "")));
        int[] types = new int[tokens.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = i < 3 ? 3 : i == 3 ? 2 : 1;
        }
        Map<String, Object> values = new HashMap<>();
        values.put("tokenizer.ggml.model", "whitespace");
        values.put("tokenizer.ggml.pre", "whitespace");
        values.put("tokenizer.ggml.tokens", tokens);
        values.put("tokenizer.ggml.token_type", types);
        values.put("tokenizer.ggml.merges", MERGES);
        values.put("tokenizer.ggml.bos_token_id", 0L);
        values.put("tokenizer.ggml.eos_token_id", 2L);
        if (lowercase) {
            values.put("tokenizer.ggml.normalizer.lowercase", true);
        }
        return Tokenizer.ofGguf(values);
    }

    @Test
    void wordsAreThoseOfLlamaCpp() {
        Tokenizer tokenizer = tokenizer(false);
        assertThat(tokenizer.encode("abc de", false, false)).containsExactly(28, 30);
        assertThat(tokenizer.encode("你好世界 中文", false, false)).containsExactly(29, 16, 17);
        assertThat(tokenizer.encode("  a\n\tb\u3000你 好 ", false, false))
                .containsExactly(4, 5, 12, 13);
        assertThat(tokenizer.encode("ABab,1, Àà x", false, false))
                .containsExactly(32, 27, 22, 31, 19, 18);
        assertThat(tokenizer.encode("f😀g", false, false)).containsExactly(9, 10);
    }

    @Test
    void caseGoesWhereTheFileSaysSo() {
        Tokenizer tokenizer = tokenizer(true);
        assertThat(tokenizer.encode("ABab,1, Àà x", false, false))
                .containsExactly(27, 27, 22, 31, 18, 18);
        assertThat(tokenizer.encode("你好,世界abcAB", false, false))
                .containsExactly(25, 22, 26, 28, 27);
    }
}
