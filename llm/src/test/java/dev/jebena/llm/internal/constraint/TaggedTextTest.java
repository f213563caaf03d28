package dev.jebena.llm.internal.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.json.Json;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.Constraint.Tag;
import dev.jebena.llm.Constraint.Trigger;
import dev.jebena.llm.LlmException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Free text with parts that have a form: tags, and constraints that begin with a trigger.
class TaggedTextTest {
    private static final Constraint NUMBER = Constraint.schema(Map.of("type", "integer"));

    private static Automaton automaton(Constraint constraint) {
        return ToyVocabulary.make().automaton(constraint);
    }

    private static boolean accepts(Constraint constraint, String text) {
        Automaton automaton = automaton(constraint);
        Situation at = automaton.start();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            at = automaton.next(at, b & 0xff);
        }
        return at.complete();
    }

    private static Constraint.Tagged tagged(boolean atLeastOne, boolean onlyFirst) {
        return new Constraint.Tagged(
                List.of("<f", "[["),
                List.of(
                        new Tag("<f=a>", NUMBER, List.of("</f>")),
                        new Tag("<f=b>", new Constraint.Free(List.of()), List.of("</f>", "<end>")),
                        new Tag("[[", NUMBER, List.of("]]"))),
                List.of("bad"),
                atLeastOne,
                onlyFirst);
    }

    @Test
    void betweenTagsStandsAnyText() {
        Constraint tagged = tagged(false, false);
        for (String text :
                List.of(
                        "",
                        "no tags at all <",
                        "one <f=a>12</f> and [[7]] and < more",
                        "<<f=b>any <f=a> text</f>",
                        "<f=b>x<end>y",
                        "[[1]][[2]]")) {
            assertThat(accepts(tagged, text)).as(text).isTrue();
        }
        for (String text :
                List.of("<f", "<f=c>", "<f=a>x</f>", "<f=a>1", "[[x]]", "so bad", "[[1]] bad")) {
            assertThat(accepts(tagged, text)).as(text).isFalse();
        }
    }

    @Test
    void theFirstTagMayBeDemandedAndMayBeTheLast() {
        assertThat(accepts(tagged(true, false), "<f=a>1</f> and text")).isTrue();
        assertThat(accepts(tagged(true, false), "text <f=a>1</f>")).isFalse();
        assertThat(accepts(tagged(false, true), "text <f=a>1</f>")).isTrue();
        assertThat(accepts(tagged(false, true), "text <f=a>1</f> more")).isFalse();
        assertThat(accepts(tagged(true, true), "[[5]]")).isTrue();
        assertThat(accepts(tagged(true, true), "[[5]] ")).isFalse();
        assertThat(accepts(tagged(true, true), "")).isFalse();
    }

    @Test
    void aTagWithoutATriggerIsRefused() {
        Constraint tagged =
                new Constraint.Tagged(
                        List.of("<g"),
                        List.of(new Tag("<f>", NUMBER, List.of(""))),
                        List.of(),
                        false,
                        false);
        assertThatThrownBy(() -> automaton(tagged)).hasMessageContaining("no trigger is a beginn");
    }

    @Test
    void specialTokensAreTriggersAndMarks() {
        Constraint tagged =
                new Constraint.Tagged(
                        List.of("<|call|>"),
                        List.of(new Tag("<|call|>f", NUMBER, List.of("<|end|>"))),
                        List.of(),
                        false,
                        false);
        SampledTexts texts = new SampledTexts(tagged, Set.of("<|call|>", "<|end|>"));
        Pattern call = Pattern.compile("<\\|call\\|>(.{0,60})");
        int calls = 0;
        for (int seed = 0; seed < 60; seed++) {
            String text = texts.next(new Random(seed));
            Matcher found = call.matcher(text);
            while (found.find()) {
                calls++;
                assertThat(found.group(1)).matches("f-?\\d+<\\|end\\|>.*");
            }
        }
        assertThat(calls).isGreaterThan(20);
    }

    @Test
    void repeatedPartsAndAlternativesAreJoined() {
        Constraint list =
                new Constraint.Sequence(
                        List.of(
                                new Constraint.Text("("),
                                new Constraint.Repeated(
                                        new Constraint.Either(
                                                List.of(
                                                        new Constraint.Text("x"),
                                                        Constraint.regex("[0-9]{2}"))),
                                        1,
                                        3),
                                Constraint.choice(List.of(")", "]"))));
        for (String text : List.of("(x)", "(12x]", "(xxx)")) {
            assertThat(accepts(list, text)).as(text).isTrue();
        }
        for (String text : List.of("()", "(xxxx)", "(1)", "x")) {
            assertThat(accepts(list, text)).as(text).isFalse();
        }
    }

    private static String lazily(List<Trigger> triggers, String grammar, String free) {
        Vocabulary vocabulary = ToyVocabulary.make();
        Constraint.Lazy lazy = new Constraint.Lazy(Constraint.grammar(grammar), triggers);
        LazyFilter filter = new LazyFilter(lazy, vocabulary);
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        byte[] said = free.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 200; i++) {
            long[] mask = filter.allowed(1_000);
            int id = i < said.length ? said[i] & 0xff : any(mask, random);
            assertThat(mask[id >> 6] >>> id & 1).as("step %d after %s", i, text).isEqualTo(1);
            if (id == vocabulary.ends()[0]) {
                break;
            }
            filter.accept(id);
            text.append(new String(vocabulary.bytes()[id], StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    private static int any(long[] mask, Random random) {
        List<Integer> all = new ArrayList<>();
        for (int id = 0; id < mask.length * 64; id++) {
            if ((mask[id >> 6] >>> id & 1) != 0) {
                all.add(id);
            }
        }
        return all.get(random.nextInt(all.size()));
    }

    @Test
    void aLazyGrammarHoldsFromItsTriggerOn() {
        String grammar = "root ::= \"<call>\" [0-9]{1,4} \"</call>\"";
        for (Trigger trigger :
                List.of(
                        new Trigger.Word("<call>"),
                        new Trigger.Pattern("<c[a-z]+>", false),
                        new Trigger.Pattern("[\\s\\S]*?(<call>)[\\s\\S]*", true))) {
            String text = lazily(List.of(trigger), grammar, "Some text <call>");
            assertThat(text).as("%s", trigger).matches("Some text <call>\\d{1,4}</call>");
        }
    }

    @Test
    void aTriggerThatTheGrammarDoesNotKnowIsAnError() {
        assertThatThrownBy(
                        () -> lazily(List.of(new Trigger.Word("go")), "root ::= \"stop\"", "we go"))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("does not begin with what triggered it: 'go'");
    }

    @Test
    void patternsThatTakeForeverAreStopped() {
        TriggerPattern pattern = new TriggerPattern("(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)b", false);
        assertThatThrownBy(() -> pattern.find("a".repeat(60)))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("takes too long");
        assertThatThrownBy(() -> new TriggerPattern("(", true)).isInstanceOf(LlmException.class);
    }

    @Test
    void limitsAreKeptOverTokensAsWell() {
        Constraint constraint =
                new Constraint.Sequence(
                        List.of(
                                new Constraint.Text("<|begin|>"),
                                Constraint.schema(
                                        "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}"),
                                new Constraint.Text("<|end|>")));
        SampledTexts texts = new SampledTexts(constraint, Set.of("<|begin|>", "<|end|>"));
        for (int limit : new int[] {5, 6, 9, 20, 60}) {
            for (int seed = 0; seed < 30; seed++) {
                String text = texts.next(new Random(seed), limit);
                assertThat(text).as("limit %d", limit).startsWith("<|begin|>").endsWith("<|end|>");
                String json =
                        text.substring("<|begin|>".length(), text.length() - "<|end|>".length());
                assertThat(Json.parse(json)).isInstanceOf(List.class);
            }
        }
    }
}
