package dev.jebena.tracking;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file that a run has read: where it lay, and the hash of its bytes.
///
/// @param path where it lay
public record RunInput(String name, Path path, ContentId content, long bytes) {
    /// Where a run keeps the bytes that it has read, by their hashes.
    static final String FOLDER = RunEnvironment.FOLDER + "inputs/";

    /// Hashes and places of very many files.
    static final String LIST = RunEnvironment.FOLDER + "inputs.sha256";

    static final int MOST_AT_ONCE = 500;
    private static final int LONGEST_NAME = 500;

    /// Reads the file.
    static RunInput of(String name, Path file) {
        try {
            return new RunInput(
                    name.length() > LONGEST_NAME
                            ? name.substring(name.length() - LONGEST_NAME)
                            : name,
                    file.toAbsolutePath().normalize(),
                    ContentId.of(file),
                    Files.size(file));
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file, e);
        }
    }

    /// The artifact of a run that has the bytes, where they were kept.
    public String place() {
        return FOLDER + content.hex();
    }

    /// As MLflow's data set.
    Map<String, @Nullable Object> json(String context) {
        return HttpJson.object(
                "tags",
                List.of(Run.pair("mlflow.data.context", context)),
                "dataset",
                HttpJson.object(
                        "name", name,
                        // MLflow's digests have at most 36 characters; the source has the whole.
                        "digest", content.hex().substring(0, 32),
                        "source_type", "local",
                        "source",
                                HttpJson.text(
                                        Map.of(
                                                "uri", path.toUri().toString(),
                                                "sha256", content.hex())),
                        "profile", HttpJson.text(Map.of("bytes", bytes))));
    }

    /// The files that a run has read, as far as it tells their hash and place.
    ///
    /// @param run as [TrackingClient#run]
    public static List<RunInput> of(Map<String, @Nullable Object> run) {
        List<RunInput> all = new ArrayList<>();
        Map<?, ?> inputs = run.get("inputs") instanceof Map<?, ?> map ? map : Map.of();
        for (Map<String, @Nullable Object> entry :
                TrackingClient.entries(inputs, "dataset_inputs")) {
            RunInput input = read(HttpJson.objectOf(entry.get("dataset")));
            if (input != null) {
                all.add(input);
            }
        }
        return all;
    }

    /// The files of a [#LIST].
    static List<RunInput> listed(String text) {
        return text.lines()
                .filter(line -> line.matches("[0-9a-f]{64}  .+"))
                .map(line -> {
                    Path path = Path.of(line.substring(66));
                    ContentId content = new ContentId(line.substring(0, 64));
                    return new RunInput(path.toString(), path, content, -1);
                })
                .toList();
    }

    private static @Nullable RunInput read(Map<?, ?> dataset) {
        try {
            Map<?, ?> source = parsed(dataset.get("source"));
            Map<?, ?> profile = parsed(dataset.get("profile"));
            URI uri = URI.create(Objects.toString(source.get("uri"), ""));
            String hex = Objects.toString(source.get("sha256"), "");
            if (!"file".equals(uri.getScheme()) || !hex.matches("[0-9a-f]{64}")) {
                return null;
            }
            return new RunInput(
                    Objects.toString(dataset.get("name"), ""),
                    Path.of(uri),
                    new ContentId(hex),
                    profile.get("bytes") instanceof Number number ? number.longValue() : -1);
        } catch (HttpException | IllegalArgumentException _) {
            // A source is any text.
            return null;
        }
    }

    private static Map<?, ?> parsed(@Nullable Object text) {
        byte[] bytes = Objects.toString(text, "{}").getBytes(StandardCharsets.UTF_8);
        return HttpJson.parse(bytes) instanceof Map<?, ?> map ? map : Map.of();
    }
}
