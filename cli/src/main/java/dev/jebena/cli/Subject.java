package dev.jebena.cli;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.governance.LicenseGraph;
import dev.jebena.governance.LicenseSearch;
import dev.jebena.governance.LineageAncestors;
import dev.jebena.hub.StoredModel;
import dev.jebena.tracking.Lineage;
import dev.jebena.tracking.Tracking;
import dev.jebena.tracking.TrackingOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a licence or an openness report is asked about: a file, a folder, or a model of the store.
///
/// @param model in the store; null for a path
record Subject(String name, Path path, @Nullable StoredModel model) {
    private static final int STEPS = 20;

    static Subject of(Models models, String text) {
        Path path = Path.of(text);
        if (Files.exists(path)) {
            Path real = path.toAbsolutePath().normalize();
            return new Subject(String.valueOf(real.getFileName()), path, null);
        }
        StoredModel model = models.local(text);
        return new Subject(model.name().toString(), model.path(), model);
    }

    /// What files and the store's manifest say of the licence.
    LicenseSearch search() {
        LicenseSearch files = LicenseSearch.of(path);
        if (model == null) {
            return files;
        }
        return files.and(LicenseSearch.ofTexts("the store's manifest", model.licenses()));
    }

    /// What the lineage knows of where it came from. Nothing where there are no records.
    List<LicenseGraph.Ancestor> ancestors(Models models) {
        List<String> ids = ids();
        Path folder = RunsPlace.folder(models.home());
        if (ids.isEmpty() || !Files.isDirectory(folder)) {
            return List.of();
        }
        ModelLineage known = ModelLineage.of(models.hub().store());
        try (Tracking tracking = Tracking.open(TrackingOptions.in(folder))) {
            Lineage lineage = Lineage.of(tracking);
            List<LicenseGraph.Ancestor> found = new ArrayList<>();
            ids.forEach(
                    id -> found.addAll(LineageAncestors.of(lineage.graph(id, STEPS, known::at))));
            return found.stream().distinct().toList();
        } catch (Problem e) {
            System.err.println("jebena: the lineage cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    /// Content ids: of the file itself, or of the model's weights.
    private List<String> ids() {
        if (model != null) {
            return List.of(model.digest().toString());
        }
        return Optional.of(path)
                .filter(Files::isRegularFile)
                .map(ContentId::of)
                .map(id -> List.of(id.toString()))
                .orElse(List.of());
    }
}
