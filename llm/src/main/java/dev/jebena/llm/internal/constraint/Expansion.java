package dev.jebena.llm.internal.constraint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Finds the cases of schemas that must all hold: resolves references and combines `allOf`,
/// `anyOf`, `oneOf`, `not`, `if` and the dependencies until each case is a plain conjunction.
final class Expansion {
    private static final int MAX_CASES = 2_000;
    private static final int MAX_STEPS = 200_000;

    /// What is still to be looked at.
    sealed interface Task {}

    /// @param scopes schemas with unevaluated... keywords that see what it says
    /// @param inside what it is a part of, at the same place of the value
    record Item(Literal literal, List<Object> scopes, @Nullable Item inside) implements Task {
        Item part(@Nullable Object schema, boolean holds, String pointer) {
            // What must not hold evaluates nothing.
            return new Item(Literal.of(schema, holds, pointer), holds ? scopes : List.of(), this);
        }
    }

    /// Adds to the case; false where that cannot be.
    record Fact(Predicate<Facts> add) implements Task {
        /// One that can always be added.
        static Fact of(Consumer<Facts> change) {
            return new Fact(facts -> {
                change.accept(facts);
                return true;
            });
        }
    }

    record Either(List<List<Task>> alternatives) implements Task {}

    /// Two schemas by identity.
    private record Pair(Literal first, Literal second) {}

    private final SchemaDocument document;
    private final Assertions assertions;
    private final Map<Pair, Boolean> disjoint = new HashMap<>();
    private List<Facts> cases = new ArrayList<>();
    private int steps;
    private int depth;

    Expansion(SchemaDocument document, Assertions assertions) {
        this.document = document;
        this.assertions = assertions;
    }

    /// All cases; none where the schemas contradict each other.
    List<Facts> of(Collection<Literal> literals) {
        List<Facts> outer = cases;
        cases = new ArrayList<>();
        ArrayDeque<Task> tasks = new ArrayDeque<>();
        literals.forEach(literal -> tasks.add(new Item(literal, List.of(), null)));
        try {
            solve(new Facts(), tasks, new HashSet<>());
            return cases;
        } finally {
            cases = outer;
        }
    }

    private void solve(Facts facts, ArrayDeque<Task> tasks, Set<Item> seen) {
        ArrayDeque<Either> open = new ArrayDeque<>();
        while (!tasks.isEmpty() || !open.isEmpty()) {
            if (++steps > MAX_STEPS) {
                throw Grammar.refused("the schema has too many combinations of alternatives");
            }
            if (tasks.isEmpty()) {
                branch(facts, open, seen);
                return;
            }
            switch (tasks.removeFirst()) {
                case Item item -> {
                    if (item.literal().isFalse()) {
                        return;
                    }
                    checkCircle(item);
                    if (!item.literal().isTrue() && seen.add(unplaced(item))) {
                        // Parts come where the whole stood, so that properties keep their order.
                        parts(item).reversed().forEach(tasks::addFirst);
                    }
                }
                case Fact fact -> {
                    if (!fact.add().test(facts) || !facts.possible()) {
                        return;
                    }
                }
                case Either either -> {
                    if (either.alternatives().size() == 1) {
                        either.alternatives().getFirst().reversed().forEach(tasks::addFirst);
                    } else {
                        open.add(either);
                    }
                }
            }
        }
        if (cases.size() >= MAX_CASES) {
            throw Grammar.refused(
                    "the schema has more than %d combinations of alternatives"
                            .formatted(MAX_CASES));
        }
        cases.add(facts);
    }

    private void branch(Facts facts, ArrayDeque<Either> open, Set<Item> seen) {
        Either first = open.removeFirst();
        for (List<Task> alternative : first.alternatives()) {
            ArrayDeque<Task> tasks = new ArrayDeque<>(alternative);
            tasks.addAll(open);
            solve(facts.copy(), tasks, new HashSet<>(seen));
        }
    }

    private static Item unplaced(Item item) {
        return new Item(item.literal(), item.scopes(), null);
    }

    private static void checkCircle(Item item) {
        if (item.literal().isTrue()) {
            return;
        }
        for (Item above = item.inside(); above != null; above = above.inside()) {
            if (above.literal().equals(item.literal())) {
                throw SchemaKeywords.problem(
                        item.literal().pointer(), "a $ref that leads back to itself");
            }
        }
    }

