package dev.jebena.llm.internal.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.jebena.json.Json;
import dev.jebena.llm.Constraint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the automaton allows is valid under the schema; a JSON Schema validator is the judge.
class ConstraintOracleTest {
    private static final int WALKS = Integer.getInteger("jebena.constraint.walks", 40);
    private static final Vocabulary VOCABULARY = ToyVocabulary.make();

    @Test
    void validDocumentsAreAcceptedAndInvalidOnesAreNot() throws IOException {
        for (Object entry : cases()) {
            Map<String, @Nullable Object> test = Json.object(entry);
            Map<String, @Nullable Object> schema = Json.object(test.get("schema"));
            for (Object valid : Json.array(test.get("valid"))) {
                assertThat(accepts(schema, String.valueOf(valid)))
                        .as("%s%naccepts %s", Json.write(schema), valid)
                        .isTrue();
                assertThat(errors(schema, String.valueOf(valid))).as("%s", valid).isEmpty();
            }
            for (Object invalid : Json.array(test.get("invalid"))) {
                assertThat(accepts(schema, String.valueOf(invalid)))
                        .as("%s%nrefuses %s", Json.write(schema), invalid)
                        .isFalse();
            }
        }
    }

    @Test
    void randomWalksGiveValidDocuments() throws IOException {
        long seed = Long.getLong("jebena.fuzz.seed", 7);
        for (Object entry : cases()) {
            Map<String, @Nullable Object> test = Json.object(entry);
            if (test.containsKey("walks")) {
                continue;
            }
            Map<String, @Nullable Object> schema = Json.object(test.get("schema"));
            Automaton automaton = VOCABULARY.automaton(new Constraint.JsonSchema(schema));
            for (int walk = 0; walk < WALKS; walk++) {
                String text = new RandomWalk(VOCABULARY, new Random(seed + walk)).text(automaton);
                assertThat(errors(schema, text))
                        .as("seed %d, schema %s, text %s", seed + walk, Json.write(schema), text)
                        .isEmpty();
                assertThat(Json.write(Json.parse(text))).isNotEmpty();
            }
        }
    }

    static boolean accepts(Map<String, @Nullable Object> schema, String text) {
        return accepts(VOCABULARY.automaton(new Constraint.JsonSchema(schema)), text);
    }

    private static boolean accepts(Automaton automaton, String text) {
        Situation at = automaton.start();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            at = automaton.next(at, b & 0xff);
        }
        return at.complete();
    }

    static List<String> errors(Map<String, @Nullable Object> schema, String text) {
        return errors(schema, text, true);
    }

    static List<String> errors(Map<String, @Nullable Object> schema, String text, boolean formats) {
        Schema judge =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(Json.write(schema));
        List<String> messages = new ArrayList<>();
        for (Error error :
                judge.validate(
                        text,
                        InputFormat.JSON,
                        context ->
                                context.executionConfig(
                                        config -> config.formatAssertionsEnabled(formats)))) {
            messages.add(error.toString());
        }
        return messages;
    }

    static List<@Nullable Object> cases() throws IOException {
        try (InputStream in = ConstraintOracleTest.class.getResourceAsStream("schemas.json")) {
            if (in == null) {
                throw new IOException("schemas.json is missing");
            }
            return Json.array(Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }
}
