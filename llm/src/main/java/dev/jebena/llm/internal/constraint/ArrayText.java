package dev.jebena.llm.internal.constraint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes the arrays of a schema into a grammar. A node stands for what is known after so many
/// elements: how many were counted for each `contains`, and which values were used where all must
/// differ.
final class ArrayText {
    private static final int MAX_PLACES = 60_000;
    private static final int MAX_MARKS = 3;

    /// @param index elements written, up to where that matters
    /// @param counts elements counted for each mark, up to where that matters
    /// @param used bits of the values that were used
    private record Place(int index, List<Integer> counts, int used) {}

    private final Grammar grammar;
    private final JsonText json;
    private final SchemaGrammar schemas;
    private final IdentityHashMap<Object, Map<String, @Nullable Object>> either =
            new IdentityHashMap<>();

    ArrayText(Grammar grammar, JsonText json, SchemaGrammar schemas) {
        this.grammar = grammar;
        this.json = json;
        this.schemas = schemas;
    }

    /// The arrays that the facts allow.
    Rule write(Facts facts) {
        return new Writing(facts).write();
    }

    private final class Writing {
        private final Facts facts;
        private final int most;
        private final int last;
        private final List<@Nullable Object> values;
        private final Rule rule = grammar.rule(true);
        private final Map<Place, Node> nodes = new HashMap<>();
        private final ArrayDeque<Place> open = new ArrayDeque<>();
        private final Map<List<Object>, Node> counted = new HashMap<>();
        private final int prefix;

        Writing(Facts facts) {
            this.facts = facts;
            int described = 0;
            boolean closes = !facts.elements.isEmpty() && !schemas.wide();
            for (Facts.Elements all : facts.elements) {
                described = Math.max(described, all.prefix().size());
                closes &= all.rest() == null;
            }
            this.prefix = described;
            closes &=
                    prefix >= facts.minItems
                            && facts.leftOver.stream().noneMatch(Facts.LeftOver::ofItems);
            // A tuple that says nothing of further elements is meant to have none.
            this.most = closes ? Facts.tighter(facts.maxItems, prefix) : facts.maxItems;
            int far = Math.max(Math.max(prefix, facts.minItems), most);
            for (Facts.Mark mark : facts.marks) {
                far = Math.max(far, mark.from());
            }
            boolean differ = facts.unique && (most < 0 || most > 1);
            this.last = far;
            this.values = differ ? finite() : List.of();
            if (facts.marks.size() > MAX_MARKS) {
                throw Grammar.refused(
                        "schema: more than %d 'contains' of one array".formatted(MAX_MARKS));
            }
        }

        /// The values that elements may have, where they are few.
        private List<@Nullable Object> finite() {
            List<@Nullable Object> all = new ArrayList<>();
            for (int i = 0; i <= last; i++) {
                List<@Nullable Object> some = schemas.constants(elements(i));
                if (some == null) {
                    throw Grammar.refused(
                            "schema: the keyword 'uniqueItems' is supported only where elements have few values (enum, const, boolean, null), or there is at most one");
                }
                some.stream().filter(v -> !JsonValues.contains(all, v)).forEach(all::add);
            }
            if (all.size() > 12) {
                throw Grammar.refused(
                        "schema: the keyword 'uniqueItems' is supported for up to 12 values, found "
                                + all.size());
            }
            return all;
        }

        Rule write() {
            List<Integer> none = new ArrayList<>();
            facts.marks.forEach(mark -> none.add(0));
            Node first = grammar.after(grammar.after(rule.start, "["), json.space());
            Place begin = new Place(0, none, 0);
            nodes.put(begin, first);
            open.add(begin);
            boolean empty = true;
            while (!open.isEmpty()) {
                Place place = open.removeFirst();
                Node node = nodes.get(place);
                if (node != null) {
                    write(place, node, empty);
                }
                empty = false;
            }
            return rule;
        }

        private void write(Place place, Node node, boolean first) {
            if (place.index() >= facts.minItems && isCounted(place)) {
                Node close =
                        first ? node : alike(grammar.after(node, json.space()), place, "close");
                grammar.bytes(close, ']', ']', rule.end);
            }
            if (most >= 0 && place.index() >= most) {
                return;
            }
            Node before = first ? node : next(node, place);
            for (int claimed = 0; claimed < 1 << facts.marks.size(); claimed++) {
                List<Literal> literals = claim(place, claimed);
                if (literals != null) {
                    element(place, claimed, literals, before);
                }
            }
        }

        private boolean isCounted(Place place) {
            for (int i = 0; i < facts.marks.size(); i++) {
                if (place.counts().get(i) < facts.marks.get(i).least()) {
                    return false;
                }
            }
            return true;
        }

