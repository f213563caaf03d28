package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.compute.DataType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GgufTest {
    @TempDir private Path folder;

    @Test
    void aModelOfLlamaCppIsRead() throws IOException {
        try (Gguf file = Gguf.open(GoldenModels.unzip("llama-Q4_0", folder))) {
            assertThat(file.metadata())
                    .containsEntry("general.architecture", "llama")
                    .containsEntry("llama.attention.head_count", 4L);
            assertThat((List<?>) file.metadata().get("tokenizer.ggml.tokens")).hasSize(320);
            assertThat(file.metadata().get("tokenizer.ggml.token_type")).isInstanceOf(int[].class);
            assertThat(file.metadata().get("tokenizer.ggml.scores")).isInstanceOf(float[].class);
            StoredTensor tensor = file.tensor("blk.0.attn_q.weight");
            assertThat(tensor.type()).isEqualTo(DataType.Q4_0);
            assertThat(tensor.shape()).isEqualTo(List.of(128L, 128L));
            assertThat(tensor.matrix().rows()).isEqualTo(128);
        }
    }

    @Test
    void aMissingTensorIsAnsweredWithSimilarNames() throws IOException {
        try (Gguf file = Gguf.open(GoldenModels.unzip("llama-Q4_0", folder))) {
            assertThatThrownBy(() -> file.tensor("blk.0.attn_q.weigth"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("\"blk.0.attn_q.weight\"");
        }
    }
}
