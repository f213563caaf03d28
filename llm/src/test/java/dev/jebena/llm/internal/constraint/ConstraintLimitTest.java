package dev.jebena.llm.internal.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import dev.jebena.llm.Constraint;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Texts get complete within a limit of tokens, whatever is chosen on the way.
class ConstraintLimitTest {
    private static final int[] LIMITS = {0, 1, 2, 3, 5, 9, 17, 40, 100};
    private static final Vocabulary VOCABULARY = ToyVocabulary.make();

    /// The same without tokens of several bytes.
    private static final Vocabulary BYTES = bytes();

    private static Vocabulary bytes() {
        byte[][] tokens = new byte[257][];
        Arrays.setAll(tokens, b -> b < 256 ? new byte[] {(byte) b} : new byte[0]);
        return Vocabulary.of(tokens, new int[] {256});
    }

    private static Automaton automaton(String schema) {
        Map<String, @Nullable Object> map = Json.object(Json.parse(schema));
        return VOCABULARY.automaton(new Constraint.JsonSchema(map));
    }

    @Test
    void anyLimitThatHoldsACompletionGivesValidDocuments() throws IOException {
        long seed = Long.getLong("jebena.fuzz.seed", 11);
        for (Object entry : ConstraintOracleTest.cases()) {
            Map<String, @Nullable Object> test = Json.object(entry);
            if (test.containsKey("walks")) {
                continue;
            }
            Map<String, @Nullable Object> schema = Json.object(test.get("schema"));
            Automaton automaton = VOCABULARY.automaton(new Constraint.JsonSchema(schema));
            int least = automaton.tokensToEnd(automaton.start());
            assertThat(least).isBetween(1, automaton.start().shortest());
            for (int more : LIMITS) {
                for (int walk = 0; walk < 4; walk++) {
                    String text =
                            new RandomWalk(VOCABULARY, new Random(seed + walk))
                                    .text(automaton, least + more, "");
                    assertThat(ConstraintOracleTest.errors(schema, text))
                            .as("seed %d, %s, %d + %d: %s", seed + walk, schema, least, more, text)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void objectsAreCompleteWithinAnyLimit() {
        for (Vocabulary vocabulary : new Vocabulary[] {VOCABULARY, BYTES}) {
            Automaton automaton = vocabulary.automaton(new Constraint.JsonObject());
            for (int limit = 2; limit < 300; limit++) {
                String text =
                        new RandomWalk(vocabulary, new Random(limit)).text(automaton, limit, "");
                assertThat(Json.object(Json.parse(text))).as("limit %d", limit).isNotNull();
            }
        }
    }

    @Test
    void nestingAsDeepAsItGetsIsClosedInTime() {
        String schema =
                "{\"type\": \"object\", \"properties\": {\"n\": {\"$ref\": \"#\"}, \"s\": {\"type\":"
                        + " \"array\", \"items\": {\"$ref\": \"#\"}}}, \"required\": [\"s\"],"
                        + " \"additionalProperties\": false}";
        Map<String, @Nullable Object> map = Json.object(Json.parse(schema));
        for (Vocabulary vocabulary : new Vocabulary[] {VOCABULARY, BYTES}) {
            Automaton automaton = vocabulary.automaton(new Constraint.JsonSchema(map));
            for (int limit = 10; limit < 1500; limit = limit * 5 / 4) {
                RandomWalk walk = new RandomWalk(vocabulary, new Random(limit));
                String text = walk.text(automaton, limit, "{[:n");
                assertThat(ConstraintOracleTest.errors(map, text))
                        .as("limit %d: %s", limit, text)
                        .isEmpty();
            }
        }
    }

    @Test
    void aLimitThatIsTooSmallChangesNothing() {
        Automaton automaton = automaton("{\"enum\": [\"abcabcabc\", \"xyz\"]}");
        Situation start = automaton.start();
        assertThat(start.shortest()).isEqualTo(5);
        assertThat(automaton.tokensToEnd(start)).isEqualTo(5);
        assertThat(automaton.allowed(start, 4)).isSameAs(automaton.allowed(start, 1000));
        Situation open = automaton.next(start, '"');
        assertThat(automaton.tokensToEnd(open)).isEqualTo(4);
        assertThat(isAllowed(automaton.allowed(open, 1000), 'a')).isTrue();
        assertThat(isAllowed(automaton.allowed(open, 4), 'a')).isFalse();
        assertThat(isAllowed(automaton.allowed(open, 4), 'x')).isTrue();
        assertThat(isAllowed(automaton.allowed(open, 3), 'a')).isTrue();
    }

    @Test
    void whereTheLimitIsFarNothingIsComputedAgain() {
        Automaton automaton = VOCABULARY.automaton(new Constraint.JsonObject());
        long[] mask = automaton.allowed(automaton.start(), Integer.MAX_VALUE);
        assertThat(automaton.allowed(automaton.start(), 20)).isSameAs(mask);
        assertThat(automaton.allowed(automaton.start(), 3)).isNotSameAs(mask);
    }

    @Test
    void longTokensMakeShortLimitsEnough() {
        Automaton automaton =
                automaton(
                        "{\"type\": \"object\", \"properties\": {\"name\": {\"type\": \"null\"}},"
                                + " \"required\": [\"name\"]}");
        Situation start = automaton.start();
        assertThat(start.shortest()).isEqualTo("{\"name\":null}".length());
        assertThat(automaton.tokensToEnd(start)).isEqualTo(4);
        long[] mask = automaton.allowed(start, 5);
        assertThat(IntStream.range(0, 256).filter(id -> isAllowed(mask, id))).isEmpty();
    }

    @Test
    void requiredPartsCountHoweverDeepTheyAre() {
        Automaton automaton =
                automaton(
                        "{\"type\": \"array\", \"minItems\": 2, \"items\": {\"type\": \"object\","
                                + " \"properties\": {\"a\": {\"type\": \"string\", \"minLength\": 3},"
                                + " \"b\": {\"type\": \"integer\", \"minimum\": 100}},"
                                + " \"required\": [\"a\", \"b\"]}}");
        assertThat(automaton.start().shortest())
                .isEqualTo("[{\"a\":\"xxx\",\"b\":100},{\"a\":\"xxx\",\"b\":100}]".length());
    }

    @Test
    void exponentiallyLongTextsAreNotFollowed() {
        StringBuilder schema = new StringBuilder("{\"$ref\": \"#/$defs/a0\", \"$defs\": {");
        for (int i = 0; i < 40; i++) {
            schema.append(
                    "\"a%d\": {\"type\": \"array\", \"minItems\": 2, \"items\": {\"$ref\": \"#/$defs/a%d\"}},"
                            .formatted(i, i + 1));
        }
        Automaton automaton = automaton(schema + "\"a40\": {\"type\": \"null\"}}}");
        assertThat(automaton.start().shortest()).isGreaterThan(1 << 27);
        assertThat(isAllowed(automaton.allowed(automaton.start(), 1000), '[')).isTrue();
    }

    private static boolean isAllowed(long[] mask, int id) {
        return (mask[id >> 6] >> id & 1) != 0;
    }
}
