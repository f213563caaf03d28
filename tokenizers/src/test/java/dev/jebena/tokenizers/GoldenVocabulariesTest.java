package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.downloads.Downloads;
import dev.jebena.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Published vocabularies give the ids and texts of llama.cpp and of Hugging Face tokenizers.
@Tag("slow")
class GoldenVocabulariesTest {
    @Test
    void smollm2IsAsInLlamaCpp() {
        Tokenizer tokenizer = Golden.gguf(Downloads.smollm2());
        compare(tokenizer, "smollm2-135m-instruct-q4_1");
        compareReal(tokenizer, "smollm2-135m-instruct-q4_1");
    }

    @Test
    void gemma3IsAsInLlamaCpp() {
        Tokenizer tokenizer = Golden.gguf(Downloads.gemma3());
        compare(tokenizer, "gemma-3-270m-q4_k_m");
        compareReal(tokenizer, "gemma-3-270m-q4_k_m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude", "gemma3", "gpt4o", "llama2", "llama3", "qwen3"})
    void tokenizerJsonIsAsInHuggingFaceTokenizers(String name) {
        compare(Tokenizer.ofJson(Downloads.tokenizerJson(name)), name);
    }

    private static void compare(Tokenizer tokenizer, String name) {
        Map<String, @Nullable Object> golden =
                Json.object(Golden.json("tokenizers/" + name + ".json.gz"));
        List<@Nullable Object> strings = Json.array(golden.get("strings"));
        List<@Nullable Object> decoded = Json.array(golden.get("decoded_add0_parse1"));
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < strings.size(); i++) {
            String text = String.valueOf(strings.get(i));
            for (String mode : List.of("add1_parse1", "add0_parse1", "add0_parse0")) {
                int[] expected = Golden.ids(Json.array(golden.get("ids_" + mode)).get(i));
                int[] ids = tokenizer.encode(text, mode.contains("add1"), mode.contains("parse1"));
                if (!Arrays.equals(ids, expected)) {
                    wrong.add(
                            mode
                                    + " "
                                    + Json.write(text)
                                    + "\n  is       "
                                    + Arrays.toString(ids)
                                    + "\n  expected "
                                    + Arrays.toString(expected));
                }
            }
            int[] ids = tokenizer.encode(text, false, true);
            String expected = decoded.get(i) == null ? text : String.valueOf(decoded.get(i));
            compareText(tokenizer, ids, expected, wrong);
        }
        assertThat(wrong).as("%s", name).isEmpty();
    }

    private static void compareReal(Tokenizer tokenizer, String name) {
        List<String> wrong = new ArrayList<>();
        for (Object element : Json.array(Golden.json("real/" + name + ".json"))) {
            Map<String, @Nullable Object> entry = Json.object(element);
            String prompt = String.valueOf(entry.get("prompt"));
            int[] plain = Golden.ids(entry.get("tokens_plain"));
            assertThat(tokenizer.encode(prompt)).isEqualTo(Golden.ids(entry.get("tokens")));
            assertThat(tokenizer.encode(prompt, false, false)).isEqualTo(plain);
            String text = String.valueOf(entry.get("detokenized_plain"));
            compareText(tokenizer, plain, text, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    private static void compareText(
            Tokenizer tokenizer, int[] ids, String expected, List<String> wrong) {
        String text = tokenizer.decode(ids, true);
        if (!text.equals(expected)) {
            wrong.add("decoded " + Json.write(text) + "\n  expected " + Json.write(expected));
        }
        Detokenizer detokenizer = tokenizer.newDetokenizer(true);
        StringBuilder joined = new StringBuilder();
        for (int id : ids) {
            String part = detokenizer.add(id);
            assertThat(part.isEmpty() || !Character.isHighSurrogate(part.charAt(part.length() - 1)))
                    .isTrue();
            joined.append(part);
        }
        assertThat(joined.append(detokenizer.flush())).hasToString(text);
    }
}
