package dev.jebena.llm.internal.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.json.Json;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.LlmException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConstraintTest {
    private static final Vocabulary VOCABULARY = ToyVocabulary.make();
    private static final Constraint ANY_OBJECT = new Constraint.JsonObject();

    private static Automaton automaton(String schema) {
        Map<String, @Nullable Object> map = Json.object(Json.parse(schema));
        return VOCABULARY.automaton(new Constraint.JsonSchema(map));
    }

    private static Situation read(Automaton automaton, String text) {
        Situation at = automaton.start();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            at = automaton.next(at, b & 0xff);
        }
        return at;
    }

    private static void assertRefused(String schema, String... parts) {
        assertThatThrownBy(() -> automaton(schema))
                .isInstanceOfSatisfying(
                        LlmException.class,
                        e -> assertThat(e.code()).isEqualTo(LlmException.Code.BAD_REQUEST))
                .hasMessageContainingAll(parts);
    }

    @Test
    void aJsonObjectIsAnyObjectAndNothingElse() {
        Automaton automaton = VOCABULARY.automaton(ANY_OBJECT);
        assertThat(read(automaton, "{\"a\": [1, {\"b\": null}], \"c\": \"x\"}").complete())
                .isTrue();
        assertThat(read(automaton, "[]")).isEqualTo(Situation.DEAD);
        assertThat(read(automaton, " {}")).isEqualTo(Situation.DEAD);
        assertThat(read(automaton, "{} ")).isEqualTo(Situation.DEAD);
    }

    @Test
    void randomObjectsAreJson() {
        Automaton automaton = VOCABULARY.automaton(ANY_OBJECT);
        for (int seed = 0; seed < 100; seed++) {
            String text = new RandomWalk(VOCABULARY, new Random(seed)).text(automaton);
            assertThat(Json.object(Json.parse(text))).as("seed %d", seed).isNotNull();
        }
    }

    @Test
    void nestingIsBoundedAndStaysClosable() {
        Automaton automaton = VOCABULARY.automaton(ANY_OBJECT);
        String deep = "{\"a\":".repeat(Automaton.MAX_NESTING);
        assertThat(read(automaton, deep + "1" + "}".repeat(Automaton.MAX_NESTING)).complete())
                .isTrue();
        assertThat(read(automaton, deep + "[")).isEqualTo(Situation.DEAD);
    }

    @Test
    void whatIsRequiredFitsIntoTheNestingThatIsLeft() {
        Automaton automaton =
                automaton(
                        "{\"type\": \"object\", \"properties\": {\"n\": {\"$ref\": \"#/$defs/n\"}},"
                                + " \"required\": [\"n\"], \"$defs\": {\"n\": {\"type\": \"object\","
                                + " \"properties\": {\"s\": {\"type\": \"array\","
                                + " \"items\": {\"$ref\": \"#/$defs/n\"}}}, \"required\": [\"s\"]}}}");
        int nodes = (Automaton.MAX_NESTING - 1) / 2;
        String deep = "{\"n\":" + "{\"s\":[".repeat(nodes);
        assertThat(read(automaton, deep + "]}".repeat(nodes) + "}").complete()).isTrue();
        // One more object would need an array below the last level.
        assertThat(read(automaton, deep + "{")).isEqualTo(Situation.DEAD);
    }

    @Test
    void theEndIsAllowedExactlyWhereTheTextIsComplete() {
        AutomatonFilter filter = new AutomatonFilter(automaton("{\"type\": \"integer\"}"));
        assertThat(allowed(filter)).contains("1", "-", "12").doesNotContain("END", "\"");
        filter.accept('1');
        assertThat(filter.complete()).isTrue();
        assertThat(allowed(filter)).contains("END", "2").doesNotContain(".");
        AutomatonFilter word = new AutomatonFilter(automaton("{\"const\": true}"));
        word.accept('t');
        word.accept('r');
        word.accept('u');
        word.accept('e');
        assertThat(allowed(word)).containsExactly("END");
    }

    @Test
    void tokensMayCutCharactersInPieces() {
        AutomatonFilter filter = new AutomatonFilter(automaton("{\"type\": \"string\"}"));
        filter.accept('"');
        filter.accept(0xf0);
        filter.accept(0x9f);
        assertThat(filter.allowed(Integer.MAX_VALUE)[0xbf >> 6] >> 0xbf & 1).isEqualTo(1);
        assertThat(filter.allowed(Integer.MAX_VALUE)['a' >> 6] >> 'a' & 1).isEqualTo(0);
        filter.accept(0x98);
        filter.accept(0x80);
        filter.accept('"');
        assertThat(filter.complete()).isTrue();
    }

    @Test
    void whitespaceDoesNotRunAway() {
        Automaton automaton = VOCABULARY.automaton(ANY_OBJECT);
        assertThat(read(automaton, "{ \"a\": 1 }").complete()).isTrue();
        assertThat(read(automaton, "{\n    \"a\": 1,\n    \"b\": [\n\t1\n]\n}").complete())
                .isTrue();
        assertThat(read(automaton, "{  ")).isEqualTo(Situation.DEAD);
        assertThat(read(automaton, "{\n\n")).isEqualTo(Situation.DEAD);
        assertThat(read(automaton, "{\n" + " ".repeat(25))).isEqualTo(Situation.DEAD);
    }

    @Test
    void whatIsNotSupportedIsNamedWithItsPlace() {
        assertRefused(
                "{\"type\": \"object\", \"properties\": {\"x\": {\"nott\": {}}}}",
                "#/properties/x",
                "'nott'");
        assertRefused("{\"type\": \"array\", \"uniqueItems\": true}", "'uniqueItems'");
        assertRefused("{\"type\": \"string\", \"pattern\": \"(?=a)\"}", "#", "look-ahead");
        assertRefused("{\"type\": \"string\", \"pattern\": \"(a)\\\\1\"}", "\\1");
        assertRefused("{\"$ref\": \"#/$defs/none\"}", "#/$defs/none", "does not exist");
        assertRefused("{\"$ref\": \"other.json\"}", "other.json");
        assertRefused("{\"type\": \"text\"}", "no such type: 'text'");
        assertRefused("{\"type\": \"string\", \"minLength\": \"3\"}", "'minLength'", "number");
        assertRefused("{\"type\": \"integer\", \"multipleOf\": 0}", "'multipleOf'");
        assertRefused("{\"type\": \"number\", \"multipleOf\": 1.23456789}", "'multipleOf'");
    }

    @Test
    void contradictionsAndEndlessSchemasAreRefused() {
        assertRefused(
                "{\"allOf\": [{\"type\": \"string\"}, {\"type\": \"null\"}]}", "no JSON value");
        assertRefused("{\"type\": \"integer\", \"minimum\": 3, \"maximum\": 2}", "no JSON value");
        assertRefused("{\"$ref\": \"#\"}", "back to itself");
        assertRefused("{\"anyOf\": [{\"$ref\": \"#\"}, {\"type\": \"null\"}]}", "back to itself");
        assertRefused(
                "{\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"#\"}},"
                        + " \"required\": [\"a\"]}",
                "no JSON value");
        assertRefused(
                "{\"type\": \"string\", \"pattern\": \"^((a{900}){900}){900}$\"}", "too large");
        String nest = "{\"type\": \"array\", \"minItems\": 1, \"items\": ";
        assertRefused(nest.repeat(70) + "true" + "}".repeat(70), "70 levels of nesting");
        assertRefused("{\"type\": \"array\", \"minItems\": 99999999}", "'minItems'");
    }

    @Test
    void placesInLongStringsShareAMask() {
        Automaton automaton = automaton("{\"type\": \"string\", \"maxLength\": 100}");
        int height = VOCABULARY.trie().height();
        long[] mask = mask(automaton, 1);
        assertThat(mask(automaton, 99 - height)).isSameAs(mask);
        assertThat(mask(automaton, 100 - height)).isNotSameAs(mask).isEqualTo(mask);
        assertThat(mask(automaton, 98)).isNotEqualTo(mask);
        // Within a character as well.
        Situation smile = automaton.next(read(automaton, "\"x"), 0xf0);
        Situation later = automaton.next(read(automaton, "\"xyz"), 0xf0);
        assertThat(automaton.allowed(later, 1000)).isSameAs(automaton.allowed(smile, 1000));
    }

    private static long[] mask(Automaton automaton, int characters) {
        return automaton.allowed(read(automaton, "\"" + "a".repeat(characters)), 1000);
    }

    @Test
    void aFilterIsFreshEachTimeAndTheAutomatonIsShared() {
        assertThat(automaton("{\"type\": \"null\"}")).isSameAs(automaton("{\"type\": \"null\"}"));
    }

    private static java.util.List<String> allowed(AutomatonFilter filter) {
        long[] mask = filter.allowed(Integer.MAX_VALUE);
        java.util.List<String> tokens = new java.util.ArrayList<>();
        for (int id = 0; id < VOCABULARY.bytes().length; id++) {
            if ((mask[id >> 6] >> id & 1) != 0) {
                boolean end = id == VOCABULARY.ends()[0];
                tokens.add(
                        end ? "END" : new String(VOCABULARY.bytes()[id], StandardCharsets.UTF_8));
            }
        }
        return tokens;
    }
}
