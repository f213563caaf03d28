package dev.jebena.data;

import dev.jebena.base.Problem;
import dev.jebena.base.Suggestions;
import dev.jebena.data.internal.FormatReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// From the name of a data set to its files, splits and format.
public final class Loading {
    private static final int MAX_FILES = 1_000_000;

    private Loading() {}

    static Dataset load(String source, LoadOptions options) {
        return open(source, files(source, options), options);
    }

    /// One split of files that were found before.
    ///
    /// @param source how messages name the data set
    /// @throws Problem when the split is unknown or a file is damaged
    public static Dataset open(String source, DatasetFiles all, LoadOptions options) {
        String split = options.split();
        if (split == null) {
            Set<String> names = all.splits().keySet();
            if (!names.contains("train") && names.size() != 1) {
                throw new Problem(
                        Problem.Code.BAD_REQUEST,
                        "%s has several splits".formatted(source),
                        "name one of them: " + String.join(", ", names));
            }
            split = names.contains("train") ? "train" : names.iterator().next();
        }
        List<DataFile> files = all.splits().get(split);
        if (files == null) {
            String near = Suggestions.nearest(split, all.splits().keySet());
            throw new Problem(
                    Problem.Code.NOT_FOUND,
                    "%s has no split '%s'%s"
                            .formatted(
                                    source,
                                    split,
                                    near == null ? "" : "; did you mean '" + near + "'?"),
                    "splits: " + String.join(", ", all.splits().keySet()));
        }
        return open(all, files, options);
    }

