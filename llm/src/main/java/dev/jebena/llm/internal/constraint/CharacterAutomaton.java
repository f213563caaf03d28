package dev.jebena.llm.internal.constraint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// An automaton over characters with choices, which a [Language] makes deterministic.
final class CharacterAutomaton {
    private record Step(List<int[]> ranges, int to) {}

    private final List<List<Step>> steps = new ArrayList<>();
    private final List<List<Integer>> jumps = new ArrayList<>();

    int state() {
        if (steps.size() > 100_000) {
            throw Grammar.refused("a pattern of the schema is too large");
        }
        steps.add(new ArrayList<>(1));
        jumps.add(new ArrayList<>(1));
        return steps.size() - 1;
    }

    int step(int from, @Nullable List<int[]> ranges, int to) {
        if (ranges == null) {
            jumps.get(from).add(to);
        } else {
            steps.get(from).add(new Step(ranges, to));
        }
        return to;
    }

    int build(RegexNode regex, int from) {
        return switch (regex) {
            case RegexNode.OneOf one -> step(from, one.ranges(), state());
            case RegexNode.Sequence sequence -> {
                int at = from;
                for (RegexNode part : sequence.parts()) {
                    at = build(part, at);
                }
                yield at;
            }
            case RegexNode.Choice choice -> {
                int end = state();
                for (RegexNode alternative : choice.alternatives()) {
                    step(build(alternative, step(from, null, state())), null, end);
                }
                yield end;
            }
            case RegexNode.Repeat repeat -> repeated(repeat, from);
            case RegexNode.Anchor anchor -> throw new AssertionError("anchors are taken out");
        };
    }

    private int repeated(RegexNode.Repeat repeat, int from) {
        int at = from;
        for (int i = 0; i < repeat.least(); i++) {
            at = build(repeat.part(), at);
        }
        if (repeat.most() < 0) {
            int loop = step(at, null, state());
            step(build(repeat.part(), loop), null, loop);
            return step(loop, null, state());
        }
        int end = state();
        step(at, null, end);
        for (int i = repeat.least(); i < repeat.most(); i++) {
            at = build(repeat.part(), at);
            step(at, null, end);
        }
        return end;
    }

    Language language(int start, int end) {
        TreeSet<Integer> begins = new TreeSet<>(List.of(0));
        for (List<Step> all : steps) {
            for (Step step : all) {
                for (int[] range : step.ranges()) {
                    begins.add(range[0]);
                    if (range[1] < Character.MAX_CODE_POINT) {
                        begins.add(range[1] + 1);
                    }
                }
            }
        }
        int[] cuts = begins.stream().mapToInt(c -> c).toArray();
        Map<BitSet, Integer> numbers = new HashMap<>();
        List<BitSet> sets = new ArrayList<>();
        List<int[]> rows = new ArrayList<>();
        BitSet accepting = new BitSet();
        sets.add(closed(List.of(start)));
        numbers.put(sets.getFirst(), 0);
        for (int state = 0; state < sets.size(); state++) {
            Language.checkSize(state, cuts.length);
            BitSet set = sets.get(state);
            accepting.set(state, set.get(end));
            rows.add(row(set, cuts, numbers, sets));
        }
        return new Language(cuts, rows.toArray(int[][]::new), accepting);
    }

    private int[] row(BitSet set, int[] cuts, Map<BitSet, Integer> numbers, List<BitSet> sets) {
        List<List<Integer>> targets = new ArrayList<>();
        for (int ignored : cuts) {
            targets.add(new ArrayList<>());
        }
        set.stream()
                .boxed()
                .flatMap(member -> steps.get(member).stream())
                .forEach(step -> {
                    for (int[] range : step.ranges()) {
                        int last = Language.classOf(cuts, range[1]);
                        for (int i = Language.classOf(cuts, range[0]); i <= last; i++) {
                            targets.get(i).add(step.to());
                        }
                    }
                });
        int[] row = new int[cuts.length];
        for (int i = 0; i < row.length; i++) {
            BitSet to = closed(targets.get(i));
            Integer known = numbers.putIfAbsent(to, sets.size());
            if (known == null) {
                sets.add(to);
            }
            row[i] = known == null ? sets.size() - 1 : known;
        }
        return row;
    }

    private BitSet closed(List<Integer> members) {
        BitSet closed = new BitSet();
        ArrayDeque<Integer> open = new ArrayDeque<>(members);
        while (!open.isEmpty()) {
            int member = open.removeLast();
            if (!closed.get(member)) {
                closed.set(member);
                open.addAll(jumps.get(member));
            }
        }
        return closed;
    }
}
