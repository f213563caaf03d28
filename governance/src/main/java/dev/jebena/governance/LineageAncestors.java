package dev.jebena.governance;

import dev.jebena.tracking.LineageEdge;
import dev.jebena.tracking.LineageGraph;
import dev.jebena.tracking.LineageItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The ancestors of a thing that the lineage knows: what it was quantized, converted or trained
/// from, as far back as that is recorded.
public final class LineageAncestors {
    private LineageAncestors() {}

    public static List<LicenseGraph.Ancestor> of(LineageGraph graph) {
        List<LicenseGraph.Ancestor> found = new ArrayList<>();
        Deque<Way> left = new ArrayDeque<>();
        Set<String> seen = new HashSet<>(Set.of(graph.start().id()));
        left.add(new Way(graph.start().id(), LicenseRelation.CONVERTED));
        while (!left.isEmpty()) {
            Way here = left.poll();
            for (LineageEdge edge : graph.edges()) {
                LineageItem from = graph.items().getOrDefault(edge.source().id(), edge.source());
                if (edge.target().id().equals(here.id) && seen.add(from.id())) {
                    LicenseRelation relation = relation(edge, from, here.relation);
                    // A source of this machine is the file itself, which is there under its name.
                    boolean local =
                            from.kind().equals("source") && from.name().matches("[/.\\\\].*");
                    if (!from.name().isEmpty() && !from.kind().equals("run") && !local) {
                        found.add(
                                new LicenseGraph.Ancestor(
                                        name(from),
                                        from.kind().equals("data")
                                                ? CardKind.DATASET
                                                : CardKind.MODEL,
                                        relation,
                                        "the lineage: " + edge.job()));
                    }
                    left.add(new Way(from.id(), relation));
                }
            }
        }
        return List.copyOf(found);
    }

    /// @param relation of what was asked for to what lies here
    private record Way(String id, LicenseRelation relation) {}

    private static LicenseRelation relation(
            LineageEdge edge, LineageItem from, LicenseRelation sofar) {
        String job = edge.job().toLowerCase(Locale.ROOT);
        if (from.kind().equals("data") || job.startsWith("read")) {
            return LicenseRelation.TRAINED_ON;
        }
        if (job.startsWith("quantize")) {
            return LicenseRelation.QUANTIZED;
        }
        boolean same = job.startsWith("convert") || job.equals("fetched") || job.equals("part of");
        return same ? sofar : LicenseRelation.DERIVED;
    }

    /// `hf.co/owner/name:file` as `owner/name`.
    private static String name(LineageItem item) {
        return item.name()
                .replaceFirst("^(https://)?(hf\\.co|huggingface\\.co)/", "")
                .replaceFirst("^([\\w.-]+/[\\w.-]+?)([:@/].*)$", "$1");
    }
}