    private static Dataset open(DatasetFiles all, List<DataFile> files, LoadOptions options) {
        if (all.format().isMedia()) {
            return MediaFolder.open(all.format(), files, all.metadata(), options.limits());
        }
        FormatReader reader = all.format().reader(options);
        try {
            Features features = reader.features(files);
            for (Map.Entry<String, FeatureType> type : options.types().entrySet()) {
                features = features.with(type.getKey(), type.getValue());
            }
            return new FileDataset(files, reader, features);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "cannot read %s: %s".formatted(files.getFirst().name(), e.getMessage()),
                    "is the file whole?",
                    e);
        }
    }

    /// The splits of a data set, and their files.
    public static DatasetFiles files(String source, LoadOptions options) {
        if (source.matches("(?i)https?://.*")) {
            return single(HttpDataFile.of(URI.create(source.strip()), Map.of()), options);
        }
        Path path = path(source);
        if (path != null && Files.isRegularFile(path)) {
            return single(DataFile.of(path), options);
        }
        if (path != null && Files.isDirectory(path)) {
            return grouped(source, folder(path), options);
        }
        String id = source.replaceFirst("^hf://(datasets/)?", "");
        if (!id.matches("[\\w.-]+/[\\w.-]+") || id.contains("..")) {
            throw new Problem(
                    Problem.Code.NOT_FOUND,
                    "there is no file or folder " + source,
                    "a data set of a hub is named ORG/NAME");
        }
        return grouped(id, options.hub().files(id, options.revision()), options);
    }

    private static @Nullable Path path(String source) {
        try {
            return Path.of(source);
        } catch (InvalidPathException _) {
            return null;
        }
    }

    private static DatasetFiles single(DataFile file, LoadOptions options) {
        Format format = options.format() != null ? options.format() : Format.of(file.name());
        if (format == null) {
            throw unknownFormat(file.name());
        }
        return new DatasetFiles(format, Map.of("train", List.of(file)), List.of(), List.of());
    }

    private static Problem unknownFormat(String what) {
        return new Problem(
                Problem.Code.BAD_FILE,
                what + ": the format cannot be told by the name",
                "name it (--format): " + List.of(Format.values()));
    }

    /// All files of a folder, hidden ones too; links to other places are followed.
    private static List<DataFile> folder(Path folder) {
        try (Stream<Path> paths = Files.walk(folder, java.nio.file.FileVisitOption.FOLLOW_LINKS)) {
            List<DataFile> files =
                    paths.filter(Files::isRegularFile)
                            .limit(MAX_FILES + 1L)
                            .map(p -> DataFile.of(p, name(folder, p)))
                            .toList();
            if (files.size() > MAX_FILES) {
                throw new Problem(
                        Problem.Code.TOO_LARGE,
                        "%s has more than %,d files".formatted(folder, MAX_FILES),
                        "put them into archives (WebDataset) or Parquet files");
            }
            return files;
        } catch (IOException | java.io.UncheckedIOException e) {
            throw Problem.storage("cannot read folder " + folder, e);
        }
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    /// The names of the configurations that the card among these files tells of; none when there is
    /// no card or it names none.
    public static List<String> configs(List<DataFile> files) {
        return CardConfigs.of(files).stream().map(CardConfigs.Config::name).toList();
    }

    /// The splits that these files of a folder or repository make up.
    ///
    /// @param source how messages name the data set
    public static DatasetFiles grouped(String source, List<DataFile> files, LoadOptions options) {
        Map<String, DataFile> byName = new LinkedHashMap<>();
        files.forEach(file -> byName.put(file.name(), file));
        List<String> names = List.copyOf(byName.keySet());
        List<CardConfigs.Config> configs = CardConfigs.of(files);
        CardConfigs.Config config = choose(source, configs, options.config());
        Map<String, List<String>> splits =
                config == null ? Splits.byName(names) : byPatterns(config, names);
        Format format = options.format() != null ? options.format() : mostUsed(splits);
        if (format == null) {
            throw new Problem(
                    Problem.Code.NOT_FOUND,
                    "%s has no files of a data set".formatted(source),
                    "known formats: " + List.of(Format.values()));
        }
        Map<String, List<DataFile>> chosen = new LinkedHashMap<>();
        splits.forEach((split, paths) -> {
            List<DataFile> of =
                    paths.stream()
                            .filter(p -> fits(p, format, options))
                            .map(p -> java.util.Objects.requireNonNull(byName.get(p)))
                            .toList();
            if (!of.isEmpty()) {
                chosen.put(split, of);
            }
        });
        List<String> names2 = configs.stream().map(CardConfigs.Config::name).toList();
        return new DatasetFiles(format, chosen, MediaFolder.metadata(files), names2);
    }

    private static boolean fits(String path, Format format, LoadOptions options) {
        Format own = Format.of(path);
        return own == null ? options.format() != null : own.family() == format.family();
    }

    private static CardConfigs.@Nullable Config choose(
            String source, List<CardConfigs.Config> configs, @Nullable String wanted) {
        if (configs.isEmpty() && wanted == null) {
            return null;
        }
        for (CardConfigs.Config config : configs) {
            if (wanted == null
                    ? config.isDefault() || config.name().equals("default") || configs.size() == 1
                    : config.name().equals(wanted)) {
                return config;
            }
        }
        List<String> names = configs.stream().map(CardConfigs.Config::name).toList();
        throw new Problem(
                Problem.Code.BAD_REQUEST,
                wanted == null
                        ? source + " has several configurations"
                        : "%s has no configuration '%s'".formatted(source, wanted),
                names.isEmpty()
                        ? "its card names none"
                        : "name one of them (--config): " + String.join(", ", names));
    }

    private static Map<String, List<String>> byPatterns(
            CardConfigs.Config config, List<String> names) {
        Map<String, List<String>> splits = new LinkedHashMap<>();
        if (config.patterns().isEmpty()) {
            return Splits.byName(names);
        }
        config.patterns()
                .forEach((split, patterns) -> {
                    Set<String> files = new LinkedHashSet<>();
                    patterns.forEach(p -> files.addAll(Splits.matching(p, names)));
                    if (split.isEmpty()) {
                        splits.putAll(Splits.byName(List.copyOf(files)));
                        return;
                    }
                    if (files.isEmpty()) {
                        throw new Problem(
                                Problem.Code.NOT_FOUND,
                                "no file for the split '%s' of the configuration '%s'"
                                        .formatted(split, config.name()),
                                "the card wants: " + patterns);
                    }
                    splits.put(split, List.copyOf(files));
                });
        return splits;
    }

    /// The format of most files; metadata of pictures does not count.
    private static @Nullable Format mostUsed(Map<String, List<String>> splits) {
        Map<Format, Integer> counts = new EnumMap<>(Format.class);
        List<String> all = new ArrayList<>();
        splits.values().forEach(all::addAll);
        for (String name : all) {
            Format format = Format.of(name);
            if (format != null && !MediaFolder.isMetadata(name)) {
                counts.merge(format.family(), 1, Integer::sum);
            }
        }
        if (counts.isEmpty()) {
            all.stream()
                    .map(Format::of)
                    .filter(f -> f != null)
                    .forEach(f -> counts.merge(f, 1, Integer::sum));
        }
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
    }
}
