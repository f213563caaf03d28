package dev.jebena.llm.internal.constraint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the strings that a regular expression matches into a grammar, as plain text or as the
/// inside of JSON strings. Bounds on the length are kept by counting characters along the
/// expression's states.
final class RegexText {
    /// A state of the expression's automaton over characters.
    private static final class State {
        final List<Step> steps = new ArrayList<>(2);
    }

    /// @param ranges null for a step that reads nothing
    private record Step(@Nullable List<int[]> ranges, State to) {}

    private static final int MAX_STATES = 20_000;
    private static final int UNBOUNDED = Integer.MAX_VALUE;

    private final Grammar grammar;
    private final Characters characters;
    private final boolean quoted;
    private int states;

    private RegexText(Grammar grammar, boolean quoted) {
        this.grammar = grammar;
        this.characters = new Characters(grammar);
        this.quoted = quoted;
    }

    static RegexText plain(Grammar grammar) {
        return new RegexText(grammar, false);
    }

    static RegexText quoted(Grammar grammar) {
        return new RegexText(grammar, true);
    }

    /// @param least characters at least
    /// @param most characters at most; null for no bound
    void write(Node from, RegexNode regex, int least, @Nullable Integer most, Node to) {
        State start = state();
        State end = build(regex, start);
        new Copy(least, most == null ? UNBOUNDED : most, end, to).write(start, from);
    }

    private State state() {
        if (++states > MAX_STATES) {
            throw Grammar.refused("a regular expression is too large");
        }
        return new State();
    }

    private State build(RegexNode regex, State from) {
        return switch (regex) {
            case RegexNode.OneOf one -> step(from, one.ranges(), state());
            case RegexNode.Sequence sequence -> {
                State at = from;
                for (RegexNode part : sequence.parts()) {
                    at = build(part, at);
                }
                yield at;
            }
            case RegexNode.Choice choice -> {
                State end = state();
                for (RegexNode alternative : choice.alternatives()) {
                    State begin = step(from, null, state());
                    step(build(alternative, begin), null, end);
                }
                yield end;
            }
            case RegexNode.Repeat repeat -> repeated(repeat, from);
            case RegexNode.Anchor anchor -> throw new AssertionError("anchors are taken out");
        };
    }

    private State repeated(RegexNode.Repeat repeat, State from) {
        State at = from;
        for (int i = 0; i < repeat.least(); i++) {
            at = build(repeat.part(), at);
        }
        if (repeat.most() < 0) {
            State loop = step(at, null, state());
            step(build(repeat.part(), loop), null, loop);
            return step(loop, null, state());
        }
        State end = state();
        step(at, null, end);
        for (int i = repeat.least(); i < repeat.most(); i++) {
            at = build(repeat.part(), at);
            step(at, null, end);
        }
        return end;
    }

    private static State step(State from, @Nullable List<int[]> ranges, State to) {
        from.steps.add(new Step(ranges, to));
        return to;
    }

    /// The automaton's states times the count of characters read.
    private final class Copy {
        private record Counted(State state, int count) {}

        private final int least;
        private final int most;
        private final State end;
        private final Node to;
        private final Map<Counted, Node> nodes = new HashMap<>();
        private final List<Counted> open = new ArrayList<>();

        Copy(int least, int most, State end, Node to) {
            this.least = least;
            this.most = most;
            this.end = end;
            this.to = to;
        }

        void write(State start, Node from) {
            grammar.jump(from, node(start, 0));
            while (!open.isEmpty()) {
                Counted here = open.removeLast();
                Node node = node(here.state(), here.count());
                if (here.state() == end && here.count() >= least) {
                    grammar.jump(node, to);
                }
                for (Step step : here.state().steps) {
                    copy(node, step, here.count());
                }
            }
        }

        private void copy(Node node, Step step, int count) {
            List<int[]> ranges = step.ranges();
            if (ranges == null) {
                grammar.jump(node, node(step.to(), count));
                return;
            }
            if (count == most) {
                return;
            }
            // Where nothing depends on it any more, the count stands still.
            int next = most == UNBOUNDED ? Math.min(count + 1, least) : count + 1;
            for (int[] range : ranges) {
                if (quoted) {
                    characters.escaped(node, range[0], range[1], node(step.to(), next));
                } else {
                    characters.raw(node, range[0], range[1], node(step.to(), next));
                }
            }
        }

        private Node node(State state, int count) {
            Counted counted = new Counted(state, count);
            Node known = nodes.get(counted);
            if (known == null) {
                known = grammar.node();
                nodes.put(counted, known);
                open.add(counted);
            }
            return known;
        }
    }
}
