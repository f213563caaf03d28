package dev.jebena.llm.internal.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.llm.Constraint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Masks that situations share are those that each would get alone.
class MaskCacheTest {
    private static final Vocabulary VOCABULARY = ToyVocabulary.make();
    private static final int TOKENS = 150;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "root ::= (\"ab\" | [x-z]){40,90}",
                "root ::= (\"a\"? \"b\"?){30,60} \"!\"",
                "root ::= line{20,}\nline ::= \"- \" [a-c]{1,25} \"\\n\"",
                "root ::= (\"a\" (\"b\"{14,30} \",\"){15,20} | \"ab\"{20,40}){30}"
            })
    void masksOfGrammarsAreTheSameInAFreshAutomaton(String grammar) {
        compare(Constraint.grammar(grammar));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"string\",\"minLength\":40,\"maxLength\":70}",
                "{\"type\":\"array\",\"minItems\":30,\"items\":{\"type\":\"integer\",\"maximum\":12}}",
                "{\"type\":\"array\",\"maxItems\":60,\"prefixItems\":[true],\"items\":{\"enum\":[1,\"a\"]}}",
                "{\"type\":\"array\",\"minItems\":20,\"maxItems\":40,\"items\":{\"type\":\"array\",\"minItems\":14,\"items\":{\"type\":\"string\",\"maxLength\":20}}}",
                "{\"type\":\"array\",\"minItems\":30,\"items\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"minLength\":15},\"b\":{\"type\":\"boolean\"}}}}"
            })
    void masksOfSchemasAreTheSameInAFreshAutomaton(String schema) {
        compare(Constraint.schema(schema));
    }

    private static void compare(Constraint constraint) {
        Rule rule = ConstraintGrammar.of(constraint, name -> -1);
        Automaton warm = new Automaton(rule, VOCABULARY);
        for (int seed = 1; seed <= 4; seed++) {
            Random random = new Random(seed);
            int limit = seed % 2 == 0 ? Integer.MAX_VALUE : TOKENS + random.nextInt(400);
            List<Integer> said = new ArrayList<>();
            Situation situation = warm.start();
            for (int step = 0; step < TOKENS; step++) {
                long[] mask = warm.allowed(situation, limit - step);
                if (step % 5 == 0) {
                    assertThat(mask)
                            .as("%s, seed %d, step %d", constraint, seed, step)
                            .isEqualTo(fresh(rule, said, limit - step));
                }
                int id = SampledTexts.any(mask, random);
                if (id == VOCABULARY.ends()[0]) {
                    break;
                }
                said.add(id);
                situation = warm.after(situation, id);
            }
        }
    }

    private static long[] fresh(Rule rule, List<Integer> said, int remaining) {
        Automaton automaton = new Automaton(rule, VOCABULARY);
        Situation at = automaton.start();
        for (int id : said) {
            at = automaton.after(at, id);
        }
        return automaton.allowed(at, remaining);
    }
}
