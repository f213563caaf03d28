package dev.jebena.llm.internal.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.llm.Constraint;
import dev.jebena.llm.LlmException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Texts that match as a whole; the JDK's own expressions are the judge.
class RegexConstraintTest {
    private static final Vocabulary VOCABULARY = ToyVocabulary.make();

    private static Automaton automaton(Constraint constraint) {
        return VOCABULARY.automaton(constraint);
    }

    private static boolean accepts(Automaton automaton, String text) {
        Situation at = automaton.start();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            at = automaton.next(at, b & 0xff);
        }
        return at.complete();
    }

    private static String expression(Random random, int depth) {
        int kind = random.nextInt(depth > 3 ? 4 : 8);
        return switch (kind) {
            case 0, 1 -> String.valueOf("abc".charAt(random.nextInt(3)));
            case 2 -> random.nextBoolean() ? "[ab]" : "[^a]";
            case 3 -> random.nextBoolean() ? "\\d" : ".";
            case 4 -> expression(random, depth + 1) + expression(random, depth + 1);
            case 5 ->
                    "(?:"
                            + expression(random, depth + 1)
                            + "|"
                            + expression(random, depth + 1)
                            + ")";
            case 6 -> "(" + expression(random, depth + 1) + ")" + "*+?".charAt(random.nextInt(3));
            default -> "(" + expression(random, depth + 1) + "){" + random.nextInt(3) + ",3}";
        };
    }

    @Test
    void acceptsWhatTheJdkMatches() {
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            String expression = expression(random, 0);
            Automaton automaton = automaton(Constraint.regex(expression));
            Pattern judge = Pattern.compile(expression);
            for (int i = 0; i < 60; i++) {
                StringBuilder text = new StringBuilder();
                for (int length = random.nextInt(6); length > 0; length--) {
                    text.append("abc1é".charAt(random.nextInt(5)));
                }
                assertThat(accepts(automaton, text.toString()))
                        .as("seed %d: %s on '%s'", seed, expression, text)
                        .isEqualTo(judge.matcher(text).matches());
            }
            for (int i = 0; i < 5; i++) {
                String text = new RandomWalk(VOCABULARY, new Random(i)).text(automaton);
                assertThat(judge.matcher(text).matches() || text.contains("\u0085"))
                        .as("seed %d: %s wrote '%s'", seed, expression, text)
                        .isTrue();
            }
        }
    }

    /// The same with anchors anywhere.
    private static String anchored(Random random, int depth) {
        String inner =
                depth > 2 ? expression(random, 3) : "(?:" + anchored(random, depth + 1) + ")";
        return switch (random.nextInt(8)) {
            case 0 -> "^" + inner;
            case 1 -> inner + "$";
            case 2 -> "(^|" + inner + ")" + expression(random, 3);
            case 3 -> expression(random, 3) + "($|" + inner + ")";
            case 4 -> "(?:" + inner + "|" + anchored(random, depth + 1) + ")";
            case 5 -> "(?:" + inner + ")" + "*+?".charAt(random.nextInt(3));
            case 6 -> "(?:" + inner + "){1,2}" + expression(random, 3);
            default -> inner + expression(random, 3);
        };
    }

    @Test
    void anchorsWithinGroupsMeanWhatTheyMeanToTheJdk() {
        int cases = Integer.getInteger("jebena.fuzz.cases", 1_500);
        int refused = 0;
        for (int seed = 0; seed < cases; seed++) {
            Random random = new Random(seed);
            String expression = anchored(random, 0);
            Pattern judge = Pattern.compile(expression.replace("$", "\\z"));
            boolean searches = random.nextBoolean();
            RegexNode regex =
                    searches
                            ? RegexParser.parse(expression, "#")
                            : RegexParser.parseWhole(expression);
            Language language = smallEnough(regex);
            if (language == null) {
                refused++;
                continue;
            }
            for (int i = 0; i < 20; i++) {
                StringBuilder text = new StringBuilder();
                for (int length = random.nextInt(6); length > 0; length--) {
                    text.append("abc1é".charAt(random.nextInt(5)));
                }
                boolean expected =
                        searches ? judge.matcher(text).find() : judge.matcher(text).matches();
                assertThat(language.contains(text.toString()))
                        .as("seed %d: %s on '%s'", seed, expression, text)
                        .isEqualTo(expected);
            }
        }
        assertThat(refused).isLessThan(Math.max(1, cases / 50));
    }

    private static @Nullable Language smallEnough(RegexNode regex) {
        try {
            return Language.of(regex);
        } catch (LlmException e) {
            assertThat(e).hasMessageContaining("too large");
            return null;
        }
    }

    @Test
    void anchorsAtTheEndsChangeNothing() {
        Automaton automaton = automaton(Constraint.regex("^(?:yes|no)$"));
        assertThat(accepts(automaton, "yes")).isTrue();
        assertThat(accepts(automaton, "yesno")).isFalse();
        assertThat(accepts(automaton(Constraint.regex("a")), "xa")).isFalse();
    }

    @Test
    void propertiesOfCharactersAreUnicodes() {
        Automaton words = automaton(Constraint.regex("\\p{Lu}\\p{Letter}+\\P{L}[\\p{Nd}_]"));
        assertThat(accepts(words, "Ärger 7")).isTrue();
        assertThat(accepts(words, "Жук-_")).isTrue();
        assertThat(accepts(words, "ärger 7")).isFalse();
        Automaton greek = automaton(Constraint.regex("\\p{Script=Greek}*\\p{Emoji_Presentation}"));
        assertThat(accepts(greek, "λόγος😀")).isTrue();
        assertThat(accepts(greek, "logos😀")).isFalse();
        for (String name : List.of("p{Nonsense}", "p{Script=Elvish}", "pL", "p{L", "p{x=L}")) {
            assertThatThrownBy(() -> automaton(Constraint.regex("\\" + name)))
                    .isInstanceOf(LlmException.class)
                    .hasMessageContaining("regular expression '");
        }
        assertThatThrownBy(() -> automaton(Constraint.regex("(?=a)b")))
                .hasMessageContaining("look-ahead");
    }

    @Test
    void whatIsNoRegularLanguageIsRefused() {
        for (String expression : List.of("(a)\\1", "(?=a)b", "a(?<!b)", "(", "[a", "a{3,1}", "*")) {
            assertThatThrownBy(() -> automaton(Constraint.regex(expression)))
                    .isInstanceOf(LlmException.class)
                    .hasMessageContaining("regular expression '" + expression + "'");
        }
        assertThatThrownBy(() -> automaton(Constraint.regex("[]")))
                .hasMessageContaining("no text can satisfy");
    }

    @Test
    void choicesAreTheTextsAndNothingElse() {
        Automaton automaton =
                automaton(Constraint.choice(List.of("yes", "no", "not sure", "日本", "日")));
        for (String text : List.of("yes", "no", "not sure", "日本", "日")) {
            assertThat(accepts(automaton, text)).as(text).isTrue();
        }
        for (String text : List.of("", "not", "yesno", "maybe", "本")) {
            assertThat(accepts(automaton, text)).as(text).isFalse();
        }
        assertThatThrownBy(() -> automaton(Constraint.choice(List.of())))
                .hasMessageContaining("expected 1 to 100000 texts");
    }
}
