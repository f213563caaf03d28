package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.internal.constraint.Node.Edge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds a rule that calls itself before it has read anything: it could be entered without end.
final class LeftRecursion {
    private final Map<Rule, Set<Rule>> called = new HashMap<>();

    /// @param next rules that are still to be looked at
    private record Frame(Rule rule, List<Rule> next) {}

    /// Such a rule, or null. The rules' nodes know their shortest completions.
    static @Nullable Rule find(List<Rule> rules) {
        return new LeftRecursion().search(rules);
    }

    private @Nullable Rule search(List<Rule> rules) {
        Set<Rule> done = new HashSet<>();
        Set<Rule> onPath = new HashSet<>();
        for (Rule root : rules) {
            if (done.contains(root)) {
                continue;
            }
            List<Frame> path = new ArrayList<>();
            path.add(new Frame(root, new ArrayList<>(calledFirst(root))));
            onPath.add(root);
            while (!path.isEmpty()) {
                Frame frame = path.getLast();
                if (frame.next().isEmpty()) {
                    path.removeLast();
                    onPath.remove(frame.rule());
                    done.add(frame.rule());
                    continue;
                }
                Rule next = frame.next().removeLast();
                if (onPath.contains(next)) {
                    return named(path, next);
                }
                if (!done.contains(next)) {
                    onPath.add(next);
                    path.add(new Frame(next, new ArrayList<>(calledFirst(next))));
                }
            }
        }
        return null;
    }

    /// Of the rules in the circle one that has a name, where there is one.
    private static Rule named(List<Frame> path, Rule begin) {
        for (int i = path.size() - 1; i >= 0; i--) {
            Rule rule = path.get(i).rule();
            if (rule.name != null || rule == begin) {
                return rule;
            }
        }
        return begin;
    }

    /// Rules that may be called before anything is read.
    private Set<Rule> calledFirst(Rule rule) {
        return called.computeIfAbsent(rule, LeftRecursion::follow);
    }

    private static Set<Rule> follow(Rule rule) {
        Set<Rule> first = new LinkedHashSet<>();
        List<Node> open = new ArrayList<>(List.of(rule.start));
        Set<Node> visited = new HashSet<>(open);
        while (!open.isEmpty()) {
            for (Edge edge : open.removeLast().edges) {
                boolean reads = !(edge instanceof Edge.Jump);
                if (edge instanceof Edge.Call call) {
                    first.add(call.rule());
                    reads = call.rule().start.shortest > 0;
                }
                if (!reads && visited.add(edge.to())) {
                    open.add(edge.to());
                }
            }
        }
        return first;
    }
}
