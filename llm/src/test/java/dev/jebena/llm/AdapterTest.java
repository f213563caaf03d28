package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jebena.compute.DataType;
import dev.jebena.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterTest {
    private static final LlmOptions EXACT = LlmOptions.defaults().kvType(DataType.F32).exact(true);
    private static final Generation GREEDY =
            Generation.defaults().temperature(0).ignoreEos(true).maxTokens(12).logprobs(20);
    private static final int[] PROMPT = new Random(5).ints(40, 3, 320).toArray();

    @TempDir static Path folder;

    private static Path model(String name) {
        return GoldenModel.open(name, folder).file();
    }

    private static List<Integer> ids(Answer answer) {
        List<Integer> ids = new ArrayList<>();
        answer.forEachRemaining(token -> ids.add(token.id()));
        return ids;
    }

    private static AdapterFile file(TinyAdapter adapter, String name) {
        return AdapterFile.of(adapter.write(folder.resolve(name + ".gguf"))).name(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama-F32",
                "qwen2-F32",
                "qwen3-F32",
                "gemma3-F32",
                "mixtral-F32",
                "qwen2moe-F32",
                "phi3-F32",
                "gpt2-F32",
                "gptneox-F32",
                "starcoder2-F32",
                "falcon-F32"
            })
    void anAdapterChangesWhatItsMergedWeightsChange(String name) {
        TinyAdapter adapter = TinyAdapter.of(model(name), 1);
        Path merged = adapter.merge(folder.resolve(name + "-merged.gguf"), 0.5);
        AdapterFile file = file(adapter, name + "-lora").scale(0.5f);
        try (Llm expected = Llm.load(merged, EXACT);
                Llm llm = Llm.load(model(name), EXACT.adapters(List.of(file)))) {
            Answer wanted = expected.generate(PROMPT, GREEDY);
            Answer answer = llm.generate(PROMPT, GREEDY);
            for (int i = 0; i < 12; i++) {
                Token one = wanted.next();
                Token other = answer.next();
                assertThat(other.top().get(0).logprob())
                        .isCloseTo(one.top().get(0).logprob(), within(2e-3f));
                if (one.top().get(0).logprob() - one.top().get(1).logprob() < 4e-3) {
                    break;
                }
                assertThat(other.id()).isEqualTo(one.id());
            }
        }
    }

    /// `adapters/record.py` made the answers.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama-F32-lora",
                "llama-F32-table",
                "qwen2-F32-lora",
                "gemma3-F32-lora",
                "mixtral-F32-lora"
            })
    void logProbabilitiesAreThoseOfLlamaCpp(String name) throws IOException {
        GoldenModel golden = GoldenModel.open(name.substring(0, name.lastIndexOf('-')), folder);
        TinyAdapter adapter = TinyAdapter.of(golden.file(), 1);
        boolean table = name.endsWith("table");
        AdapterFile file =
                file(table ? adapter.tensors(TinyAdapter.EMBEDDING) : adapter, "recorded");
        try (Llm llm = Llm.load(golden.file(), EXACT.adapters(List.of(file)))) {
            for (Object each : Json.array(recorded().get(name))) {
                Map<String, @Nullable Object> step = Json.object(each);
                float scale = ((Number) Objects.requireNonNull(step.get("scale"))).floatValue();
                Answer answer =
                        llm.generate(
                                GoldenModel.ints(step.get("prompt")),
                                GREEDY.logprobs(320).adapters(Map.of("recorded", scale)));
                Map<Integer, Float> own = new HashMap<>();
                answer.next().top().forEach(top -> own.put(top.id(), top.logprob()));
                answer.close();
                int[] ids = GoldenModel.ints(step.get("ids"));
                float[] logprobs = GoldenModel.floats(step.get("logprobs"));
                for (int i = 0; i < ids.length; i++) {
                    assertThat(own.get(ids[i]))
                            .as("scale %s, token %d", scale, ids[i])
                            .isCloseTo(logprobs[i], within(golden.tolerance()));
                }
            }
        }
    }

    private static Map<String, @Nullable Object> recorded() throws IOException {
        try (InputStream in = AdapterTest.class.getResourceAsStream("adapters/answers.json")) {
            byte[] bytes = Objects.requireNonNull(in).readAllBytes();
            return Json.object(Json.parse(new String(bytes, StandardCharsets.UTF_8)));
        }
    }

    @Test
    void sequencesWithDifferentAdaptersRunTogetherAsTheyRunAlone() {
        List<AdapterFile> files = new ArrayList<>();
        for (TinyAdapter adapter : TinyAdapter.several(model("llama-Q4_0"), 3)) {
            files.add(file(adapter, "kind-" + adapter.rank()).scale(0));
        }
        List<Map<String, Float>> choices =
                List.of(
                        Map.of(),
                        Map.of("kind-1", 1f),
                        Map.of("kind-4", 0.7f),
                        Map.of("kind-1", -0.5f, "kind-7", 1.5f),
                        Map.of("kind-1", 1f, "kind-4", 1f, "kind-7", 1f));
        Generation options = Generation.defaults().ignoreEos(true).seed(3).maxTokens(30);
        List<List<Integer>> alone = new ArrayList<>();
        for (Map<String, Float> choice : choices) {
            try (Llm llm = Llm.load(model("llama-Q4_0"), LlmOptions.defaults().adapters(files))) {
                alone.add(ids(llm.generate(PROMPT, options.adapters(choice))));
            }
        }
        assertThat(alone).doesNotHaveDuplicates();
        try (Llm llm = Llm.load(model("llama-Q4_0"), LlmOptions.defaults().adapters(files))) {
            for (int round = 0; round < 3; round++) {
                List<Answer> together = new ArrayList<>();
                choices.forEach(
                        choice -> together.add(llm.generate(PROMPT, options.adapters(choice))));
                List<List<Integer>> answers = together.stream().map(AdapterTest::ids).toList();
                assertThat(answers).isEqualTo(alone);
                for (Answer answer : together) {
                    // The prompt's pages are found again, but only under the same adapters.
                    assertThat(answer.usage().cachedTokens()).isEqualTo(round == 0 ? 0 : 39);
                }
            }
        }
    }

    @Test
    void adaptersComeAndGoWhileTheModelRuns() {
        TinyAdapter adapter = TinyAdapter.of(model("llama-F32"), 8);
        AdapterFile file = file(adapter, "late");
        try (Llm llm = Llm.load(model("llama-F32"), EXACT)) {
            List<Integer> plain = ids(llm.generate(PROMPT, GREEDY));
            LoadedAdapter loaded = llm.loadAdapter(file);
            assertThat(llm.adapters()).containsExactly(loaded);
            List<Integer> adapted = ids(llm.generate(PROMPT, GREEDY));
            assertThat(adapted).isNotEqualTo(plain);
            llm.scaleAdapter("late", 0);
            assertThat(ids(llm.generate(PROMPT, GREEDY))).isEqualTo(plain);
            assertThat(ids(llm.generate(PROMPT, GREEDY.adapters(Map.of("late", 1f)))))
                    .isEqualTo(adapted);
            Answer running = llm.generate(PROMPT, GREEDY.adapters(Map.of("late", 1f)));
            llm.unloadAdapter("late");
            assertThat(ids(running)).isEqualTo(adapted);
            assertThat(llm.adapters()).isEmpty();
            assertThat(llm.loadAdapter(file).id()).isNotEqualTo(loaded.id());
        }
    }

    @Test
    void anEmbeddingTableIsAdaptedWhereTokensAreLookedUp() {
        TinyAdapter adapter = TinyAdapter.of(model("llama-F32"), 2);
        AdapterFile file = file(adapter.tensors(TinyAdapter.EMBEDDING), "table");
        try (Llm llm = Llm.load(model("llama-F32"), EXACT.adapters(List.of(file)))) {
            assertThat(ids(llm.generate(PROMPT, GREEDY)))
                    .isNotEqualTo(ids(llm.generate(PROMPT, GREEDY.adapters(Map.of()))));
        }
    }
}
