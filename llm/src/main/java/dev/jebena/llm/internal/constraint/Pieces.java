package dev.jebena.llm.internal.constraint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Puts parts of a grammar of plain text together.
final class Pieces {
    /// Stands for a text's end among its characters.
    private static final int END = -1;

    private final Grammar grammar;
    private final Characters characters;

    Pieces(Grammar grammar) {
        this.grammar = grammar;
        this.characters = new Characters(grammar);
    }

    Piece text(int[] text) {
        return (from, to) -> {
            Node at = from;
            for (int i = 0; i < text.length; i++) {
                Node next = i + 1 == text.length ? to : grammar.node();
                characters.raw(at, text[i], text[i], next);
                at = next;
            }
            if (text.length == 0) {
                grammar.jump(from, to);
            }
        };
    }

    /// One character of `ranges`, pairs of first and last.
    Piece oneOf(List<int[]> ranges) {
        return (from, to) -> ranges.forEach(range -> characters.raw(from, range[0], range[1], to));
    }

    Piece sequence(List<Piece> parts) {
        return (from, to) -> {
            Node at = from;
            for (int i = 0; i < parts.size(); i++) {
                Node next = i + 1 == parts.size() ? to : grammar.node();
                parts.get(i).write(at, next);
                at = next;
            }
            if (parts.isEmpty()) {
                grammar.jump(from, to);
            }
        };
    }

    Piece alternatives(List<Piece> parts) {
        return (from, to) -> {
            for (Piece part : parts) {
                Node begin = grammar.node();
                grammar.jump(from, begin);
                part.write(begin, to);
            }
        };
    }

    /// @param most -1 for no bound
    Piece repeated(Piece part, int least, int most) {
        return (from, to) -> {
            Rule rule = grammar.rule(false);
            part.write(rule.start, rule.end);
            repeat(from, rule, least, most, to);
        };
    }

    private void repeat(Node from, Rule rule, int least, int most, Node to) {
        Node at = from;
        Node required = new Node(false);
        for (int i = least; i > 0; i--) {
            at = grammar.after(at, rule);
            at.count(required, i - 1);
        }
        if (most < 0) {
            Node loop = grammar.node();
            grammar.jump(at, loop);
            grammar.call(loop, rule, loop);
            grammar.jump(loop, to);
            return;
        }
        grammar.jump(at, to);
        Node optional = new Node(false);
        for (int i = most - least; i > 0; i--) {
            at = grammar.after(at, rule);
            at.count(optional, i - 1);
            grammar.jump(at, to);
        }
    }

    /// Any of `texts`, which share the nodes of their common beginnings.
    Piece choice(List<String> texts) {
        Beginnings all = new Beginnings(new TreeMap<>());
        for (String text : texts) {
            Beginnings at = all;
            for (int c : text.codePoints().toArray()) {
                at = at.next().computeIfAbsent(c, key -> new Beginnings(new TreeMap<>()));
            }
            at.next().put(END, all);
        }
        return (from, to) -> write(all, from, to);
    }

    private record Beginnings(Map<Integer, Beginnings> next) {}

    private record Open(Beginnings beginning, Node node) {}

    private void write(Beginnings all, Node from, Node to) {
        List<Open> open = new ArrayList<>(List.of(new Open(all, from)));
        while (!open.isEmpty()) {
            Open here = open.removeLast();
            here.beginning()
                    .next()
                    .forEach((c, next) -> {
                        if (c == END) {
                            grammar.jump(here.node(), to);
                        } else {
                            Node node = grammar.node();
                            characters.raw(here.node(), c, c, node);
                            open.add(new Open(next, node));
                        }
                    });
        }
    }
}
