package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyFilesTest {
    @TempDir private Path folder;

    private void write(Map<String, Object> files) throws IOException {
        for (Map.Entry<String, Object> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), Json.write(file.getValue()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama-F32",
                "llama3-F32",
                "qwen2-F32",
                "gemma3-F32",
                "phi3-F32",
                "gpt2-F32",
                "gptneox-F32",
                "starcoder2-F32",
                "falcon-F32",
                "mamba-F32",
                "bert-F32"
            })
    void aVocabularyComesBackFromAFolder(String name) throws IOException {
        Map<String, Object> original = Golden.metadata(name);
        write(VocabularyFiles.toFolder(original));
        Tokenizer json = Tokenizer.ofJson(folder.resolve("tokenizer.json"));
        Map<String, Object> back = VocabularyFiles.toGguf(folder, 0, null);
        Tokenizer gguf = Tokenizer.ofGguf(back);
        Tokenizer source = Golden.model(name);
        assertThat(gguf.bos()).isEqualTo(source.bos());
        assertThat(gguf.eos()).isEqualTo(source.eos());
        assertThat(back.get("tokenizer.ggml.tokens"))
                .isEqualTo(original.get("tokenizer.ggml.tokens"));
        Map<String, @Nullable Object> golden = Json.object(Golden.json("models/" + name + ".json"));
        for (Object element : Json.array(golden.get("tokenize"))) {
            Map<String, @Nullable Object> entry = Json.object(element);
            String text = String.valueOf(entry.get("text"));
            boolean special = Boolean.TRUE.equals(entry.get("add_special"));
            if (Boolean.TRUE.equals(entry.get("parse_special"))) {
                int[] expected = Golden.ids(entry.get("tokens"));
                assertThat(gguf.encode(text, special, true)).as(text).isEqualTo(expected);
                assertThat(json.encode(text, special, true)).as(text).isEqualTo(expected);
            }
        }
    }

    /// Readers of GGUF files drop spacing marks, which must not keep such a vocabulary from a file.
    @Test
    void aWordPieceVocabularyWithSpacingMarksBecomesOne() throws IOException {
        List<String> tokens =
                List.of(
                        "[UNK]",
                        "[CLS]",
                        "[SEP]",
                        "ea",
                        "combining",
                        "naive",
                        "cafe",
                        "\u0915",
                        "##\u093E",
                        "##\u0928");
        Map<String, Object> ids = new LinkedHashMap<>();
        tokens.forEach(token -> ids.put(token, ids.size()));
        Files.writeString(
                folder.resolve("tokenizer.json"),
                Json.write(
                        Map.of(
                                "model",
                                Map.of("type", "WordPiece", "unk_token", "[UNK]", "vocab", ids),
                                "normalizer",
                                Map.of("type", "BertNormalizer", "lowercase", true),
                                "pre_tokenizer",
                                Map.of("type", "BertPreTokenizer"))));
        Tokenizer source = Tokenizer.ofFolder(folder);
        Tokenizer made = Tokenizer.ofGguf(VocabularyFiles.toGguf(folder, 0, null));
        assertThat(made.encode("na\u00EFve caf\u00E9 \u0915\u0928", false, false))
                .isEqualTo(source.encode("na\u00EFve caf\u00E9 \u0915\u0928", false, false));
    }
}
