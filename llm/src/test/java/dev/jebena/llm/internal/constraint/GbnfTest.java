package dev.jebena.llm.internal.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.llm.Constraint;
import dev.jebena.llm.LlmException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GbnfTest {
    private static final Vocabulary VOCABULARY = ToyVocabulary.make();
    private static final int SPECIAL = VOCABULARY.bytes().length - 1;

    private static Automaton automaton(String... lines) {
        return VOCABULARY.automaton(Constraint.grammar(String.join("\n", lines)));
    }

    private static boolean accepts(Automaton automaton, String text) {
        Situation at = automaton.start();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            at = automaton.next(at, b & 0xff);
        }
        return at.complete();
    }

    private static void assertTexts(Automaton automaton, String[] valid, String... invalid) {
        for (String text : valid) {
            assertThat(accepts(automaton, text)).as("accepts '%s'", text).isTrue();
        }
        for (String text : invalid) {
            assertThat(accepts(automaton, text)).as("refuses '%s'", text).isFalse();
        }
    }

    private static String[] texts(String... texts) {
        return texts;
    }

    @Test
    void sequencesAlternativesAndGroups() {
        Automaton automaton =
                automaton(
                        "# a comment",
                        "root ::= greeting (\", \" name | \"!\") # another",
                        "greeting ::= \"Hi\" |",
                        "   \"Hello\"",
                        "name ::= [A-Z] [a-z]+");
        assertTexts(
                automaton,
                texts("Hi!", "Hello, Bob", "Hi, Al"),
                "Hi",
                "Hi, bob",
                "Hello!!",
                "hi!",
                "Hi, A");
    }

    @Test
    void repetitions() {
        Automaton automaton =
                automaton("root ::= \"a\"{2} \"b\"{1,3} \"c\"{2,} \"d\"? \"e\"* \"f\"+");
        assertTexts(
                automaton,
                texts("aabccf", "aabbbccccdeeefff", "aabbccdf"),
                "abccf",
                "aaabccf",
                "aabbbbccf",
                "aabcf",
                "aabccddf",
                "aabcc");
        assertTexts(automaton("root ::= (\"ab\" | \"c\"){2,3}"), texts("abc", "ccab"), "c", "cccc");
        assertTexts(automaton("root ::= \"a\"{0} \"b\""), texts("b"), "ab");
        assertTexts(automaton("root ::= \"a\"{0,9999}"), texts("", "a".repeat(3000)));
    }

    @Test
    void classesAndEscapes() {
        assertTexts(
                automaton("root ::= [^a-c\\]\\-x]"),
                texts("d", "é", "\n", "["),
                "a",
                "b",
                "]",
                "-",
                "x");
        assertTexts(automaton("root ::= [a\\-z]"), texts("a", "-", "z"), "b");
        assertTexts(automaton("root ::= [az-]"), texts("a", "-", "z"), "b");
        assertTexts(
                automaton("root ::= \"\\x41\\u00e9\\U0001F600\\t\\\"\\\\\""),
                texts("Aé😀\t\"\\"),
                "A");
        assertTexts(automaton("root ::= [\\u3040-\\u309f]+"), texts("ひらがな"), "カ", "");
        assertTexts(automaton("root ::= . ."), texts("ab", "\n😀"), "a", "abc");
        assertTexts(automaton("root ::= \"日本\""), texts("日本"), "日");
    }

    @Test
    void recursion() {
        Automaton automaton =
                automaton(
                        "root ::= expression",
                        "expression ::= term (\"+\" term)*",
                        "term ::= \"x\" | \"(\" expression \")\"");
        assertTexts(
                automaton,
                texts("x", "x+x", "(x+(x))+x", "(".repeat(200) + "x" + ")".repeat(200)),
                "",
                "x+",
                "(x",
                "x)");
        assertTexts(
                automaton("root ::= \"a\" root \"b\" | \"\""), texts("", "ab", "aaabbb"), "aab");
        assertTexts(automaton("root ::= \"a\" root | \"b\""), texts("b", "aab"), "aa");
    }

    @Test
    void recursiveTextsEndWithinAnyLimit() {
        Automaton automaton = automaton("root ::= \"[\" (root (\",\" root)*)? \"]\" | [0-9]{1,3}");
        for (int limit = 3; limit < 200; limit++) {
            String text =
                    new RandomWalk(VOCABULARY, new Random(limit)).text(automaton, limit, "[,[");
            assertThat(accepts(automaton, text)).as("%d: %s", limit, text).isTrue();
        }
    }

    @Test
    void wholeTokens() {
        Automaton automaton = automaton("root ::= \"a\" <[%d]> \"b\"".formatted(SPECIAL - 1));
        AutomatonFilter filter = new AutomatonFilter(automaton);
        filter.accept('a');
        long[] mask = filter.allowed(100);
        assertThat(bits(mask)).isEqualTo(1);
        filter.accept(SPECIAL - 1);
        filter.accept('b');
        assertThat(filter.complete()).isTrue();
        AutomatonFilter not =
                new AutomatonFilter(automaton("root ::= !<[%d]>".formatted((int) 'a')));
        assertThat(bits(not.allowed(100))).isEqualTo(VOCABULARY.bytes().length - 2);
    }

    private static int bits(long[] mask) {
        int count = 0;
        for (long word : mask) {
            count += Long.bitCount(word);
        }
        return count;
    }

    private static void assertRefused(String grammar, String... parts) {
        assertThatThrownBy(() -> automaton(grammar))
                .isInstanceOfSatisfying(
                        LlmException.class,
                        e -> assertThat(e.code()).isEqualTo(LlmException.Code.BAD_REQUEST))
                .hasMessageContainingAll(parts);
    }

    @Test
    void mistakesAreNamedWithLineAndColumn() {
        assertRefused("root ::= item\nlist ::= \"x\"", "line 1, column 10", "'item'");
        assertRefused("root ::= \"a\nb ::= \"c\"", "line 2", "column");
        assertRefused("root = \"a\"", "line 1, column 6", "'::='");
        assertRefused("root ::= [b-a]", "line 1, column 11", "ends before it begins");
        assertRefused("root ::= \"\\q\"", "line 1, column 11", "unknown escape");
        assertRefused("root ::= \"\\u12\"", "4 hexadecimal digits");
        assertRefused("root ::= \"\\ud800\"", "no such character");
        assertRefused("root ::= (\"a\"", "expected ')'");
        assertRefused("root ::= \"a\"{3,2}", "{3,2}");
        assertRefused("root ::= \"a\"{3000}", "3000", "2000");
        assertRefused("root ::= \"a\"{x}", "expected a number");
        assertRefused("root ::= * \"a\"", "line 1, column 10");
        assertRefused("root ::= \"a\"\nroot ::= \"b\"", "line 2, column 1", "defined twice");
        assertRefused("item ::= \"a\"", "no rule 'root'");
        assertRefused("", "no rule 'root'");
        assertRefused("root ::= <nothing>", "line 1, column 10", "<nothing>");
    }

    @Test
    void endlessRulesAreRefused() {
        assertRefused("root ::= root \"a\" | \"b\"", "'root'", "left recursion");
        assertRefused(
                "root ::= first\nfirst ::= second \"x\" | \"y\"\nsecond ::= first | \"z\"",
                "left recursion");
        // Only through something that may be empty.
        assertRefused(
                "root ::= blank root \"x\" | \"y\"\nblank ::= \" \"*", "'root'", "left recursion");
        assertRefused("root ::= \"a\" root", "no text can satisfy the grammar");
        assertRefused("root ::= " + "(".repeat(500), "nested deeper");
        assertRefused("root ::= \"a\"" + "*".repeat(1000), "repetitions of one symbol");
    }
}
