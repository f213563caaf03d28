package dev.jebena.llm.internal.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.downloads.Downloads;
import dev.jebena.json.Json;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.LlmException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The JSON Schema test suite: what is written under each of its schemas is valid, there is always
/// a way on, no instance is accepted that the suite marks invalid, and most valid ones are.
@Tag("slow")
class SchemaSuiteTest {
    private static final Vocabulary VOCABULARY = ToyVocabulary.make();
    private static final int SEEDS = Integer.getInteger("jebena.suite.seeds", 3);
    private static final int[] LIMITS = {0, 2, 12};

    /// Schemas that no value satisfies.
    private static final String NOTHING = "no JSON value can satisfy the schema";

    private final Map<String, Integer> refused = new TreeMap<>();
    private final List<String> unsound = new ArrayList<>();
    private int schemas;
    private int generated;
    private int valid;
    private int accepted;
    private final List<String> missed = new ArrayList<>();

    @Test
    void whatIsWrittenIsValid() throws IOException {
        try (Stream<Path> files = Files.list(Downloads.schemaSuite())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                for (Object group : Json.array(Json.parse(Files.readString(file)))) {
                    check(String.valueOf(file.getFileName()), Json.object(group));
                }
            }
        }
        System.out.printf(
                "JSON Schema test suite: %d schemas, %d generated, %d of %d valid instances accepted%n",
                schemas, generated, accepted, valid);
        refused.forEach((why, count) -> System.out.println("  refused " + count + ": " + why));
        missed.forEach(one -> System.out.println("  missed " + one));
        assertThat(unsound).isEmpty();
        assertThat(generated).isGreaterThan(schemas * 8 / 10);
        assertThat(accepted).isGreaterThan(valid * 9 / 10);
    }

    private void check(String file, Map<String, @Nullable Object> group) {
        Object schema = group.get("schema");
        String name = file + ": " + group.get("description");
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (schema instanceof Map<?, ?>) {
            map = Json.object(schema);
        } else {
            map.put("allOf", List.of(schema));
        }
        schemas++;
        List<@Nullable Object> tests = Json.array(group.get("tests"));
        try {
            Automaton automaton = VOCABULARY.automaton(new Constraint.JsonSchema(map));
            write(name, map, automaton);
            generated++;
            Automaton all = wide(map);
            for (Object test : tests) {
                read(name, all, Json.object(test));
            }
        } catch (LlmException e) {
            assertThat(e.code()).as(name).isEqualTo(LlmException.Code.BAD_REQUEST);
            boolean anyValid =
                    tests.stream().anyMatch(t -> Boolean.TRUE.equals(Json.object(t).get("valid")));
            String why = String.valueOf(e.getMessage());
            if (why.startsWith(NOTHING) && !anyValid) {
                generated++;
            } else {
                refused.merge(name + ": " + why, 1, Integer::sum);
            }
        }
    }

    private static Automaton wide(Map<String, @Nullable Object> schema) {
        Grammar grammar = new Grammar("schema", "JSON value");
        Rule root = new SchemaGrammar(grammar, new JsonText(grammar), schema, true).root();
        grammar.prune(root);
        return new Automaton(root, VOCABULARY);
    }

    private void write(String name, Map<String, @Nullable Object> schema, Automaton automaton) {
        int least = automaton.tokensToEnd(automaton.start());
        for (int seed = 0; seed < SEEDS; seed++) {
            RandomWalk walk = new RandomWalk(VOCABULARY, new Random(seed));
            judge(name, schema, walk.text(automaton, 300, "\"}]"), seed);
            for (int more : LIMITS) {
                judge(name, schema, walk.text(automaton, least + more, ""), seed);
            }
        }
    }

    private void judge(String name, Map<String, @Nullable Object> schema, String text, int seed) {
        List<String> errors;
        try {
            errors = ConstraintOracleTest.errors(schema, text, false);
        } catch (RuntimeException e) {
            // What the judge does not know.
            return;
        }
        if (!errors.isEmpty() && unsound.size() < 40) {
            unsound.add("%s, seed %d wrote %s: %s".formatted(name, seed, text, errors));
        }
    }

    private void read(String name, Automaton automaton, Map<String, @Nullable Object> test) {
        Object data = test.get("data");
        boolean accepts = accepts(automaton, sorted(automaton, data));
        if (Boolean.TRUE.equals(test.get("valid"))) {
            valid++;
            accepted += accepts ? 1 : 0;
            if (!accepts) {
                missed.add(name + ": " + Json.write(data));
            }
        } else if (accepts) {
            unsound.add(name + " accepts " + Json.write(data));
        }
    }

    /// The value with the members of its objects in whatever order the automaton takes.
    private static String sorted(Automaton automaton, @Nullable Object data) {
        if (data instanceof Map<?, ?> map && map.size() < 6) {
            List<Object> names = new ArrayList<>(map.keySet());
            for (List<Object> order : orders(names)) {
                Map<String, @Nullable Object> same = new LinkedHashMap<>();
                order.forEach(name -> same.put(String.valueOf(name), map.get(name)));
                String text = Json.write(same);
                if (accepts(automaton, text)) {
                    return text;
                }
            }
        }
        return Json.write(data);
    }

    private static List<List<Object>> orders(List<Object> names) {
        if (names.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Object>> orders = new ArrayList<>();
        for (Object first : names) {
            List<Object> rest = new ArrayList<>(names);
            rest.remove(first);
            for (List<Object> further : orders(rest)) {
                List<Object> order = new ArrayList<>(List.of(first));
                order.addAll(further);
                orders.add(order);
            }
        }
        return orders;
    }

    private static boolean accepts(Automaton automaton, String text) {
        Situation at = automaton.start();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            at = automaton.next(at, b & 0xff);
        }
        return at.complete();
    }
}
