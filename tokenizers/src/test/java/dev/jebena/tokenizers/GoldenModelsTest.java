package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The toy vocabularies of the golden models give llama.cpp's ids.
class GoldenModelsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama-F32",
                "llama-yarn-F32",
                "llama-linear-F32",
                "llama-q-F32",
                "llama3-F32",
                "mixtral-F32",
                "qwen2-F32",
                "qwen2moe-F32",
                "qwen3-F32",
                "gemma3-F32",
                "phi3-F32",
                "phi3-longrope-F32",
                "gpt2-F32",
                "gptneox-F32",
                "starcoder2-F32",
                "falcon-F32",
                "mamba-F32",
                "bert-F32",
                "nomic-bert-F32"
            })
    void givesTheIdsOfLlamaCpp(String name) {
        Tokenizer tokenizer = Golden.model(name);
        Map<String, @Nullable Object> golden = Json.object(Golden.json("models/" + name + ".json"));
        assertThat((long) tokenizer.vocabularySize()).isEqualTo(golden.get("n_vocab"));
        for (Object element : Json.array(golden.get("tokenize"))) {
            Map<String, @Nullable Object> entry = Json.object(element);
            String text = String.valueOf(entry.get("text"));
            boolean addSpecial = Boolean.TRUE.equals(entry.get("add_special"));
            boolean parseSpecial = Boolean.TRUE.equals(entry.get("parse_special"));
            assertThat(tokenizer.encode(text, addSpecial, parseSpecial))
                    .as("%s, special %s/%s: %s", name, addSpecial, parseSpecial, Json.write(text))
                    .isEqualTo(Golden.ids(entry.get("tokens")));
        }
    }
}
