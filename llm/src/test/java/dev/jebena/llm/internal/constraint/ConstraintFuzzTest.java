package dev.jebena.llm.internal.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.LlmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Grammars, expressions and schemas from strangers: a text that fits, or one clear refusal, and
/// never much time.
class ConstraintFuzzTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 300);
    private static final long SEED = Long.getLong("jebena.fuzz.seed", 1);
    private static final long MOST_MILLIS = 20_000;
    private static final Vocabulary VOCABULARY = ToyVocabulary.make();

    private static final String[] GRAMMARS = {
        "root ::= \"a\" (b | [^c-e\\n] \"\\x41\")* {2,3}\nb ::= \"x\"? . # end",
        "root ::= \"[\" (root (\",\" root)*)? \"]\" | [0-9]{1,3}",
        "root ::= item+\nitem ::= \"- \" [^\\r\\n]+ \"\\n\" | <[65]> | !<[66]>",
        "root ::= x{0,5}\nx ::= \"a\" | \"b\" y\ny ::= [a-z]{3} | x"
    };

    private static final String[] REGEXES = {
        "^(?:a|b)*c{2,4}[^d-f]\\d+\\w?$",
        "(\\p{L}|[a-z&&[^b]])+",
        "((a*)*)*b",
        "[^\\]\\\\-]{1,20}?x"
    };

    private static String mutated(Random random, String source, String letters) {
        StringBuilder text = new StringBuilder(source);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, letters.charAt(random.nextInt(letters.length())));
                case 1 -> {
                    if (at < text.length()) {
                        text.deleteCharAt(at);
                    }
                }
                case 2 -> {
                    int end = Math.min(text.length(), at + random.nextInt(12));
                    text.insert(random.nextInt(text.length() + 1), text.substring(at, end));
                }
                default -> text.setLength(Math.max(1, at));
            }
        }
        return text.toString();
    }

    private static void run(String what, Function<Random, Constraint> make) {
        for (long seed = SEED; seed < SEED + CASES; seed++) {
            Constraint constraint = make.apply(new Random(seed));
            long begin = System.nanoTime();
            String text = null;
            try {
                Automaton automaton =
                        new Automaton(ConstraintGrammar.of(constraint, name -> -1), VOCABULARY);
                int least = Math.min(2000, automaton.tokensToEnd(automaton.start()));
                text = new RandomWalk(VOCABULARY, new Random(seed)).text(automaton, least + 8, "");
            } catch (LlmException e) {
                assertThat(e.code()).isEqualTo(LlmException.Code.BAD_REQUEST);
                assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
            } catch (RuntimeException | Error e) {
                throw new AssertionError(what + ", seed " + seed + ": " + constraint, e);
            }
            long millis = (System.nanoTime() - begin) / 1_000_000;
            assertThat(millis)
                    .as("%s, seed %d: %s", what, seed, constraint)
                    .isLessThan(MOST_MILLIS);
            if (text != null && constraint instanceof Constraint.JsonSchema) {
                assertThat(Json.write(Json.parse(text))).as("seed %d", seed).isNotNull();
            }
        }
    }

    @Test
    void grammars() {
        run(
                "grammar",
                random ->
                        Constraint.grammar(
                                mutated(
                                        random,
                                        GRAMMARS[random.nextInt(GRAMMARS.length)],
                                        "\"[](){}*+?|:=<>!#\\.-\nabx09,")));
    }

    @Test
    void expressions() {
        run(
                "regex",
                random ->
                        Constraint.regex(
                                mutated(
                                        random,
                                        REGEXES[random.nextInt(REGEXES.length)],
                                        "[](){}*+?|\\^$.-abdwpu09,:=!<>")));
    }

    @Test
    void schemas() {
        run("schema", random -> new Constraint.JsonSchema(schema(random, 0)));
    }

    private static Map<String, @Nullable Object> schema(Random random, int depth) {
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        int keywords = random.nextInt(depth == 0 ? 5 : 3);
        for (int i = 0; i <= keywords; i++) {
            String keyword = KEYWORDS[random.nextInt(KEYWORDS.length)];
            schema.put(keyword, value(random, keyword, depth));
        }
        return schema;
    }

    private static final String[] KEYWORDS = {
        "type",
        "type",
        "enum",
        "const",
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "then",
        "else",
        "properties",
        "required",
        "additionalProperties",
        "patternProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
        "dependentRequired",
        "dependentSchemas",
        "items",
        "prefixItems",
        "contains",
        "minContains",
        "maxContains",
        "uniqueItems",
        "minItems",
        "maxItems",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "multipleOf",
        "unevaluatedProperties",
        "unevaluatedItems"
    };

    private static @Nullable Object value(Random random, String keyword, int depth) {
        if (random.nextInt(60) == 0) {
            return constant(random);
        }
        return switch (keyword) {
            case "type" -> TYPES[random.nextInt(TYPES.length)];
            case "enum" -> List.of(1L, "a", true, "b", List.of(1L), Map.of("a", 1L));
            case "const" -> constant(random);
            case "$ref" -> random.nextBoolean() ? "#" : "#/properties/a";
            case "allOf", "anyOf", "oneOf", "prefixItems" -> {
                List<@Nullable Object> all = new ArrayList<>();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    all.add(part(random, depth));
                }
                yield all;
            }
            case "properties", "dependentSchemas" -> {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    all.put(String.valueOf("abc".charAt(i)), part(random, depth));
                }
                yield all;
            }
            case "patternProperties" -> {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                all.put(PATTERNS[random.nextInt(PATTERNS.length)], part(random, depth));
                yield all;
            }
            case "required" -> List.of("a", "z").subList(0, random.nextInt(3));
            case "dependentRequired" -> Map.of("a", List.of("b"));
            case "uniqueItems" -> random.nextBoolean();
            case "pattern" -> PATTERNS[random.nextInt(PATTERNS.length)];
            case "format" -> random.nextBoolean() ? "date" : "ipv4";
            case "multipleOf" -> random.nextBoolean() ? (Object) 0.5 : (Object) 7L;
            case "minimum", "maximum", "exclusiveMinimum" -> (long) random.nextInt(20) - 10;
            default ->
                    keyword.startsWith("m")
                            ? (Object) (long) random.nextInt(5)
                            : part(random, depth);
        };
    }

    private static final String[] TYPES = {
        "object", "array", "string", "number", "integer", "boolean", "null"
    };
    private static final String[] PATTERNS = {"^a", "b$", "^[a-c]{1,3}$", "x|y", "\\d+"};

    private static @Nullable Object constant(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> 1L;
            case 2 -> "a";
            case 3 -> List.of(1L, "a");
            case 4 -> Map.of("a", 1L);
            default -> 0.5;
        };
    }

    private static @Nullable Object part(Random random, int depth) {
        return depth > 2 || random.nextInt(6) == 0
                ? (Object) random.nextBoolean()
                : schema(random, depth + 1);
    }
}
