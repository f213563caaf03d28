package dev.jebena.transformers;

import static org.assertj.core.api.Assertions.fail;

import dev.jebena.base.Problem;
import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Folders with wrong settings are refused with a [Problem], or do something; nothing else happens.
class ConfigFuzzTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000) / 40;
    private static final List<String> FILES =
            List.of("config.json", "generation_config.json", "tokenizer_config.json");

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "albert-question-answering",
                "bart-zero-shot-classification",
                "bert-text-classification",
                "deberta-fill-mask",
                "deberta-v2-conv-text-classification",
                "distilbert-token-classification",
                "electra-fill-mask",
                "marian",
                "modernbert-fill-mask",
                "mpnet-question-answering",
                "t5"
            })
    void wrongSettingsAreRefused(String name) throws IOException {
        TinyModel model = TinyModel.of(name);
        model.write(folder);
        TinyModel.Call call = model.calls().getFirst();
        Map<String, Object> parameters =
                name.matches("marian|t5") ? Map.of("max_new_tokens", 4L) : Map.of();
        for (int i = 0; i < CASES; i++) {
            long seed = 31L * name.hashCode() + i;
            Random random = new Random(seed);
            String file = FILES.get(random.nextInt(FILES.size()));
            Path path = folder.resolve(file);
            if (!Files.exists(path)) {
                continue;
            }
            String before = Files.readString(path);
            String changed = changed(before, random);
            Files.writeString(path, changed);
            try (Pipeline pipeline = Transformers.load(folder, Task.of(model.task()))) {
                pipeline.run(call.inputs(), parameters);
            } catch (Problem e) {
                // As it should be.
            } catch (RuntimeException | Error e) {
                fail("seed %d, %s: %s".formatted(seed, file, changed), e);
            } finally {
                Files.writeString(path, before);
            }
        }
    }

    private static String changed(String json, Random random) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>(Json.object(Json.parse(json)));
        List<String> keys = new ArrayList<>(values.keySet());
        for (int i = 0; i <= random.nextInt(2); i++) {
            values.put(keys.get(random.nextInt(keys.size())), value(random));
        }
        return Json.write(values);
    }

    private static @Nullable Object value(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> -1L;
            case 2 -> 0L;
            case 3 -> (long) random.nextInt(200);
            case 4 -> Long.MAX_VALUE;
            case 5 -> 2_000_000_000L;
            case 6 -> random.nextGaussian();
            case 7 -> "";
            case 8 -> "gelu";
            case 9 -> List.of(1L, "a", List.of());
            case 10 -> Map.of("0", 7L, "a", Map.of());
            default -> random.nextBoolean();
        };
    }
}
