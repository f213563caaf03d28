package dev.jebena.llm.internal.constraint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntBinaryOperator;

/// A regular set of strings as a complete deterministic automaton over characters, so that sets can
/// be intersected, completed and subtracted. Bounded in size.
final class Language {
    private static final int MAX_STATES = 6_000;
    private static final int MAX_CELLS = 4_000_000;
    private static final int LAST = Character.MAX_CODE_POINT;

    /// Where classes of characters begin that no state tells apart; the first is 0.
    private final int[] cuts;

    /// The next state by state and class; the start is 0.
    private final int[][] next;

    private final BitSet accepting;

    Language(int[] cuts, int[][] next, BitSet accepting) {
        this.cuts = cuts;
        this.next = next;
        this.accepting = accepting;
    }

    int states() {
        return next.length;
    }

    boolean accepts(int state) {
        return accepting.get(state);
    }

    boolean contains(String text) {
        int state = 0;
        for (int c : text.codePoints().toArray()) {
            state = next[state][classOf(cuts, c)];
        }
        return accepting.get(state);
    }

    /// The class that the character belongs to.
    static int classOf(int[] cuts, int c) {
        int at = Arrays.binarySearch(cuts, c);
        return at >= 0 ? at : -at - 2;
    }

    /// The ranges of characters that lead from one state to others, by the state they lead to.
    Map<Integer, List<int[]>> steps(int state) {
        Map<Integer, List<int[]>> steps = new TreeMap<>();
        for (int i = 0; i < cuts.length; i++) {
            int end = i + 1 < cuts.length ? cuts[i + 1] - 1 : LAST;
            List<int[]> ranges = steps.computeIfAbsent(next[state][i], key -> new ArrayList<>());
            if (!ranges.isEmpty() && ranges.getLast()[1] == cuts[i] - 1) {
                ranges.getLast()[1] = end;
            } else {
                ranges.add(new int[] {cuts[i], end});
            }
        }
        return steps;
    }

