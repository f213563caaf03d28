package dev.jebena.cli;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.hub.ModelStore;
import dev.jebena.hub.ModelSummary;
import dev.jebena.hub.StoredModel;
import dev.jebena.tracking.LineageEdge;
import dev.jebena.tracking.LineageItem;
import java.util.ArrayList;
import java.util.List;

/// The steps of a lineage that manifests of models tell: where files were fetched from, and which
/// model they are part of.
record ModelLineage(List<LineageEdge> edges) {
    static ModelLineage of(ModelStore store) {
        List<LineageEdge> edges = new ArrayList<>();
        for (ModelSummary summary : store.list()) {
            try {
                add(edges, store, store.model(summary.name().toString()));
            } catch (Problem _) {
                // A model with a missing part; jebena list and show say so.
            }
        }
        return new ModelLineage(List.copyOf(edges));
    }

    private static void add(List<LineageEdge> edges, ModelStore store, StoredModel stored) {
        LineageItem model = LineageItem.model(stored.digest(), stored.name().toString());
        long time = stored.modified().toEpochMilli();
        for (ContentId id : store.files(stored)) {
            LineageItem file = LineageItem.file(id, "");
            edges.add(new LineageEdge(file, model, "part of", time));
            if (stored.source() != null) {
                edges.add(
                        new LineageEdge(
                                LineageItem.source(stored.source()), file, "fetched", time));
            }
        }
    }

    /// The steps that begin or end at an item.
    List<LineageEdge> at(LineageItem item) {
        return edges.stream()
                .filter(e -> e.source().id().equals(item.id()) || e.target().id().equals(item.id()))
                .toList();
    }
}
