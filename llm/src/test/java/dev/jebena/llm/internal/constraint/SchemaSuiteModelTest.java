package dev.jebena.llm.internal.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.downloads.Downloads;
import dev.jebena.json.Json;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Generation;
import dev.jebena.llm.GoldenModel;
import dev.jebena.llm.Llm;
import dev.jebena.llm.LlmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What models say under the schemas of the JSON Schema test suite is valid and comes to an end.
@Tag("slow")
class SchemaSuiteModelTest {
    @Test
    void aTinyModelSaysWhatIsValid(@TempDir Path folder) throws IOException {
        Path model = GoldenModel.open("llama-F32", folder).file();
        assertThat(said(model, 1, 100)).isGreaterThan(300);
    }

    @Test
    void smollm2SaysWhatIsValid() throws IOException {
        assertThat(said(Downloads.smollm2(), 16, 60)).isGreaterThan(15);
    }

    /// Lets the model answer under each `every`-th schema; returns the number of whole answers.
    private static int said(Path model, int every, int limit) throws IOException {
        List<Map<String, @Nullable Object>> schemas = schemas();
        int whole = 0;
        try (Llm llm = Llm.load(model)) {
            Vocabulary vocabulary = Vocabulary.of(llm.tokenizer());
            int[] prompt = llm.tokenizer().encode("A value: ", true, false);
            for (int i = 0; i < schemas.size(); i += every) {
                Map<String, @Nullable Object> schema = schemas.get(i);
                Constraint constraint = Constraint.schema(schema);
                Generation options =
                        Generation.defaults()
                                .maxTokens(limit)
                                .temperature(1)
                                .seed((long) i)
                                .constraint(constraint);
                Answer answer;
                String text;
                try {
                    answer = llm.generate(prompt, options);
                    text = answer.text();
                } catch (LlmException e) {
                    assertThat(e.code()).isEqualTo(LlmException.Code.BAD_REQUEST);
                    assertThat(e).hasMessageNotContaining("no token is left");
                    continue;
                }
                if (answer.finishReason() == FinishReason.END) {
                    judge(schema, text);
                    whole++;
                } else {
                    Automaton automaton = vocabulary.automaton(constraint);
                    assertThat(automaton.tokensToEnd(automaton.start()))
                            .as("%s cut %s", schema, text)
                            .isGreaterThanOrEqualTo(limit);
                }
            }
        }
        return whole;
    }

    private static void judge(Map<String, @Nullable Object> schema, String text) {
        List<String> errors;
        try {
            errors = ConstraintOracleTest.errors(schema, text, false);
        } catch (RuntimeException e) {
            // What the judge does not know.
            errors = List.of();
        }
        assertThat(errors).as("%s says %s", schema, text).isEmpty();
        assertThat(Json.write(Json.parse(text))).isNotEmpty();
    }

    private static List<Map<String, @Nullable Object>> schemas() throws IOException {
        List<Map<String, @Nullable Object>> schemas = new ArrayList<>();
        try (Stream<Path> files = Files.list(Downloads.schemaSuite())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                for (Object group : Json.array(Json.parse(Files.readString(file)))) {
                    Object schema = Json.object(group).get("schema");
                    if (schema instanceof Map<?, ?>) {
                        schemas.add(new LinkedHashMap<>(Json.object(schema)));
                    }
                }
            }
        }
        return schemas;
    }
}
