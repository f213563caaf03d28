package dev.jebena.llm.internal.constraint;

import dev.jebena.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes the objects of a schema into a grammar: properties in the schema's order, then additional
/// ones. A node stands for how many properties have been written, up to where that matters.
final class ObjectText {
    private static final int MAX_DISTINCT = 60;

    private final Grammar grammar;
    private final JsonText json;
    private final SchemaGrammar schemas;

    ObjectText(Grammar grammar, JsonText json, SchemaGrammar schemas) {
        this.grammar = grammar;
        this.json = json;
        this.schemas = schemas;
    }

    /// The objects that the facts allow.
    void write(Node from, Facts facts, Node to) {
        MemberSchemas members = new MemberSchemas(facts, schemas);
        if (facts.witnesses.isEmpty()) {
            grammar.call(from, new Writing(facts, members, null).write(), to);
            return;
        }
        if (facts.witnesses.size() > 1) {
            // Which member would be for which of them is left out.
            return;
        }
        Facts.Witness witness = facts.witnesses.getFirst();
        for (String name : members.names()) {
            if (witness.names().contains(name)) {
                Facts named = facts.copy();
                named.witnesses.clear();
                named.required.add(name);
                named.named.computeIfAbsent(name, key -> new ArrayList<>()).add(witness.value());
                if (named.possible() && named.types.contains("object")) {
                    write(from, named, to);
                }
            }
        }
        grammar.call(from, new Writing(facts, members, witness).write(), to);
    }

    private final class Writing {
        private final Facts facts;
        private final MemberSchemas members;
        private final Facts.@Nullable Witness witness;
        private final int cap;
        private final Rule rule = grammar.rule(true);
        private @Nullable Node[] at;

        Writing(Facts facts, MemberSchemas members, Facts.@Nullable Witness witness) {
            this.facts = facts;
            this.members = members;
            this.witness = witness;
            boolean counts =
                    facts.maxMembers >= 0 || facts.minMembers > Math.max(1, facts.required.size());
            int far = Math.max(facts.minMembers, facts.maxMembers);
            this.cap = counts ? Math.max(1, far) : 1;
            this.at = new @Nullable Node[cap + 1];
        }

        Rule write() {
            at[0] = grammar.after(grammar.after(rule.start, "{"), json.space());
            for (String name : members.names()) {
                named(name);
            }
            List<MemberSchemas.Region> regions = members.others();
            if (!regions.isEmpty()) {
                others(regions);
            }
            if (witness != null) {
                witnessed(regions, witness);
            }
            for (int count = 0; count <= cap; count++) {
                Node node = at[count];
                boolean enough = count >= Math.min(cap, facts.minMembers);
                if (node != null && enough) {
                    Node close = count == 0 ? node : grammar.after(node, json.space());
                    grammar.bytes(close, '}', '}', rule.end);
                }
            }
            return rule;
        }

        /// The number of members after one more than `count`; -1 where there may be no more.
        private int more(int count) {
            if (facts.maxMembers >= 0 && count >= facts.maxMembers) {
                return -1;
            }
            return Math.min(cap, count + 1);
        }

        private void named(String name) {
            @Nullable Node[] next = new @Nullable Node[cap + 1];
            Rule value = schemas.rule(members.named(name));
            boolean allowed = !facts.absent.contains(name) && members.mayBeNamed(name);
            for (int count = 0; count <= cap; count++) {
                Node node = at[count];
                if (node == null) {
                    continue;
                }
                if (!facts.required.contains(name)) {
                    grammar.jump(node, made(next, count));
                }
                int then = more(count);
                if (allowed && then >= 0) {
                    Node key = grammar.after(keyStart(node, count), Json.write(name));
                    grammar.call(grammar.after(key, json.colon()), value, made(next, then));
                }
            }
            at = next;
        }

        private Node made(@Nullable Node[] nodes, int i) {
            Node known = nodes[i];
            if (known == null) {
                known = grammar.node();
                nodes[i] = known;
            }
            return known;
        }

        private Node keyStart(Node node, int count) {
            if (count == 0) {
                return node;
            }
            Node comma = grammar.after(grammar.after(node, json.space()), ",");
            return grammar.after(comma, json.space());
        }

        private void others(List<MemberSchemas.Region> regions) {
            boolean distinct = facts.minMembers > Math.max(1, facts.required.size());
            Rule any = members(regions, -1, null);
            @Nullable Node[] next = new @Nullable Node[cap + 1];
            for (int count = 0; count <= cap; count++) {
                if (at[count] != null) {
                    grammar.jump(at[count], made(next, count));
                }
            }
            for (int count = 0; count <= cap; count++) {
                Node node = next[count];
                int then = node == null ? -1 : more(count);
                if (node == null || then < 0) {
                    continue;
                }
                if (!distinct || count >= facts.minMembers) {
                    grammar.call(keyStart(node, count), any, made(next, then));
                } else {
                    counted(regions, next, count);
                }
            }
            at = next;
        }

        /// From `count` members on, further ones with names of length 1, 2, ..., which so are
        /// different, until there are enough.
        private void counted(List<MemberSchemas.Region> regions, @Nullable Node[] next, int count) {
            if (facts.minMembers > MAX_DISTINCT) {
                throw Grammar.refused(
                        "schema: the keyword 'minProperties' above %d is not supported where names are free"
                                .formatted(MAX_DISTINCT));
            }
            Node node = next[count];
            int written = count;
            for (int length = 1; node != null && written < facts.minMembers; length++) {
                int then = more(written);
                if (then < 0) {
                    return;
                }
                Node after = grammar.node();
                grammar.call(keyStart(node, written), members(regions, length, null), after);
                node = after;
                written++;
            }
            if (node != null) {
                grammar.jump(node, made(next, Math.min(cap, written)));
            }
        }

        private void witnessed(List<MemberSchemas.Region> regions, Facts.Witness witness) {
            @Nullable Node[] next = new @Nullable Node[cap + 1];
            Rule one = members(regions, -1, witness);
            for (int count = 0; count <= cap; count++) {
                Node node = at[count];
                int then = node == null ? -1 : more(count);
                if (node != null && then >= 0) {
                    // It may repeat a name, so where members are counted it does not count.
                    int counted = facts.minMembers > 1 ? Math.max(1, count) : then;
                    grammar.call(keyStart(node, count), one, made(next, counted));
                }
            }
            at = next;
        }

        /// The rule for one member with any of the names of `regions`.
        ///
        /// @param length characters of the name; -1 for any number
        private Rule members(
                List<MemberSchemas.Region> regions, int length, Facts.@Nullable Witness witness) {
            Rule member = grammar.rule(false);
            for (MemberSchemas.Region region : regions) {
                Language names = region.names();
                Set<Literal> literals = new LinkedHashSet<>(region.value());
                if (witness != null) {
                    names = names == null ? witness.names() : names.and(witness.names());
                    literals.add(witness.value());
                }
                if (length >= 0) {
                    Language exact = Language.ofLength(length, length);
                    names = names == null ? exact : names.and(exact);
                }
                Node key = grammar.node();
                if (names == null) {
                    grammar.call(member.start, json.string(), key);
                } else {
                    Node inside = grammar.node();
                    new LanguageText(grammar)
                            .quoted(names, grammar.after(member.start, "\""), inside);
                    grammar.bytes(inside, '"', '"', key);
                }
                grammar.call(grammar.after(key, json.colon()), schemas.rule(literals), member.end);
            }
            return member;
        }
    }
}
