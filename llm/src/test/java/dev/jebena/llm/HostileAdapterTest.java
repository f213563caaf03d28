package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileAdapterTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000) / 2;
    private static final String PEFT =
            "{\"model.layers.0.self_attn.q_proj.lora_A.weight\":{\"dtype\":\"F32\",\"shape\":[2,64],\"data_offsets\":[0,512]},"
                    + "\"model.layers.0.self_attn.q_proj.lora_B.weight\":{\"dtype\":\"F32\",\"shape\":[64,2],\"data_offsets\":[512,1024]}}";

    @TempDir static Path folder;

    private static Path model(String name) {
        return GoldenModel.open(name, folder).file();
    }

    @Test
    void anAdapterOfAnotherModelIsAClearProblem() {
        Path qwen = TinyAdapter.of(model("qwen2-F32"), 1).write(folder.resolve("qwen.gguf"));
        Path wide = TinyAdapter.of(model("llama-q-F32"), 1).write(folder.resolve("wide.gguf"));
        Path mixed = TinyAdapter.of(model("mixtral-F32"), 1).write(folder.resolve("mixed.gguf"));
        try (Llm llm = Llm.load(model("llama-F32"))) {
            assertThatThrownBy(() -> llm.loadAdapter(AdapterFile.of(qwen)))
                    .hasMessageContaining(
                            "general.architecture of the adapter is \"qwen2\"; this model needs \"llama\"");
            assertThatThrownBy(() -> llm.loadAdapter(AdapterFile.of(model("llama-F32"))))
                    .hasMessageContaining(
                            "general.type of the adapter is \"model\"; this model needs \"adapter\"");
            assertThatThrownBy(() -> llm.loadAdapter(AdapterFile.of(folder.resolve("none.gguf"))))
                    .hasMessageContaining("there is no adapter");
            assertThatThrownBy(() -> llm.loadAdapter(AdapterFile.of(wide)))
                    .hasMessageContaining("has shape [4, 256]; this model needs [4, 128]");
            assertThatThrownBy(() -> llm.loadAdapter(AdapterFile.of(mixed)))
                    .hasMessageContaining("which the model does not have");
            Generation asking = Generation.defaults().adapters(Map.of("a", 1f));
            assertThatThrownBy(() -> llm.generate("x", asking))
                    .hasMessageContaining("there is no adapter a: the model has none loaded");
        }
    }

    @Test
    void damagedGgufAdaptersAreClearProblems() throws IOException {
        Path good =
                new TinyAdapter(model("llama-F32"), 1, 2, 4, "blk.0.attn_q.weight"::equals)
                        .write(folder.resolve("good.gguf"));
        byte[] bytes = Files.readAllBytes(good);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        fuzz(folder.resolve("bad.gguf"), bytes, text.lastIndexOf(".lora_b") + 40);
    }

    @Test
    void damagedPeftAdaptersAreClearProblems() throws IOException {
        Path peft = Files.createDirectories(folder.resolve("peft"));
        byte[] header = PEFT.getBytes(StandardCharsets.UTF_8);
        byte[] file = new byte[8 + header.length + 1024];
        file[0] = (byte) header.length;
        file[1] = (byte) (header.length >> 8);
        System.arraycopy(header, 0, file, 8, header.length);
        Files.write(peft.resolve("adapter_model.safetensors"), file);
        String config =
                "{\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":4,\"rank_pattern\":{\"self_attn.q.*\":2},"
                        + "\"modules_to_save\":null,\"bias\":\"none\",\"use_dora\":false}";
        Files.writeString(peft.resolve("adapter_config.json"), config);
        fuzz(peft.resolve("adapter_model.safetensors"), file, 8 + header.length);
        Files.write(peft.resolve("adapter_model.safetensors"), file);
        fuzz(
                peft.resolve("adapter_config.json"),
                config.getBytes(StandardCharsets.UTF_8),
                config.length());
    }

    /// Loads adapters with damage in their first bytes.
    private static void fuzz(Path file, byte[] good, int header) throws IOException {
        Path adapter = file.toString().endsWith(".gguf") ? file : file.resolveSibling("");
        int loaded = 0;
        try (Llm llm = Llm.load(model("llama-F32"), LlmOptions.defaults().threads(1))) {
            for (int seed = 0; seed < CASES; seed++) {
                Random random = new Random(seed);
                byte[] bad = good.clone();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    damage(bad, random.nextInt(header), random);
                }
                Files.write(file, bad);
                loaded += load(llm, AdapterFile.of(adapter).name("fuzz"), seed) ? 1 : 0;
            }
        }
        assertThat(loaded).isLessThan(CASES);
    }

    private static void damage(byte[] bytes, int at, Random random) {
        bytes[at] =
                switch (random.nextInt(4)) {
                    case 0 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
                    case 1 -> (byte) random.nextInt(256);
                    case 2 -> (byte) (48 + random.nextInt(10));
                    default -> (byte) 0xFF;
                };
    }

    private static boolean load(Llm llm, AdapterFile file, int seed) {
        try {
            llm.loadAdapter(file);
            llm.generate(new int[] {5, 6}, Generation.defaults().maxTokens(1).seed(1)).text();
            llm.unloadAdapter(file.name());
            return true;
        } catch (LlmException e) {
            assertThat(e.code())
                    .as("seed %d: %s", seed, e.getMessage())
                    .isIn(LlmException.Code.BAD_REQUEST, LlmException.Code.BAD_MODEL);
            assertThat(e.getMessage()).isNotBlank();
            if (!llm.adapters().isEmpty()) {
                llm.unloadAdapter(file.name());
            }
            return false;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed, e);
        }
    }
}
