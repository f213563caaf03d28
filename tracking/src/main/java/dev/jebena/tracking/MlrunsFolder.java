package dev.jebena.tracking;

import dev.jebena.base.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// MLflow's store of files, the folder `mlruns`: one folder for an experiment, below it one for
/// each run, with `meta.yaml` and a file for each metric, param and tag.
final class MlrunsFolder implements RunSource, RunSink {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String META = "meta.yaml";
    private static final String TRASH = ".trash";
    private static final long LONGEST_META = 1 << 20;
    private static final long LONGEST_VALUE = 1 << 20;

    /// What `status` numbers mean, from 1 on.
    private static final List<String> STATUSES = Runs.STATUSES;

    private final Path root;
    private final @Nullable Path artifacts;
    private final ArtifactFolders files;
    private final Map<String, Path> runs = new LinkedHashMap<>();

    MlrunsFolder(Path root, @Nullable Path artifacts) {
        this.root = root;
        this.artifacts = artifacts;
        files = new ArtifactFolders(artifacts);
        for (Path experiment : experimentFolders()) {
            for (Path run : folders(experiment)) {
                Path meta = run.resolve(META);
                if (Files.isRegularFile(meta) && Files.isDirectory(run.resolve("tags"))) {
                    runs.put(name(run), run);
                }
            }
        }
    }

    private List<Path> experimentFolders() {
        List<Path> found = new ArrayList<>(folders(root));
        found.addAll(folders(root.resolve(TRASH)));
        found.removeIf(folder -> !name(folder).matches("\\d+"));
        return found;
    }

    private static String name(Path path) {
        return Objects.toString(path.getFileName());
    }

    private static List<Path> folders(Path folder) {
        return list(folder).filter(Files::isDirectory).toList();
    }

