package dev.jebena.tracking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A lineage as text: a tree for terminals, and Mermaid for Markdown.
public final class LineageText {
    private static final int SHORT = 19;

    private LineageText() {}

    /// Two trees: what the thing came from, and what came of it.
    public static String tree(LineageGraph graph) {
        StringBuilder text = new StringBuilder(shown(graph.start())).append('\n');
        part(text, graph, "came from", true);
        part(text, graph, "went into", false);
        if (graph.edges().isEmpty()) {
            text.append("nothing is known of where it came from or went\n");
        }
        if (!graph.whole()) {
            text.append("there is more; --depth N follows further\n");
        }
        return text.toString();
    }

    private static void part(
            StringBuilder text, LineageGraph graph, String heading, boolean backward) {
        Set<String> seen = new HashSet<>(Set.of(graph.start().id()));
        StringBuilder tree = new StringBuilder();
        new Tree(graph, backward, seen, tree).below(graph.start().id(), "");
        if (!tree.isEmpty()) {
            text.append(heading).append('\n').append(tree);
        }
    }

    private record Tree(
            LineageGraph graph, boolean backward, Set<String> seen, StringBuilder text) {
        void below(String id, String indent) {
            List<LineageEdge> steps = new ArrayList<>();
            for (LineageEdge edge : graph.edges()) {
                if ((backward ? edge.target() : edge.source()).id().equals(id)) {
                    steps.add(edge);
                }
            }
            for (int i = 0; i < steps.size(); i++) {
                boolean last = i == steps.size() - 1;
                LineageEdge edge = steps.get(i);
                String other = (backward ? edge.source() : edge.target()).id();
                LineageItem item = graph.items().getOrDefault(other, edge.source());
                boolean again = !seen.add(other);
                text.append(indent)
                        .append(last ? "└─ " : "├─ ")
                        .append(edge.job())
                        .append(": ")
                        .append(shown(item))
                        .append(again ? " (see above)\n" : "\n");
                if (!again) {
                    below(other, indent + (last ? "   " : "│  "));
                }
            }
        }
    }

    private static String shown(LineageItem item) {
        String id = item.id();
        String brief =
                id.startsWith("sha256:") || id.startsWith("run:")
                        ? id.substring(0, Math.min(SHORT, id.length()))
                        : id;
        boolean told = item.name().isEmpty() || id.endsWith(item.name());
        return item.kind() + " " + (told ? brief : item.name() + " (" + brief + ")");
    }

    /// A flow chart in Mermaid's language.
    public static String mermaid(LineageGraph graph) {
        StringBuilder text = new StringBuilder("graph LR\n");
        Map<String, String> names = new HashMap<>();
        for (LineageItem item : graph.items().values()) {
            String name = "n" + names.size();
            names.put(item.id(), name);
            boolean run = item.kind().equals("run");
            text.append("  ")
                    .append(name)
                    .append(run ? "([\"" : "[\"")
                    .append(escaped(shown(item)))
                    .append(run ? "\"])\n" : "\"]\n");
        }
        for (LineageEdge edge : graph.edges()) {
            text.append("  ")
                    .append(names.get(edge.source().id()))
                    .append(" -->|\"")
                    .append(escaped(edge.job()))
                    .append("\"| ")
                    .append(names.get(edge.target().id()))
                    .append('\n');
        }
        return text.toString();
    }

    /// Names come from anybody; Mermaid reads `#` and digits as a character's number.
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    if (c < ' ' || "\"#<>&;`".indexOf(c) >= 0) {
                        escaped.append('#').append(c).append(';');
                    } else {
                        escaped.appendCodePoint(c);
                    }
                });
        return escaped.toString();
    }
}
