package dev.jebena.repositories;

import dev.jebena.base.Problem;
import dev.jebena.data.DataFile;
import dev.jebena.data.DataLimits;
import dev.jebena.data.DatasetFiles;
import dev.jebena.data.LoadOptions;
import dev.jebena.data.Loading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The configurations and splits of a data set's repository at one commit. Nothing of it changes,
/// so it is kept for the next request, with what was found out about its rows.
final class DatasetView {
    /// More files than this are no data set that somebody looks at row by row.
    private static final int MOST_FILES = 100_000;

    private static final int MOST_COLUMNS = 1_000;

    /// What one request may hold in memory and decompress.
    private static final DataLimits LIMITS =
            DataLimits.defaults().blockBytes(256L << 20).fileBytes(5L << 30);

    private final String commit;
    private final List<DataFile> files;
    private final List<String> configs;
    private final Map<String, DatasetFiles> grouped = new ConcurrentHashMap<>();
    private final Map<List<String>, ViewedSplit> splits = new ConcurrentHashMap<>();

    private DatasetView(String commit, List<DataFile> files, List<String> configs) {
        this.commit = commit;
        this.files = files;
        this.configs = configs;
    }

    static DatasetView of(Repositories repositories, Repo repo, Snapshot snapshot) {
        List<DataFile> files = new ArrayList<>();
        for (FileEntry file : snapshot.files()) {
            files.add(new RepositoryDataFile(repositories, repo.id(), file));
        }
        if (files.size() > MOST_FILES) {
            throw ViewerErrors.of(
                    501,
                    "DatasetWithTooManyFilesError",
                    "the data set has %,d files; those with at most %,d are shown"
                            .formatted(files.size(), MOST_FILES));
        }
        try {
            return new DatasetView(
                    snapshot.commit().name(), List.copyOf(files), Loading.configs(files));
        } catch (Problem e) {
            throw ViewerErrors.damaged("ConfigNamesError", e);
        }
    }

    String commit() {
        return commit;
    }

    /// The names that the card gives; `default` where it gives none.
    List<String> configs() {
        return configs.isEmpty() ? List.of("default") : configs;
    }

    /// The splits of a configuration and their files.
    DatasetFiles files(String config) {
        if (!configs().contains(config)) {
            throw ViewerErrors.of(
                    404,
                    "ConfigNotFoundError",
                    "there is no config '%s'; there are: %s"
                            .formatted(config, String.join(", ", configs())));
        }
        DatasetFiles known = grouped.get(config);
        if (known != null) {
            return known;
        }
        try {
            DatasetFiles found = Loading.grouped("the repository", files, options(config));
            grouped.put(config, found);
            return found;
        } catch (Problem e) {
            boolean nothing = e.code() == Problem.Code.NOT_FOUND;
            throw ViewerErrors.damaged(nothing ? "EmptyDatasetError" : "SplitNamesError", e);
        }
    }

    private LoadOptions options(String config) {
        return LoadOptions.defaults().config(configs.isEmpty() ? null : config).limits(LIMITS);
    }

    List<String> splits(String config) {
        return List.copyOf(files(config).splits().keySet());
    }

    ViewedSplit split(String config, String split) {
        DatasetFiles all = files(config);
        List<DataFile> own = all.splits().get(split);
        if (own == null) {
            throw ViewerErrors.of(
                    404,
                    "SplitNotFoundError",
                    "there is no split '%s' in the config '%s'; there are: %s"
                            .formatted(split, config, String.join(", ", all.splits().keySet())));
        }
        ViewedSplit known = splits.get(List.of(config, split));
        if (known != null) {
            return known;
        }
        ViewedSplit opened;
        try {
            opened =
                    new ViewedSplit(
                            config,
                            split,
                            own,
                            all.format(),
                            Loading.open("the repository", all, options(config).split(split)));
        } catch (Problem e) {
            throw ViewerErrors.damaged("FeaturesError", e);
        }
        int columns = opened.data().features().size();
        if (columns > MOST_COLUMNS) {
            throw ViewerErrors.of(
                    501,
                    "TooManyColumnsError",
                    "the data set has %,d columns; those with at most %,d are shown"
                            .formatted(columns, MOST_COLUMNS));
        }
        ViewedSplit other = splits.putIfAbsent(List.of(config, split), opened);
        return other == null ? opened : other;
    }
}