    private static Stream<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw Problem.storage("cannot list " + folder, e);
        }
    }

    private static String content(Path file, long limit) {
        try {
            if (Files.size(file) > limit) {
                throw new Problem(
                        Problem.Code.TOO_LARGE,
                        "%s has %,d bytes; at most %,d are taken"
                                .formatted(file, Files.size(file), limit));
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file, e);
        }
    }

    private static Map<?, ?> meta(Path folder) {
        Path file = folder.resolve(META);
        try {
            return YAML.readValue(content(file, LONGEST_META), Map.class);
        } catch (JacksonException e) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    file + " is no YAML of MLflow's: " + e.getOriginalMessage(),
                    null,
                    e);
        }
    }

    private static String text(Map<?, ?> meta, String name) {
        return Objects.toString(meta.get(name), "");
    }

    private static @Nullable String textOrNull(Map<?, ?> meta, String name) {
        Object value = meta.get(name);
        return value == null ? null : value.toString();
    }

    private static @Nullable Long number(Map<?, ?> meta, String name) {
        return meta.get(name) instanceof Number number ? number.longValue() : null;
    }

    /// The files below a folder by their paths: keys may have slashes.
    private static Map<String, Path> files(Path folder) {
        Map<String, Path> found = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(f -> Files.isRegularFile(f, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .forEach(f -> found.put(folder.relativize(f).toString().replace('\\', '/'), f));
        } catch (IOException e) {
            throw Problem.storage("cannot list " + folder, e);
        }
        return found;
    }

    private static Map<String, String> values(Path folder) {
        Map<String, String> values = new TreeMap<>();
        files(folder).forEach((key, file) -> values.put(key, content(file, LONGEST_VALUE)));
        return values;
    }

    @Override
    public List<ExperimentCopy> experiments() {
        List<ExperimentCopy> found = new ArrayList<>();
        for (Path folder : experimentFolders()) {
            if (Files.isRegularFile(folder.resolve(META))) {
                Map<?, ?> meta = meta(folder);
                Long created = number(meta, "creation_time");
                Long updated = number(meta, "last_update_time");
                found.add(
                        new ExperimentCopy(
                                name(folder),
                                text(meta, "name"),
                                text(meta, "artifact_location"),
                                text(meta, "lifecycle_stage"),
                                created == null ? 0 : created,
                                updated == null ? 0 : updated,
                                values(folder.resolve("tags"))));
            }
        }
        return found;
    }

    @Override
    public List<String> runs() {
        return List.copyOf(runs.keySet());
    }

    @Override
    public RunCopy run(String id) {
        Path folder = runs.get(id);
        if (folder == null) {
            throw Problem.notFound("there is no run " + id + " in " + root);
        }
        Map<?, ?> meta = meta(folder);
        Long status = number(meta, "status");
        if (status == null || status < 1 || status > STATUSES.size()) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "%s: status is %s; expected 1 to %d"
                            .formatted(folder.resolve(META), meta.get("status"), STATUSES.size()));
        }
        Map<String, List<MetricPoint>> metrics = new TreeMap<>();
        files(folder.resolve("metrics")).forEach((key, file) -> metrics.put(key, points(file)));
        return new RunCopy(
                id,
                name(Objects.requireNonNull(folder.getParent())),
                text(meta, "run_name"),
                text(meta, "user_id"),
                STATUSES.get(status.intValue() - 1),
                number(meta, "start_time"),
                number(meta, "end_time"),
                number(meta, "deleted_time"),
                text(meta, "lifecycle_stage"),
                text(meta, "artifact_uri"),
                values(folder.resolve("params")),
                values(folder.resolve("tags")),
                metrics,
                datasets(folder),
                folders(folder.resolve("inputs")).stream()
                        .filter(f -> text(meta(f), "source_type").equals("MODEL"))
                        .map(f -> text(meta(f), "source_id"))
                        .toList(),
                outputs(folder));
    }

    private static Map<String, Long> outputs(Path run) {
        Map<String, Long> outputs = new TreeMap<>();
        for (Path output : folders(run.resolve("outputs"))) {
            Map<?, ?> meta = meta(output);
            Long step = number(meta, "step");
            outputs.put(text(meta, "destination_id"), step == null ? 0 : step);
        }
        return outputs;
    }

    private static List<MetricPoint> points(Path file) {
        List<MetricPoint> points = new ArrayList<>();
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            lines.filter(line -> !line.isBlank()).forEach(line -> points.add(point(file, line)));
        } catch (IOException | java.io.UncheckedIOException e) {
            throw Problem.storage("cannot read " + file, e);
        }
        points.sort(MetricPoint.BY_TIME);
        return points;
    }

    private static MetricPoint point(Path file, String line) {
        String[] parts = line.strip().split(" ");
        try {
            double value =
                    switch (parts[1]) {
                        case "nan" -> Double.NaN;
                        case "inf" -> Double.MAX_VALUE;
                        case "-inf" -> -Double.MAX_VALUE;
                        default -> Double.parseDouble(parts[1]);
                    };
            return new MetricPoint(
                    Long.parseLong(parts[0]),
                    parts.length < 3 ? 0 : Long.parseLong(parts[2]),
                    value);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "%s: the line '%s' is no point; expected TIMESTAMP VALUE STEP"
                            .formatted(file, Checks.cut(line, 100)),
                    null,
                    e);
        }
    }

    private static List<DatasetCopy> datasets(Path run) {
        List<DatasetCopy> found = new ArrayList<>();
        for (Path link : folders(run.resolve("inputs"))) {
            Map<?, ?> input = meta(link);
            String id = text(input, "source_id");
            if (text(input, "source_type").equals("DATASET") && id.matches("[\\w-]+")) {
                Map<?, ?> dataset =
                        meta(
                                Objects.requireNonNull(run.getParent())
                                        .resolve("datasets")
                                        .resolve(id));
                Map<String, String> tags = new TreeMap<>();
                if (input.get("tags") instanceof Map<?, ?> map) {
                    map.forEach(
                            (key, value) -> tags.put(String.valueOf(key), String.valueOf(value)));
                }
                found.add(
                        new DatasetCopy(
                                text(dataset, "name"),
                                text(dataset, "digest"),
                                text(dataset, "source_type"),
                                text(dataset, "source"),
                                textOrNull(dataset, "schema"),
                                textOrNull(dataset, "profile"),
                                tags));
            }
        }
        return found;
    }

    @Override
    public boolean artifacts(RunCopy run, EachFile each) throws IOException {
        return files.each(run.artifactUri(), each);
    }

    @Override
    public String experiment(ExperimentCopy experiment) {
        Map<String, String> known = new HashMap<>();
        experiments().forEach(e -> known.put(e.name(), e.id()));
        String there = known.get(experiment.name());
        if (there != null) {
            return there;
        }
        long id = Long.parseLong(experiment.id());
        while (known.containsValue(Long.toString(id))) {
            id++;
        }
        new MlrunsWriter(root, artifacts).experiment(Long.toString(id), experiment);
        return Long.toString(id);
    }

    @Override
    public boolean contains(String run) {
        return runs.containsKey(run);
    }

    private Path folder(String experiment) {
        Path kept = root.resolve(experiment);
        return Files.isDirectory(kept) ? kept : root.resolve(TRASH).resolve(experiment);
    }

    @Override
    public void artifact(String experiment, String run, String path, InputStream in)
            throws IOException {
        Path below = artifacts == null ? folder(experiment) : artifacts.resolve(experiment);
        Path file = below.resolve(run).resolve("artifacts").resolve(Artifacts.checked(path));
        Files.createDirectories(file.getParent());
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void run(String experiment, RunCopy run, boolean filesCopied) {
        Path below = artifacts == null ? folder(experiment) : artifacts.resolve(experiment);
        Path kept = below.toAbsolutePath().resolve(run.id()).resolve("artifacts");
        String uri =
                filesCopied ? kept.toUri().toString().replaceFirst("/$", "") : run.artifactUri();
        Path folder = folder(experiment).resolve(run.id());
        new MlrunsWriter(root, artifacts).run(folder, experiment, run, uri);
        runs.put(run.id(), folder);
    }

    @Override
    public void close() {
        // Files are closed as soon as they are read.
    }
}
