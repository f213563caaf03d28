package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasoningTest {
    private static final Generation OPTIONS = Generation.defaults().seed(5).maxTokens(80);

    @TempDir static Path folder;

    private static Llm load() {
        return Llm.load(GoldenModel.open("llama-F32", folder).file());
    }

    @Test
    void aBudgetEndsTheThinking() {
        try (Llm llm = load()) {
            Reasoning reasoning = new Reasoning("<a>", "zz", true, 10);
            String text = llm.generate("the", OPTIONS.ignoreEos(true).reasoning(reasoning)).text();
            int[] before = llm.tokenizer().encode(text.substring(0, text.indexOf("zz")));
            assertThat(text).contains("zz");
            // Text that is encoded again may have a few tokens more or less.
            assertThat(before.length).isLessThan(25);
        }
    }

    @Test
    void aConstraintHoldsForTheAnswerOnly() {
        Map<String, Object> schema =
                Map.of("type", "array", "items", Map.of("type", "integer"), "maxItems", 3);
        try (Llm llm = load()) {
            Generation options =
                    OPTIONS.constraint(new Constraint.JsonSchema(schema))
                            .reasoning(new Reasoning("<a>", "zz", true, 12));
            for (int seed = 0; seed < 10; seed++) {
                String text = llm.generate("the", options.seed(seed)).text();
                int end = text.indexOf("zz");
                assertThat(end).as(text).isPositive();
                assertThat(Json.parse(text.substring(end + 2))).isInstanceOf(List.class);
            }
            String closed =
                    llm.generate("the", options.reasoning(new Reasoning("<a>", "zz", false, 12)))
                            .text();
            assertThat(Json.parse(closed)).isInstanceOf(List.class);
        }
    }
}
