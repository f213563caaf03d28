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

    private final Applicators applicators;
    private final Map<Pair, Boolean> disjoint = new HashMap<>();
    private List<Facts> cases = new ArrayList<>();
    private int steps;
    private int depth;

    Expansion(SchemaDocument document) {
        this.applicators = new Applicators(document, this::exclude);
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
                        applicators.parts(item).reversed().forEach(tasks::addFirst);
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
}