        /// What an element must be to count for the marks of `claimed` and no others; null where
        /// that cannot be or leads nowhere new.
        private @Nullable List<Literal> claim(Place place, int claimed) {
            List<Literal> literals = new ArrayList<>();
            for (int i = 0; i < facts.marks.size(); i++) {
                Facts.Mark mark = facts.marks.get(i);
                boolean counts = (claimed >> i & 1) == 1;
                int count = place.counts().get(i);
                boolean seen = place.index() >= mark.from();
                Literal element = mark.element();
                if (counts) {
                    boolean more = mark.most() < 0 ? count < mark.least() : count < mark.most();
                    if (!seen || !more) {
                        return null;
                    }
                    literals.add(element);
                } else if (mark.most() >= 0 && seen) {
                    literals.add(
                            new Literal(element.schema(), !element.holds(), element.pointer()));
                }
            }
            return literals;
        }

        private void element(Place place, int claimed, List<Literal> more, Node before) {
            List<Integer> counts = new ArrayList<>(place.counts());
            for (int i = 0; i < counts.size(); i++) {
                counts.set(i, counts.get(i) + (claimed >> i & 1));
            }
            List<Literal> literals = new ArrayList<>(elements(place.index()));
            literals.addAll(more);
            int index = Math.min(place.index() + 1, Math.max(last, 1));
            if (values.isEmpty()) {
                grammar.call(before, schemas.rule(literals), node(new Place(index, counts, 0)));
                return;
            }
            List<@Nullable Object> allowed = schemas.constants(literals);
            for (int i = 0; allowed != null && i < values.size(); i++) {
                boolean free = (place.used() >> i & 1) == 0;
                if (free && JsonValues.contains(allowed, values.get(i))) {
                    Place then = new Place(index, counts, place.used() | 1 << i);
                    Node written = schemas.constant(before, values.get(i));
                    grammar.jump(written, node(then));
                }
            }
        }

        private Node node(Place place) {
            Node known = nodes.get(place);
            if (known == null) {
                if (nodes.size() > MAX_PLACES) {
                    throw Grammar.refused("schema: an array with too many bounds to count");
                }
                known = alike(grammar.node(), place, "done");
                nodes.put(place, known);
                open.add(place);
            }
            return known;
        }

        /// A node after a comma, before the next element.
        private Node next(Node done, Place place) {
            Node spaced = alike(grammar.after(done, json.space()), place, "spaced");
            Node comma = alike(grammar.after(spaced, ","), place, "comma");
            return alike(grammar.after(comma, json.space()), place, "next");
        }

        /// Makes a node one of those that differ only in the elements that still fit, or are
        /// missing.
        private Node alike(Node node, Place place, String role) {
            boolean plain = facts.marks.isEmpty() && values.isEmpty() && place.index() >= prefix;
            boolean required = place.index() < facts.minItems;
            if (plain && (required || most >= 0)) {
                node.count(
                        counted.computeIfAbsent(List.of(role, required), key -> new Node(false)),
                        (required ? facts.minItems : most) - place.index());
            }
            return node;
        }

        /// What holds for the element at `index`.
        private Set<Literal> elements(int index) {
            Set<Literal> literals = new LinkedHashSet<>();
            for (Facts.Elements all : facts.elements) {
                if (index < all.prefix().size()) {
                    literals.add(
                            Literal.yes(
                                    all.prefix().get(index),
                                    all.pointer() + "/prefixItems/" + index));
                } else if (all.rest() != null) {
                    literals.add(Literal.yes(all.rest(), all.pointer() + "/items"));
                }
            }
            for (Facts.LeftOver rest : facts.leftOver) {
                if (rest.ofItems() && !facts.isTaken(rest) && !isEvaluated(rest, index)) {
                    literals.add(left(rest));
                }
            }
            return literals;
        }

        private boolean isEvaluated(Facts.LeftOver rest, int index) {
            return facts.elements.stream()
                    .filter(all -> Facts.sees(rest.owner(), all.scopes()))
                    .anyMatch(all -> all.rest() != null || index < all.prefix().size());
        }

        /// Elements that a `contains` in scope matches count as evaluated.
        private Literal left(Facts.LeftOver rest) {
            List<@Nullable Object> branches = new ArrayList<>();
            branches.add(rest.schema());
            for (Facts.Mark mark : facts.marks) {
                if (Facts.sees(rest.owner(), mark.scopes())) {
                    branches.add(mark.element().schema());
                }
            }
            if (branches.size() == 1) {
                return Literal.yes(rest.schema(), rest.pointer());
            }
            return Literal.yes(
                    either.computeIfAbsent(
                            rest.owner(),
                            key -> {
                                Map<String, @Nullable Object> any = new LinkedHashMap<>();
                                any.put("anyOf", branches);
                                return any;
                            }),
                    rest.pointer());
        }
    }
}
