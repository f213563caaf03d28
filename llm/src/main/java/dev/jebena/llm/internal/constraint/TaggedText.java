package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.Constraint;
import dev.jebena.llm.Constraint.Tag;
import java.util.ArrayList;
import java.util.List;

/// Writes free text with tags in it, as vLLM and SGLang know them from XGrammar.
final class TaggedText {
    private final Grammar grammar;
    private final ConstraintText text;

    TaggedText(Grammar grammar, ConstraintText text) {
        this.grammar = grammar;
        this.text = text;
    }

    void write(Node from, Constraint.Tagged tagged, Node to) {
        check(tagged);
        List<Rule> contents = new ArrayList<>();
        for (Tag tag : tagged.tags()) {
            contents.add(content(tag));
        }
        Node free = grammar.node();
        Node afterTag = tagged.onlyFirst() ? to : free;
        if (tagged.atLeastOne()) {
            for (int i = 0; i < contents.size(); i++) {
                Node begun = text.text(from, tagged.tags().get(i).begin());
                grammar.call(begun, contents.get(i), afterTag);
            }
        } else {
            grammar.jump(from, free);
        }
        if (!tagged.atLeastOne() || !tagged.onlyFirst()) {
            free(free, tagged, contents, afterTag, to);
        }
    }

    private static void check(Constraint.Tagged tagged) {
        for (Tag tag : tagged.tags()) {
            if (tagged.triggers().stream().noneMatch(tag.begin()::startsWith)) {
                throw Grammar.refused(
                        "structural tag: no trigger is a beginning of the tag '%s'"
                                .formatted(tag.begin()));
            }
        }
        if (tagged.atLeastOne() && tagged.tags().isEmpty()) {
            throw Grammar.refused("structural tag: there are no tags, of which one is required");
        }
    }

    /// What comes after the beginning of a tag, its end included.
    private Rule content(Tag tag) {
        Rule rule = grammar.rule(false);
        Node inside = grammar.node();
        text.write(rule.start, ending(tag.content(), tag.end()), inside);
        for (String end : tag.end()) {
            grammar.jump(text.text(inside, end), rule.end);
        }
        if (tag.end().isEmpty()) {
            grammar.jump(inside, rule.end);
        }
        return rule;
    }

    /// The content, in whose free text at its end the marks that end the tag do not stand.
    static Constraint ending(Constraint content, List<String> ends) {
        return switch (content) {
            case Constraint.Free free -> {
                List<String> all = new ArrayList<>(free.without());
                all.addAll(ends);
                yield new Constraint.Free(all);
            }
            case Constraint.Sequence sequence when !sequence.parts().isEmpty() -> {
                List<Constraint> parts = new ArrayList<>(sequence.parts());
                parts.add(ending(parts.removeLast(), ends));
                yield new Constraint.Sequence(parts);
            }
            default -> content;
        };
    }

    private void free(
            Node free, Constraint.Tagged tagged, List<Rule> contents, Node afterTag, Node to) {
        List<String> words = new ArrayList<>();
        List<Node> after = new ArrayList<>();
        List<String> tokens = new ArrayList<>();
        for (String trigger : tagged.triggers()) {
            if (trigger.isEmpty()) {
                throw Grammar.refused("structural tag: a trigger is empty");
            }
            if (text.firstToken(trigger) >= 0) {
                tokens.add(trigger);
                continue;
            }
            Node reached = grammar.node();
            for (int i = 0; i < contents.size(); i++) {
                String begin = tagged.tags().get(i).begin();
                if (begin.startsWith(trigger)) {
                    Node begun = text.text(reached, begin.substring(trigger.length()));
                    grammar.call(begun, contents.get(i), afterTag);
                }
            }
            words.add(trigger);
            after.add(reached);
        }
        words.addAll(tagged.without());
        Node marked = grammar.node();
        for (int i = 0; i < contents.size(); i++) {
            String begin = tagged.tags().get(i).begin();
            if (tokens.stream().anyMatch(begin::startsWith)) {
                grammar.call(text.text(marked, begin), contents.get(i), afterTag);
            }
        }
        for (Node node : new FreeText(grammar, words).write(free, after)) {
            grammar.jump(node, to);
            grammar.jump(node, marked);
        }
    }
}
