package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.formats.Gguf;
import dev.jebena.formats.Quantizer;
import dev.jebena.formats.StoredTensor;
import dev.jebena.tokenizers.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConverterTest {
    @TempDir private Path temporary;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert-F32",
                "falcon-F32",
                "gemma3-F32",
                "gpt2-F32",
                "gptneox-F32",
                "llama-F32",
                "llama-BF16",
                "llama-F16",
                "llama-linear-F32",
                "llama-yarn-F32",
                "llama3-F32",
                "mamba-F32",
                "mixtral-F32",
                "nomic-bert-F32",
                "phi3-F32",
                "phi3-longrope-F32",
                "qwen2-F32",
                "qwen2moe-F32",
                "qwen3-F32",
                "starcoder2-F32"
            })
    void aModelComesBackFromAFolder(String name) {
        Path original = GoldenModel.open(name, temporary).file();
        Path folder = temporary.resolve("folder");
        Path back = temporary.resolve("back.gguf");
        ConversionOptions options = ConversionOptions.defaults().threads(1);
        List<String> files =
                ModelConverter.toFolder(original, folder, options, Quantizer.Progress.NONE);
        assertThat(files).contains("config.json", "tokenizer.json", "model.safetensors");
        ModelConverter.toGguf(folder, back, options, Quantizer.Progress.NONE);
        compare(original, back);
    }

    private static void compare(Path original, Path back) {
        try (Gguf first = Gguf.open(original);
                Gguf second = Gguf.open(back)) {
            assertThat(second.tensors().keySet())
                    .containsExactlyInAnyOrderElementsOf(first.tensors().keySet());
            first.tensors().forEach((name, tensor) -> sameBits(tensor, second.tensor(name)));
            first.metadata()
                    .forEach((key, value) -> {
                        boolean described =
                                key.contains("_token_id")
                                        || key.contains("attention.")
                                        || key.contains("rope.")
                                        || key.contains("expert")
                                        || key.contains("ssm.")
                                        || key.endsWith("_length")
                                        || key.endsWith("_count");
                        if (described) {
                            assertThat(second.metadata()).as(key).containsKey(key);
                            assertThat(second.metadata().get(key)).as(key).isEqualTo(value);
                        }
                    });
            Tokenizer before = Tokenizer.ofGguf(first.metadata());
            Tokenizer after = Tokenizer.ofGguf(second.metadata());
            String text = "The quick brown fox, 12345 times!\n  \u00E9\u4E2D";
            assertThat(after.encode(text)).isEqualTo(before.encode(text));
        }
    }

    private static void sameBits(StoredTensor expected, StoredTensor actual) {
        assertThat(actual.shape()).as(expected.name()).isEqualTo(expected.shape());
        assertThat(actual.type()).as(expected.name()).isEqualTo(expected.type());
        if (!expected.name().startsWith("rope_") && !expected.name().endsWith("ssm_a")) {
            assertThat(actual.data().mismatch(expected.data())).as(expected.name()).isEqualTo(-1);
        }
    }
}