    /// States from which no string is accepted.
    BitSet dead() {
        BitSet alive = (BitSet) accepting.clone();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int state = next.length - 1; state >= 0; state--) {
                if (!alive.get(state) && Arrays.stream(next[state]).anyMatch(alive::get)) {
                    alive.set(state);
                    changed = true;
                }
            }
        }
        BitSet dead = new BitSet();
        dead.set(0, next.length);
        dead.andNot(alive);
        return dead;
    }

    boolean isEmpty() {
        return dead().get(0);
    }

    Language complement() {
        BitSet others = new BitSet();
        others.set(0, next.length);
        others.andNot(accepting);
        return new Language(cuts, next, others);
    }

    Language and(Language other) {
        return product(other, (a, b) -> a & b);
    }

    Language or(Language other) {
        return product(other, (a, b) -> a | b);
    }

    Language minus(Language other) {
        return and(other.complement());
    }

    private Language product(Language other, IntBinaryOperator accepts) {
        TreeSet<Integer> all = new TreeSet<>();
        Arrays.stream(cuts).forEach(all::add);
        Arrays.stream(other.cuts).forEach(all::add);
        int[] merged = all.stream().mapToInt(c -> c).toArray();
        int[] mine = Arrays.stream(merged).map(c -> classOf(cuts, c)).toArray();
        int[] others = Arrays.stream(merged).map(c -> classOf(other.cuts, c)).toArray();
        Map<Long, Integer> numbers = new HashMap<>();
        List<long[]> open = new ArrayList<>();
        List<int[]> rows = new ArrayList<>();
        BitSet accepting = new BitSet();
        numbers.put(0L, 0);
        open.add(new long[] {0, 0});
        for (int state = 0; state < open.size(); state++) {
            checkSize(state, merged.length);
            int a = (int) open.get(state)[0];
            int b = (int) open.get(state)[1];
            int bit = accepts.applyAsInt(accepts(a) ? 1 : 0, other.accepts(b) ? 1 : 0);
            accepting.set(state, bit == 1);
            int[] row = new int[merged.length];
            for (int i = 0; i < row.length; i++) {
                long toA = next[a][mine[i]];
                long toB = other.next[b][others[i]];
                Integer known = numbers.putIfAbsent(toA << 32 | toB, open.size());
                if (known == null) {
                    open.add(new long[] {toA, toB});
                }
                row[i] = known == null ? open.size() - 1 : known;
            }
            rows.add(row);
        }
        return new Language(merged, rows.toArray(int[][]::new), accepting);
    }

    /// Refuses an automaton of more than so many states.
    static void checkSize(int states, int classes) {
        if (states > MAX_STATES || (long) states * classes > MAX_CELLS) {
            throw Grammar.refused(
                    "the patterns of the schema are too large together: more than %d states"
                            .formatted(MAX_STATES));
        }
    }

    /// Strings of `least` to `most` characters; -1 for no upper bound.
    static Language ofLength(int least, int most) {
        int states = (most < 0 ? least : most) + 2;
        checkSize(states, 1);
        int[][] next = new int[states][];
        BitSet accepting = new BitSet();
        for (int i = 0; i < states; i++) {
            boolean stays = i == states - 1 || (most < 0 && i == least);
            next[i] = new int[] {stays ? i : i + 1};
            accepting.set(i, i >= least && (most < 0 ? i == least : i <= most));
        }
        return new Language(new int[] {0}, next, accepting);
    }

    static Language of(List<String> texts) {
        CharacterAutomaton automaton = new CharacterAutomaton();
        int start = automaton.state();
        int end = automaton.state();
        for (String text : texts) {
            int at = start;
            for (int c : text.codePoints().toArray()) {
                at = automaton.step(at, List.of(new int[] {c, c}), automaton.state());
            }
            automaton.step(at, null, end);
        }
        return automaton.language(start, end);
    }

    static Language of(RegexNode regex) {
        CharacterAutomaton automaton = new CharacterAutomaton();
        int start = automaton.state();
        return automaton.language(start, automaton.build(regex, start));
    }

    /// What a part of a grammar without calls has, in ASCII.
    static Language of(Node start, Node end) {
        CharacterAutomaton automaton = new CharacterAutomaton();
        Map<Node, Integer> numbers = new HashMap<>();
        ArrayDeque<Node> open = new ArrayDeque<>();
        numbers.put(start, automaton.state());
        open.add(start);
        while (!open.isEmpty()) {
            Node node = open.removeFirst();
            for (Node.Edge edge : node.edges) {
                Integer to = numbers.get(edge.to());
                if (to == null) {
                    to = automaton.state();
                    numbers.put(edge.to(), to);
                    open.add(edge.to());
                }
                automaton.step(
                        numbers.getOrDefault(node, 0),
                        edge instanceof Node.Edge.Bytes b
                                ? List.of(new int[] {b.low(), b.high()})
                                : null,
                        to);
            }
        }
        return automaton.language(0, numbers.getOrDefault(end, automaton.state()));
    }

    /// An automaton of its own making: `step` gives the next state for a digit, `-` or `.`, or -1.
    ///
    /// @param states their number; the start is 0
    static Language ofDigits(int states, IntBinaryOperator step, BitSet accepting) {
        checkSize(states, 16);
        int[] cuts = new int[14];
        String symbols = "-.0123456789";
        // '-' is 45, '.' 46, '/' 47, digits 48 to 57.
        int[] begins = {0, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57};
        System.arraycopy(begins, 0, cuts, 0, begins.length);
        int[] all = Arrays.copyOf(cuts, cuts.length + 1);
        all[cuts.length] = 58;
        int[][] next = new int[states + 1][all.length];
        for (int state = 0; state <= states; state++) {
            for (int i = 0; i < all.length; i++) {
                boolean read = state < states && symbols.indexOf(all[i]) >= 0;
                int to = read ? step.applyAsInt(state, all[i]) : -1;
                next[state][i] = to < 0 ? states : to;
            }
        }
        return new Language(all, next, accepting);
    }
}
