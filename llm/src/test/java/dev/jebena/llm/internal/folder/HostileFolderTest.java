package dev.jebena.llm.internal.folder;

import dev.jebena.compute.Kernels;
import dev.jebena.formats.FormatException;
import dev.jebena.formats.Quantizer;
import dev.jebena.json.Json;
import dev.jebena.llm.ConversionOptions;
import dev.jebena.llm.GoldenModel;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.ModelConverter;
import dev.jebena.llm.internal.model.Architectures;
import dev.jebena.llm.internal.model.TransformersFixture;
import dev.jebena.llm.internal.model.Weights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged folders either make a graph or give a clear problem, and nothing else.
class HostileFolderTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 400);
    private static final int FIRST = Integer.getInteger("jebena.fuzz.seed", 0);
    private static final List<String> MODELS =
            List.of(
                    "llama3-F32",
                    "mixtral-F32",
                    "phi3-longrope-F32",
                    "gpt2-F32",
                    "falcon-F32",
                    "mamba-F32",
                    "bert-F32",
                    "gemma3-F32");
    private static final List<String> VALUES =
            List.of(
                    "null",
                    "-1",
                    "0",
                    "1",
                    "3",
                    "1e9",
                    "1e308",
                    "-1e-308",
                    "2147483648",
                    "9223372036854775807",
                    "99999999999999999999",
                    "true",
                    "[]",
                    "{}",
                    "\"\"",
                    "\"x\"",
                    "[1,2]",
                    "[\"sliding_attention\",7]",
                    "{\"rope_type\":\"yarn\",\"factor\":-4}",
                    "{\"rope_type\":\"llama3\",\"factor\":0}",
                    "{\"type\":\"longrope\",\"long_factor\":[1],\"short_factor\":[0]}",
                    "{\"full_attention\":{\"rope_theta\":0}}");

    @TempDir private Path temporary;

    private record Good(Path folder, Map<String, @Nullable Object> config, byte[] tensors) {}

    @Test
    void damagedFoldersAreClearProblems() throws IOException {
        List<Good> models = new ArrayList<>();
        for (String name : MODELS) {
            Path folder = temporary.resolve(name);
            ModelConverter.toFolder(
                    GoldenModel.open(name, temporary).file(),
                    folder,
                    ConversionOptions.defaults().threads(1),
                    Quantizer.Progress.NONE);
            models.add(good(folder));
        }
        for (String name : TransformersFixture.names()) {
            Path folder = TransformersFixture.open(name).write(temporary.resolve(name));
            models.add(good(folder));
        }
        for (int seed = FIRST; seed < FIRST + CASES; seed++) {
            Random random = new Random(seed);
            Good good = models.get(seed % models.size());
            Path config = good.folder.resolve("config.json");
            boolean header = random.nextInt(8) == 0;
            Path tensors = good.folder.resolve("model.safetensors");
            if (header) {
                Files.write(tensors, damaged(good.tensors, random));
            } else {
                Files.writeString(config, damaged(good.config, random));
            }
            open(good.folder, "seed " + seed + ", " + good.folder.getFileName());
            if (header) {
                Files.write(tensors, good.tensors);
            } else {
                Files.writeString(config, Json.write(good.config));
            }
        }
    }

    private static Good good(Path folder) throws IOException {
        return new Good(
                folder,
                ModelFolder.json(folder.resolve("config.json")),
                Files.readAllBytes(folder.resolve("model.safetensors")));
    }

    private static void open(Path folder, String name) {
        try (ModelFolder model = ModelFolder.open(folder);
                Arena arena = Arena.ofConfined()) {
            model.fitVocabulary(320);
            Weights weights = new Weights(model, Kernels.best().exact(), arena, 256);
            Architectures.of(weights.architecture()).build(weights);
        } catch (LlmException | FormatException e) {
            // Refused, with the reason.
        } catch (RuntimeException | Error e) {
            Assertions.fail(name, e);
        }
    }

    private static String damaged(Map<String, @Nullable Object> config, Random random) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(config);
        List<String> keys = new ArrayList<>(copy.keySet());
        keys.addAll(List.of("rope_scaling", "rope_parameters", "text_config", "expand"));
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            String key = keys.get(random.nextInt(keys.size()));
            if (random.nextInt(6) == 0) {
                copy.remove(key);
            } else {
                copy.put(key, Json.parse(VALUES.get(random.nextInt(VALUES.size()))));
            }
        }
        String text = Json.write(copy);
        if (random.nextInt(6) == 0) {
            int at = random.nextInt(text.length());
            text = text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
        }
        return text;
    }

    private static byte[] damaged(byte[] tensors, Random random) {
        byte[] copy = tensors.clone();
        int header = new String(copy, StandardCharsets.ISO_8859_1).indexOf("}}");
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            int at = random.nextInt(Math.max(16, header));
            copy[at] =
                    (byte) (random.nextBoolean() ? '0' + random.nextInt(10) : random.nextInt(256));
        }
        return copy;
    }
}
