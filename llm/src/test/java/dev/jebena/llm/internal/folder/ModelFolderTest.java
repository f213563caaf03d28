package dev.jebena.llm.internal.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.compute.DataType;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.StoredTensor;
import dev.jebena.json.Json;
import dev.jebena.llm.GoldenModel;
import dev.jebena.llm.LlmException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFolderTest {
    @TempDir private Path folder;

    /// A GGUF model is written as its family's folders are, in its own tensor names and layouts,
    /// and read back.
    @ParameterizedTest
    @CsvSource({
        "llama, llama-F32",
        "mistral, llama-F32",
        "qwen2, qwen2-F32",
        "qwen3, qwen3-F32",
        "gemma3_text, gemma3-F32",
        "phi3, phi3-F32",
        "starcoder2, starcoder2-F32",
        "gpt2, gpt2-F32",
        "gpt_neox, gptneox-F32",
        "falcon, falcon-F32",
        "bert, bert-F32"
    })
    void aFolderHasTheTensorsAndNumbersOfTheGgufFile(String type, String golden)
            throws IOException {
        FolderFamily family = Objects.requireNonNull(FolderFamily.ofType(type));
        try (Gguf gguf = Gguf.open(GoldenModel.open(golden, folder).file())) {
            String prefix = family.architecture() + ".";
            Map<String, Object> config = new LinkedHashMap<>();
            config.put("model_type", type);
            family.keys()
                    .forEach((key, name) -> {
                        Object value = gguf.metadata().get(prefix + name);
                        if (value != null) {
                            config.put(key, value);
                        }
                    });
            Files.writeString(folder.resolve("config.json"), Json.write(config));
            Layouts layouts = new Layouts(gguf, prefix);
            StoredTensors written = new StoredTensors();
            for (StoredTensor tensor : gguf.tensors().values()) {
                String name = family.folderName(tensor.name());
                if (name != null) {
                    written.add(name, layouts.original(type, tensor));
                }
            }
            written.write(folder.resolve("model.safetensors"));
            try (ModelFolder model = ModelFolder.open(folder)) {
                compare(model, gguf, prefix);
            }
        }
    }

    private static void compare(ModelFolder model, Gguf gguf, String prefix) {
        gguf.tensors()
                .forEach((name, tensor) -> {
                    if (name.startsWith("rope_")) {
                        return;
                    }
                    StoredTensor own = model.tensor(name);
                    assertThat(own.shape()).as(name).isEqualTo(tensor.shape());
                    assertThat(own.data().mismatch(tensor.data())).as(name).isEqualTo(-1);
                });
        for (String key :
                List.of(
                        "embedding_length",
                        "block_count",
                        "attention.head_count",
                        "feed_forward_length",
                        "context_length")) {
            assertThat(model.metadata())
                    .containsEntry(prefix + key, gguf.metadata().get(prefix + key));
        }
    }

    private Path small(String config, StoredTensors tensors) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        tensors.write(folder.resolve("model.safetensors"));
        return folder;
    }

    @Test
    void eightBitFloatsAreMultipliedWithTheirFactors() throws IOException {
        StoredTensors tensors = new StoredTensors();
        byte[] bytes = {0x38, 0x40, (byte) 0xB8, 0x7E};
        tensors.add("model.norm.weight", "F8_E4M3", List.of(2L, 2L), MemorySegment.ofArray(bytes));
        MemorySegment factor = MemorySegment.ofArray(new byte[4]);
        DataType.F32.encode(new float[] {0.5f}, 0, factor, 0, 1);
        tensors.add("model.norm.weight_scale", "F32", List.of(1L), factor);
        try (ModelFolder model = ModelFolder.open(small("{\"model_type\":\"llama\"}", tensors))) {
            StoredTensor norm = model.tensor("output_norm.weight");
            float[] values = new float[4];
            norm.type().decode(norm.data(), 0, 4, values, 0);
            assertThat(values).containsExactly(0.5f, 1, -0.5f, 224);
        }
    }

    @Test
    void llama3FactorsAreThoseOfItsGgufFiles() throws IOException {
        String config =
                """
                {"model_type":"llama","hidden_size":2048,"num_attention_heads":32,"rope_theta":500000.0,
                "rope_scaling":{"factor":32.0,"high_freq_factor":4.0,"low_freq_factor":1.0,
                "original_max_position_embeddings":8192,"rope_type":"llama3"}}\
                """;
        try (ModelFolder model = ModelFolder.open(small(config, new StoredTensors()))) {
            StoredTensor tensor = model.tensor("rope_freqs.weight");
            assertThat(tensor.shape()).containsExactly(32L);
            float[] factors = new float[32];
            tensor.type().decode(tensor.data(), 0, 32, factors, 0);
            assertThat(factors[0]).isEqualTo(1);
            assertThat(factors[31]).isEqualTo(32);
            assertThat(factors[16]).isBetween(1.5f, 6f);
        }
    }

    @Test
    void rowsBehindTheVocabularyAreLeftOut() throws IOException {
        StoredTensors tensors = new StoredTensors();
        tensors.add(
                "model.embed_tokens.weight",
                "F32",
                List.of(5L, 4L),
                MemorySegment.ofArray(new byte[80]));
        try (ModelFolder model = ModelFolder.open(small("{\"model_type\":\"qwen2\"}", tensors))) {
            model.fitVocabulary(3);
            assertThat(model.tensor("token_embd.weight").shape()).containsExactly(3L, 4L);
            assertThat(model.tensor("token_embd.weight").data().byteSize()).isEqualTo(48);
        }
    }

    @Test
    void theTemplateIsTheFoldersDefault() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"chat_template\":[{\"name\":\"tool_use\",\"template\":\"t\"},{\"name\":\"default\",\"template\":\"d\"}]}");
        Path path = small("{\"model_type\":\"qwen2\"}", new StoredTensors());
        try (ModelFolder model = ModelFolder.open(path)) {
            assertThat(model.metadata()).containsEntry("tokenizer.chat_template", "d");
        }
        Files.writeString(folder.resolve("chat_template.jinja"), "j");
        try (ModelFolder model = ModelFolder.open(path)) {
            assertThat(model.metadata()).containsEntry("tokenizer.chat_template", "j");
        }
    }

    @Test
    void kindsThatAreNotKnownAreNamedWithThoseThatAre() throws IOException {
        Path path = small("{\"model_type\":\"rwkv\"}", new StoredTensors());
        assertThatThrownBy(() -> ModelFolder.open(path))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("rwkv")
                .hasMessageContaining("qwen3");
        Path scaled =
                small(
                        "{\"model_type\":\"llama\",\"rope_scaling\":{\"type\":\"odd\"}}",
                        new StoredTensors());
        assertThatThrownBy(() -> ModelFolder.open(scaled))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("\"odd\" is not known");
        Path part =
                small(
                        "{\"model_type\":\"llama\",\"partial_rotary_factor\":1e9}",
                        new StoredTensors());
        assertThatThrownBy(() -> ModelFolder.open(part))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("1.0E9");
        Path heads =
                small(
                        "{\"model_type\":\"llama\",\"num_attention_heads\":3,\"num_key_value_heads\":2}",
                        new StoredTensors());
        assertThatThrownBy(() -> ModelFolder.open(heads))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("3 heads");
    }
}
