package dev.jebena.formats;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// Why the nodes of a graph are not sorted.
///
/// @param message a format with a place for each name
record OnnxCycle(String message, List<String> names) {
    private static final int MOST_SHOWN = 8;

    /// Looks for a cycle; without one, some node merely stands too late.
    ///
    /// @param makers the number of the node that makes a name
    static OnnxCycle find(List<OnnxNode> nodes, Map<String, Integer> makers) {
        byte[] state = new byte[nodes.size()];
        int[] nextInput = new int[nodes.size()];
        List<Integer> path = new ArrayList<>();
        for (int start = 0; start < nodes.size(); start++) {
            if (state[start] == 0) {
                path.add(start);
                state[start] = 1;
            }
            while (!path.isEmpty()) {
                int at = path.getLast();
                List<String> inputs = nodes.get(at).inputs();
                if (nextInput[at] == inputs.size()) {
                    state[at] = 2;
                    path.removeLast();
                    continue;
                }
                Integer maker = makers.get(inputs.get(nextInput[at]++));
                if (maker != null && state[maker] == 1) {
                    return cycle(nodes, path.subList(path.indexOf(maker), path.size()));
                }
                if (maker != null && state[maker] == 0) {
                    state[maker] = 1;
                    path.add(maker);
                }
            }
        }
        return late(nodes, makers);
    }

    private static OnnxCycle cycle(List<OnnxNode> nodes, List<Integer> path) {
        List<String> names = new ArrayList<>();
        // The path goes from users to makers; data flows the other way.
        for (int i : path.reversed().subList(0, Math.min(MOST_SHOWN, path.size()))) {
            names.add(OnnxChecker.called(nodes.get(i)));
        }
        String more = path.size() > MOST_SHOWN ? " -> ..." : "";
        String arrows = String.join(" -> ", Collections.nCopies(names.size(), "%s"));
        names.add(names.getFirst());
        return new OnnxCycle("the graph has a cycle: " + arrows + more + " -> %s", names);
    }

    private static OnnxCycle late(List<OnnxNode> nodes, Map<String, Integer> makers) {
        for (int i = 0; i < nodes.size(); i++) {
            for (String input : nodes.get(i).inputs()) {
                Integer maker = makers.get(input);
                if (maker != null && maker > i) {
                    return new OnnxCycle(
                            "the node %s uses %s before the node %s makes it; sort the nodes",
                            List.of(
                                    OnnxChecker.called(nodes.get(i)),
                                    input,
                                    OnnxChecker.called(nodes.get(maker))));
                }
            }
        }
        return new OnnxCycle("the nodes are not sorted", List.of());
    }
}
