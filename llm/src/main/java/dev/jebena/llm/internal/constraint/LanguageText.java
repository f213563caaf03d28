package dev.jebena.llm.internal.constraint;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// Writes a regular set of strings into a grammar.
final class LanguageText {
    private final Grammar grammar;
    private final Characters characters;

    LanguageText(Grammar grammar) {
        this.grammar = grammar;
        this.characters = new Characters(grammar);
    }

    /// The inside of JSON strings.
    void quoted(Language language, Node from, Node to) {
        write(language, from, to, characters::escaped);
    }

    void plain(Language language, Node from, Node to) {
        write(language, from, to, characters::raw);
    }

    @FunctionalInterface
    private interface Writer {
        void write(Node from, int low, int high, Node to);
    }

    private void write(Language language, Node from, Node to, Writer writer) {
        BitSet dead = language.dead();
        if (dead.get(0)) {
            return;
        }
        Map<Integer, Node> nodes = new HashMap<>();
        for (int state = 0; state < language.states(); state++) {
            if (!dead.get(state)) {
                nodes.put(state, grammar.node());
            }
        }
        nodes.forEach((state, node) -> {
            if (state == 0) {
                grammar.jump(from, node);
            }
            if (language.accepts(state)) {
                grammar.jump(node, to);
            }
            language.steps(state)
                    .forEach((next, ranges) -> {
                        Node after = nodes.get(next);
                        if (after != null) {
                            ranges.forEach(range -> writer.write(node, range[0], range[1], after));
                        }
                    });
        });
    }
}
