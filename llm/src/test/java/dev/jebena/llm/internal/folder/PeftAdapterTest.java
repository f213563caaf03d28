package dev.jebena.llm.internal.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.compute.DataType;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.StoredTensor;
import dev.jebena.llm.AdapterFile;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Generation;
import dev.jebena.llm.GoldenModel;
import dev.jebena.llm.Llm;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.LlmOptions;
import dev.jebena.llm.TinyAdapter;
import dev.jebena.llm.Token;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeftAdapterTest {
    private static final LlmOptions EXACT = LlmOptions.defaults().kvType(DataType.F32).exact(true);
    private static final Generation GREEDY =
            Generation.defaults().temperature(0).ignoreEos(true).maxTokens(8).logprobs(5);
    private static final int[] PROMPT = new Random(6).ints(20, 3, 250).toArray();
    private static final String LORA = "\"peft_type\":\"LORA\",\"lora_alpha\":8,\"r\":4";

    @TempDir static Path folder;

    /// The module that GGUF calls `tensor`, as PEFT names its halves.
    private static String module(String type, String tensor) {
        FolderFamily family = Objects.requireNonNull(FolderFamily.ofType(type));
        String bare = tensor.replace(".weight", "");
        String layer = bare.replaceAll("\\D*(\\d+).*", "$1");
        for (Map.Entry<String, String> entry : family.tensors()) {
            if (entry.getValue().replace("{}", layer).equals(bare)) {
                return "base_model.model." + family.prefix() + entry.getKey().replace("{}", layer);
            }
        }
        throw new IllegalArgumentException(type + " has no name for " + tensor);
    }

    /// The same adapter as a folder.
    private static Path peft(String type, Path model, Path adapter, Path target, String json)
            throws IOException {
        Files.createDirectories(target);
        StoredTensors tensors = new StoredTensors();
        try (Gguf base = Gguf.open(model);
                Gguf file = Gguf.open(adapter)) {
            String prefix = base.metadata().get("general.architecture") + ".";
            Layouts layouts = new Layouts(base, prefix);
            for (StoredTensor tensor : file.tensors().values()) {
                boolean inward = tensor.name().endsWith(".lora_a");
                String name = tensor.name().substring(0, tensor.name().length() - 7);
                boolean table = name.startsWith("token_embd");
                StoredTensor half = inward ? tensor : layouts.original(type, tensor);
                if (inward && table) {
                    half = transposed(half);
                }
                String kind = (table ? ".lora_embedding_" : ".lora_") + (inward ? "A" : "B");
                tensors.add(module(type, name) + kind + (table ? "" : ".weight"), half);
            }
        }
        tensors.write(target.resolve("adapter_model.safetensors"));
        Files.writeString(target.resolve("adapter_config.json"), "{" + json + "}");
        return target;
    }

    private static StoredTensor transposed(StoredTensor tensor) {
        float[] x = tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        int rows = Math.toIntExact(tensor.shape().get(0));
        int columns = Math.toIntExact(tensor.shape().get(1));
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i % columns * rows + i / columns] = x[i];
        }
        return new StoredTensor(
                tensor.name(),
                DataType.F32,
                List.of((long) columns, (long) rows),
                MemorySegment.ofArray(y));
    }

    private static List<Float> answer(Path model, AdapterFile adapter) {
        List<Float> logprobs = new ArrayList<>();
        try (Llm llm = Llm.load(model, EXACT.adapters(List.of(adapter)));
                Answer answer = llm.generate(PROMPT, GREEDY)) {
            while (answer.hasNext()) {
                Token token = answer.next();
                token.top().forEach(top -> logprobs.add(top.logprob()));
            }
        }
        return logprobs;
    }

    private static Path golden(String name) {
        return GoldenModel.open(name, folder).file();
    }

    @ParameterizedTest
    @CsvSource({
        "llama, llama-F32",
        "qwen2, qwen2-F32",
        "qwen3, qwen3-F32",
        "gemma3_text, gemma3-F32",
        "phi3, phi3-F32",
        "gpt2, gpt2-F32",
        "gpt_neox, gptneox-F32",
        "starcoder2, starcoder2-F32",
        "falcon, falcon-F32"
    })
    void aFolderHoldsTheSameAdapterAsAGgufFile(String type, String name) throws IOException {
        Path model = golden(name);
        Path file =
                TinyAdapter.of(model, 3)
                        .tensors(TinyAdapter.LAYERS.or(TinyAdapter.EMBEDDING))
                        .write(folder.resolve(name + "-adapter.gguf"));
        Path peft = peft(type, model, file, folder.resolve(name + "-peft"), LORA);
        assertThat(answer(model, AdapterFile.of(peft)))
                .isEqualTo(answer(model, AdapterFile.of(file)));
    }

    @Test
    void ranksAndAlphasMayDifferByModule() throws IOException {
        Path model = golden("llama-F32");
        TinyAdapter tiny = TinyAdapter.of(model, 3);
        Path file = tiny.write(folder.resolve("patterns.gguf"));
        String json =
                "\"peft_type\":\"LORA\",\"lora_alpha\":1,\"r\":9,\"use_rslora\":true,"
                        + "\"rank_pattern\":{\"(mlp|self_attn)\\\\..*_proj\":4},"
                        + "\"alpha_pattern\":{\"q_proj\":4,\".*\":4}";
        Path peft = peft("llama", model, file, folder.resolve("patterns"), json);
        // alpha / sqrt(rank) = 4 / 2, as 8 / 4 of the file.
        assertThat(answer(model, AdapterFile.of(peft)))
                .isEqualTo(answer(model, AdapterFile.of(file)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"peft_type\":\"IA3\"|peft_type is \"IA3\"",
                LORA + ",\"use_dora\":true|use_dora is true",
                LORA + ",\"bias\":\"all\"|bias is \"all\"",
                LORA + ",\"modules_to_save\":[\"lm_head\"]|modules_to_save is [\"lm_head\"]",
                "\"peft_type\":\"LORA\",\"r\":3|says rank 3 for module",
                LORA
                        + ",\"rank_pattern\":{\"(x+x+)+y|(.*.*.*.*.*)*z\":3}|a pattern that cannot be used",
                LORA + ",\"rank_pattern\":{\"(\":3}|a pattern that cannot be used"
            })
    void whatCannotBeAppliedIsRefused(String jsonAndProblem) throws IOException {
        int at = jsonAndProblem.lastIndexOf('|');
        Path model = golden("llama-F32");
        Path file = TinyAdapter.of(model, 3).write(folder.resolve("refused.gguf"));
        String json = jsonAndProblem.substring(0, at);
        Path peft = peft("llama", model, file, folder.resolve("refused"), json);
        assertThatThrownBy(() -> answer(model, AdapterFile.of(peft)))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining(jsonAndProblem.substring(at + 1));
    }
}