    private List<Task> parts(Item item) {
        String p = item.literal().pointer();
        Map<String, @Nullable Object> schema = SchemaKeywords.object(item.literal().schema(), p);
        SchemaKeywords.check(schema, p);
        return item.literal().holds() ? all(item, schema, p) : any(item, schema, p);
    }

    /// What holds where the schema holds.
    private List<Task> all(Item item, Map<String, @Nullable Object> schema, String p) {
        Item self = item;
        if (schema.containsKey("unevaluatedProperties") || schema.containsKey("unevaluatedItems")) {
            List<Object> scopes = new ArrayList<>(item.scopes());
            scopes.add(schema);
            self = new Item(item.literal(), scopes, item.inside());
        }
        List<Task> tasks = new ArrayList<>(assertions.of(schema, self));
        for (Map.Entry<String, @Nullable Object> entry : schema.entrySet()) {
            tasks.addAll(applied(self, schema, entry.getKey(), entry.getValue(), p));
        }
        return tasks;
    }

    private List<Task> applied(
            Item self,
            Map<String, @Nullable Object> schema,
            String keyword,
            @Nullable Object said,
            String p) {
        String place = p + "/" + keyword;
        return switch (keyword) {
            case "$ref" -> List.of(self.part(document.target(said, schema, p), true, "" + said));
            case "$dynamicRef" ->
                    List.of(self.part(document.dynamicTarget(said, schema, p), true, "" + said));
            case "allOf" -> branches(self, schema, keyword, true, p);
            case "anyOf" -> List.of(either(branches(self, schema, keyword, true, p)));
            case "oneOf" -> List.of(exactlyOne(self, schema, p));
            case "not" -> List.of(self.part(said, false, place));
            case "if" -> conditional(self, schema, true, p);
            case "dependentSchemas" -> {
                List<Task> tasks = new ArrayList<>();
                SchemaKeywords.object(said, place)
                        .forEach((name, one) ->
                                tasks.add(
                                        new Either(
                                                List.of(
                                                        List.of(absent(name)),
                                                        List.of(
                                                                present(name),
                                                                self.part(
                                                                        one,
                                                                        true,
                                                                        place + "/" + name))))));
                yield tasks;
            }
            case "dependentRequired" -> {
                List<Task> tasks = new ArrayList<>();
                for (String name : SchemaKeywords.object(said, place).keySet()) {
                    tasks.add(
                            new Either(
                                    List.of(List.of(absent(name)), List.of(needs(said, name, p)))));
                }
                yield tasks;
            }
            default -> List.of();
        };
    }

    private static Fact absent(String name) {
        return Fact.of(facts -> facts.absent.add(name));
    }

    private static Fact present(String name) {
        return Fact.of(facts -> facts.required.add(name));
    }

    private static Fact needs(@Nullable Object dependencies, String name, String p) {
        List<String> names = SchemaKeywords.names(SchemaKeywords.object(dependencies, p), name, p);
        return Fact.of(facts -> facts.required.addAll(names));
    }

    private static List<Task> branches(
            Item self,
            Map<String, @Nullable Object> schema,
            String keyword,
            boolean holds,
            String p) {
        List<Task> items = new ArrayList<>();
        int i = 0;
        for (Object branch : SchemaKeywords.list(schema, keyword, p)) {
            items.add(self.part(branch, holds, p + "/" + keyword + "/" + i++));
        }
        return items;
    }

    private static Either either(List<Task> single) {
        return new Either(single.stream().map(List::of).toList());
    }

    private Either exactlyOne(Item self, Map<String, @Nullable Object> schema, String p) {
        List<Task> yes = branches(self, schema, "oneOf", true, p);
        List<Task> no = branches(self, schema, "oneOf", false, p);
        List<List<Task>> alternatives = new ArrayList<>();
        for (int i = 0; i < yes.size(); i++) {
            List<Task> alternative = new ArrayList<>(List.of(yes.get(i)));
            for (int j = 0; j < no.size(); j++) {
                if (i != j && !exclude((Item) yes.get(i), (Item) yes.get(j))) {
                    alternative.add(no.get(j));
                }
            }
            alternatives.add(alternative);
        }
        return new Either(alternatives);
    }

