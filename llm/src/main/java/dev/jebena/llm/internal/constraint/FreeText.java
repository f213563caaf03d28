package dev.jebena.llm.internal.constraint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes any text in which certain words do not stand, or end it: the automaton of Aho and
/// Corasick ("Efficient string matching", 1975) over bytes.
final class FreeText {
    private static final int MAX_STATES = 20_000;
    private static final int NONE = -1;

    private final Grammar grammar;
    private final List<int[]> next = new ArrayList<>();

    /// The first word that ends in a state, or [#NONE].
    private final List<Integer> word = new ArrayList<>();

    /// @param words that do not stand in the text; empty ones do not count
    FreeText(Grammar grammar, List<String> words) {
        this.grammar = grammar;
        state();
        for (int i = 0; i < words.size(); i++) {
            add(words.get(i), i);
        }
        complete();
    }

    private int state() {
        if (next.size() >= MAX_STATES) {
            throw Grammar.refused(
                    "what a free text must not contain is longer than %d bytes"
                            .formatted(MAX_STATES));
        }
        int[] none = new int[256];
        Arrays.fill(none, NONE);
        next.add(none);
        word.add(NONE);
        return next.size() - 1;
    }

    private void add(String text, int number) {
        int at = 0;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int read = b & 0xff;
            if (next.get(at)[read] == NONE) {
                next.get(at)[read] = state();
            }
            at = next.get(at)[read];
        }
        if (at != 0 && word.get(at) == NONE) {
            word.set(at, number);
        }
    }

    /// Makes every step known: where a word breaks off, the longest other beginning goes on.
    private void complete() {
        int[] shorter = new int[next.size()];
        ArrayDeque<Integer> open = new ArrayDeque<>(List.of(0));
        while (!open.isEmpty()) {
            int at = open.remove();
            int[] steps = next.get(at);
            for (int read = 0; read < 256; read++) {
                int otherwise = at == 0 ? 0 : next.get(shorter[at])[read];
                if (steps[read] == NONE) {
                    steps[read] = otherwise;
                    continue;
                }
                int to = steps[read];
                shorter[to] = otherwise;
                if (word.get(to) == NONE) {
                    word.set(to, word.get(otherwise));
                }
                open.add(to);
            }
        }
    }

    /// The text, which may end anywhere.
    void write(Node from, Node to) {
        for (Node node : write(from, List.of())) {
            grammar.jump(node, to);
        }
    }

    /// The text, and where a word stands the way on.
    ///
    /// @param after where the i-th word leads; words beyond the list must not stand in the text
    /// @return all nodes between the text's characters
    List<Node> write(Node from, List<Node> after) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < next.size(); i++) {
            nodes.add(grammar.node());
        }
        grammar.jump(from, nodes.getFirst());
        List<Node> within = new ArrayList<>();
        for (int i = 0; i < next.size(); i++) {
            if (word.get(i) == NONE) {
                write(nodes, i, after);
                within.add(nodes.get(i));
            }
        }
        return within;
    }

    private void write(List<Node> nodes, int state, List<Node> after) {
        int[] steps = next.get(state);
        int low = 0;
        for (int read = 1; read <= 256; read++) {
            if (read == 256 || steps[read] != steps[low]) {
                int ended = word.get(steps[low]);
                if (ended == NONE) {
                    grammar.bytes(nodes.get(state), low, read - 1, nodes.get(steps[low]));
                } else if (ended < after.size()) {
                    grammar.bytes(nodes.get(state), low, read - 1, after.get(ended));
                }
                low = read;
            }
        }
    }
}
