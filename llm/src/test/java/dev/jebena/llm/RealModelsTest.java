package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two published models against llama.cpp's answers, which were made with activations rounded to 8
/// bits; ours are not rounded, hence the tolerance.
@Tag("slow")
class RealModelsTest {
    private static final float MEDIAN = 0.25f;
    private static final float LARGEST = 0.6f;

    @Test
    void smolLm2AnswersAsInLlamaCpp() throws IOException {
        compare(PublishedModels.smollm2(), "smollm2-135m-instruct-q4_1.json");
    }

    @Test
    void gemma3AnswersAsInLlamaCpp() throws IOException {
        compare(PublishedModels.gemma3(), "gemma-3-270m-q4_k_m.json");
    }

    private static void compare(Path file, String answers) throws IOException {
        Path golden =
                Path.of(System.getProperty("jebena.shared", "../../shared"))
                        .resolve("golden/real")
                        .resolve(answers);
        List<@Nullable Object> cases = Json.array(Json.parse(Files.readString(golden)));
        List<Float> differences = new ArrayList<>();
        int same = 0;
        int all = 0;
        try (Llm llm = Llm.load(file)) {
            Generation greedy =
                    Generation.defaults().temperature(0).ignoreEos(true).maxTokens(8).logprobs(10);
            List<Answer> started = new ArrayList<>();
            for (Object each : cases) {
                int[] prompt = GoldenModel.ints(Json.object(each).get("tokens"));
                started.add(llm.generate(prompt, greedy));
            }
            for (int i = 0; i < cases.size(); i++) {
                Map<String, @Nullable Object> expected = Json.object(cases.get(i));
                int[] ids = GoldenModel.ints(expected.get("greedy_tokens"));
                int agreed = agreement(expected, ids, started.get(i), differences);
                same += agreed;
                all += Math.min(8, ids.length);
            }
        }
        Collections.sort(differences);
        assertThat(differences.get(differences.size() / 2)).isLessThan(MEDIAN);
        assertThat(differences.getLast()).isLessThan(LARGEST);
        // After a near tie the texts part; most must not.
        assertThat(same).isGreaterThan(all * 3 / 4);
    }

    /// Compares until the chosen tokens differ, and returns how far they were the same.
    private static int agreement(
            Map<String, @Nullable Object> expected,
            int[] ids,
            Answer answer,
            List<Float> differences) {
        List<@Nullable Object> steps = Json.array(expected.get("top_logprobs"));
        for (int i = 0; i < Math.min(ids.length, steps.size()) && answer.hasNext(); i++) {
            Token token = answer.next();
            float largest = 0;
            for (Object pair : Json.array(steps.get(i)).subList(0, 5)) {
                List<@Nullable Object> values = Json.array(pair);
                int id = GoldenModel.ints(values.subList(0, 1))[0];
                float logprob = GoldenModel.floats(values)[1];
                for (TokenLogprob candidate : token.top()) {
                    if (candidate.id() == id) {
                        largest = Math.max(largest, Math.abs(candidate.logprob() - logprob));
                    }
                }
            }
            differences.add(largest);
            if (token.id() != ids[i]) {
                answer.close();
                return i;
            }
        }
        answer.close();
        return Math.min(ids.length, steps.size());
    }
}
