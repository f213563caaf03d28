package dev.jebena.llm.internal.constraint;

/// Writes characters of JSON strings into a grammar, as UTF-8.
final class Characters {
    private static final int[] LENGTH_ENDS = {0x7f, 0x7ff, 0xffff, 0x10ffff};
    private static final int SURROGATES = 0xd800;
    private static final int AFTER_SURROGATES = 0xe000;

    private final Grammar grammar;

    Characters(Grammar grammar) {
        this.grammar = grammar;
    }

    /// Edges over the characters `low..high`, each in one spelling: itself, or escaped where JSON
    /// demands it.
    void escaped(Node from, int low, int high, Node to) {
        for (int c = low; c <= Math.min(high, '\\'); c++) {
            if (c < 0x20 || c == '"' || c == '\\') {
                StringBuilder quoted = new StringBuilder();
                dev.jebena.json.Json.quote(Character.toString(c), quoted);
                String text = quoted.substring(1, quoted.length() - 1);
                int last = text.length() - 1;
                Node before = grammar.after(from, text.substring(0, last));
                grammar.bytes(before, text.charAt(last), text.charAt(last), to);
            }
        }
        raw(from, Math.max(low, 0x20), Math.min(high, '"' - 1), to);
        raw(from, Math.max(low, '"' + 1), Math.min(high, '\\' - 1), to);
        raw(from, Math.max(low, '\\' + 1), high, to);
    }

    /// Edges over the UTF-8 of the characters `low..high`.
    void raw(Node from, int low, int high, Node to) {
        if (low > high) {
            return;
        }
        if (low < AFTER_SURROGATES && high >= SURROGATES) {
            raw(from, low, SURROGATES - 1, to);
            raw(from, AFTER_SURROGATES, high, to);
            return;
        }
        int begin = low;
        for (int i = 0; i < LENGTH_ENDS.length; i++) {
            int end = Math.min(high, LENGTH_ENDS[i]);
            if (begin <= end) {
                sequences(from, utf8(begin, i + 1), utf8(end, i + 1), 0, to);
                begin = end + 1;
            }
        }
    }

    private static int[] utf8(int c, int length) {
        int[] bytes = new int[length];
        int rest = c;
        for (int i = length - 1; i > 0; i--) {
            bytes[i] = 0x80 | (rest & 0x3f);
            rest >>= 6;
        }
        int[] marks = {0, 0xc0, 0xe0, 0xf0};
        bytes[0] = marks[length - 1] | rest;
        return bytes;
    }

    /// Byte sequences of one length from `low` to `high`, of which the first `at` bytes are read.
    private void sequences(Node from, int[] low, int[] high, int at, Node to) {
        if (at == low.length - 1) {
            grammar.bytes(from, low[at], high[at], to);
            return;
        }
        int first = low[at];
        int last = high[at];
        if (first == last) {
            sequences(step(from, first, last), low, high, at + 1, to);
            return;
        }
        if (!isAll(low, at + 1, 0x80)) {
            sequences(step(from, first, first), low, filled(low, at + 1, 0xbf), at + 1, to);
            first++;
        }
        if (!isAll(high, at + 1, 0xbf)) {
            sequences(step(from, last, last), filled(high, at + 1, 0x80), high, at + 1, to);
            last--;
        }
        if (first <= last) {
            int[] free = filled(low, at + 1, 0x80);
            sequences(step(from, first, last), free, filled(low, at + 1, 0xbf), at + 1, to);
        }
    }

    private Node step(Node from, int low, int high) {
        Node to = grammar.node();
        grammar.bytes(from, low, high, to);
        return to;
    }

    private static boolean isAll(int[] bytes, int from, int wanted) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] != wanted) {
                return false;
            }
        }
        return true;
    }

    private static int[] filled(int[] bytes, int from, int value) {
        int[] copy = bytes.clone();
        java.util.Arrays.fill(copy, from, copy.length, value);
        return copy;
    }
}