    /// Whether no value can satisfy both, as far as it is easy to see.
    private boolean exclude(Item a, Item b) {
        Pair pair = new Pair(a.literal(), b.literal());
        Boolean known = disjoint.get(pair);
        if (known == null) {
            known = impossible(List.of(a.literal(), b.literal()));
            disjoint.put(pair, known);
        }
        return known;
    }

    private boolean impossible(List<Literal> literals) {
        if (depth > 4) {
            return false;
        }
        depth++;
        try {
            return of(literals).stream().allMatch(this::impossible);
        } finally {
            depth--;
        }
    }

    private boolean impossible(Facts facts) {
        if (facts.values != null || !facts.types.equals(Set.of("object"))) {
            return false;
        }
        for (String name : facts.required) {
            List<Literal> all = new ArrayList<>(facts.named.getOrDefault(name, List.of()));
            for (Facts.Members members : facts.members) {
                if (members.properties().containsKey(name)) {
                    all.add(Literal.yes(members.properties().get(name), members.pointer()));
                }
            }
            if (all.size() > 1 && impossible(all)) {
                return true;
            }
        }
        return false;
    }

    /// `if` holds with `then`, or does not with `else`; the other way round where it must not hold.
    private static List<Task> conditional(
            Item self, Map<String, @Nullable Object> schema, boolean holds, String p) {
        if (!schema.containsKey("then") && !schema.containsKey("else")) {
            // It only evaluates, which a narrower reading may leave out.
            return holds ? List.of() : List.of(self.part(false, true, p));
        }
        Object then = schema.getOrDefault("then", true);
        Object otherwise = schema.getOrDefault("else", true);
        return List.of(
                new Either(
                        List.of(
                                List.of(
                                        self.part(schema.get("if"), true, p + "/if"),
                                        self.part(then, holds, p + "/then")),
                                List.of(
                                        self.part(schema.get("if"), false, p + "/if"),
                                        self.part(otherwise, holds, p + "/else")))));
    }

    /// The ways in which the schema may not hold.
    private List<Task> any(Item item, Map<String, @Nullable Object> schema, String p) {
        List<List<Task>> ways = new ArrayList<>(assertions.against(schema, item));
        for (Map.Entry<String, @Nullable Object> entry : schema.entrySet()) {
            ways.addAll(against(item, schema, entry.getKey(), entry.getValue(), p));
        }
        return List.of(new Either(ways));
    }

    private List<List<Task>> against(
            Item self,
            Map<String, @Nullable Object> schema,
            String keyword,
            @Nullable Object said,
            String p) {
        String place = p + "/" + keyword;
        List<List<Task>> ways = new ArrayList<>();
        switch (keyword) {
            case "$ref" ->
                    ways.add(
                            List.of(self.part(document.target(said, schema, p), false, "" + said)));
            case "$dynamicRef" ->
                    ways.add(
                            List.of(
                                    self.part(
                                            document.dynamicTarget(said, schema, p),
                                            false,
                                            "" + said)));
            case "allOf" ->
                    branches(self, schema, keyword, false, p)
                            .forEach(one -> ways.add(List.of(one)));
            case "anyOf" -> ways.add(branches(self, schema, keyword, false, p));
            case "oneOf" -> {
                ways.add(branches(self, schema, keyword, false, p));
                List<Task> yes = branches(self, schema, keyword, true, p);
                for (int i = 0; i < yes.size(); i++) {
                    for (int j = 0; j < i; j++) {
                        ways.add(List.of(yes.get(i), yes.get(j)));
                    }
                }
            }
            case "not" -> ways.add(List.of(self.part(said, true, place)));
            case "if" -> ways.add(conditional(self, schema, false, p));
            case "dependentSchemas" ->
                    SchemaKeywords.object(said, place)
                            .forEach((name, one) ->
                                    ways.add(
                                            List.of(
                                                    new Fact(f -> {
                                                        f.required.add(name);
                                                        return f.only("object");
                                                    }),
                                                    self.part(one, false, place + "/" + name))));
            case "dependentRequired" ->
                    SchemaKeywords.object(said, place)
                            .keySet()
                            .forEach(name -> {
                                for (String other :
                                        SchemaKeywords.names(
                                                SchemaKeywords.object(said, place), name, p)) {
                                    ways.add(
                                            List.of(
                                                    new Fact(f -> {
                                                        f.required.add(name);
                                                        f.absent.add(other);
                                                        return f.only("object");
                                                    })));
                                }
                            });
            default -> {}
        }
        return ways;
    }
}
