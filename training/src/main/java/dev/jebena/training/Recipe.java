package dev.jebena.training;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.dataformat.toml.TomlMapper;

/// What to train, read from a TOML file: tables `data`, `model`, `optimizer`, `schedule`,
/// `training` and `output`, a `seed`, and `tracking` and `experiment` for its runs.
/// `docs/training.md` lists all keys.
///
/// ```toml
/// seed = 42
/// [data]
/// kind = "table"
/// file = "wine.csv"
/// [model]
/// kind = "mlp"
/// hidden = [64]
/// [training]
/// epochs = 50
/// ```
public final class Recipe {
    private static final long MOST_BYTES = 1 << 20;
    private static final TypeReference<Map<String, Object>> TABLE = new TypeReference<>() {};

    private final Path file;
    private final String text;
    private final Map<String, Object> values;
    private final long seed;
    private final DataReader data;
    private final NetworkForm network;
    private final OptimizerForm optimizer;
    private final ScheduleForm schedule;
    private final Course course;
    private final Output output;
    private final @Nullable String tracking;
    private final @Nullable String experiment;

    /// Where results go.
    ///
    /// @param model the weights
    /// @param checkpoint the state of the training; null for none
    /// @param every steps between checkpoints
    /// @param sample characters that a language model writes at the end
    /// @param temperature of that text
    record Output(
            Path model, @Nullable Path checkpoint, long every, int sample, double temperature) {
        /// In another folder and without checkpoints.
        Output into(Path folder) {
            return new Output(
                    folder.resolve(String.valueOf(model.getFileName())),
                    null,
                    every,
                    sample,
                    temperature);
        }
    }

    /// @param into the folder of all results, whatever the recipe says; null for what it says
    private Recipe(
            Path file, String text, Map<String, Object> values, Section all, @Nullable Path into) {
        this.file = file;
        this.text = text;
        this.values = values;
        seed = all.integer("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE);
        Path folder = file.toAbsolutePath().resolveSibling("");
        Section about = all.section("data");
        data =
                about.kind(
                        "table",
                        Map.<String, Function<Section, DataReader>>of(
                                "table", s -> TableData.read(s, folder),
                                "image", s -> ImageData.read(s, folder),
                                "text", s -> TextData.read(s, folder)));
        network = NetworkForm.read(all.section("model"), data.usual());
        optimizer = OptimizerForm.read(all.section("optimizer"));
        schedule = ScheduleForm.read(all.section("schedule"));
        course = Course.read(all.section("training"));
        Output told = output(all.section("output"), folder);
        output = into == null ? told : told.into(into);
        tracking = all.text("tracking");
        experiment = all.text("experiment");
        all.end();
    }

    private Output output(Section section, Path folder) {
        String stem = String.valueOf(file.getFileName()).replaceFirst("\\.toml$", "");
        Path model = tensors(section, "model", stem + ".safetensors", folder);
        Path checkpoint = tensors(section, "checkpoint", stem + ".checkpoint.safetensors", folder);
        boolean kept = section.flag("checkpoints", true);
        Output result =
                new Output(
                        model,
                        kept ? checkpoint : null,
                        section.integer("every", 500L, 1, Long.MAX_VALUE),
                        section.integer("sample", 200, 0, 1_000_000),
                        section.number("temperature", 0.8, 0, 100));
        if (model.equals(checkpoint)) {
            section.problem("checkpoint", "is the same file as the model");
        }
        section.end();
        return result;
    }

    private static Path tensors(Section section, String key, String instead, Path folder) {
        String name = section.text(key, instead);
        if (!name.endsWith(".safetensors")) {
            section.problem(key, "\"" + name + "\" does not end in .safetensors");
        }
        return folder.resolve(name);
    }

    /// Reads a file. Throws [Problem] that lists all that is wrong in it.
    public static Recipe load(Path file) {
        try {
            if (Files.isDirectory(file) || Files.size(file) > MOST_BYTES) {
                throw Problem.badRequest(
                        file + " is no recipe: a TOML file of at most 1 MiB is needed");
            }
            return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), file);
        } catch (IOException e) {
            throw Problem.storage("the recipe cannot be read", e);
        }
    }

    /// The same of a text.
    ///
    /// @param file its name, which results are called after, in the folder that its paths begin in
    public static Recipe parse(String text, Path file) {
        List<String> problems = new ArrayList<>();
        Map<String, Object> values;
        try {
            values = TomlMapper.shared().readValue(text, TABLE);
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw Problem.badRequest(
                    "%s%s: %s".formatted(file, line > 0 ? ":" + line : "", e.getOriginalMessage()));
        }
        Recipe recipe = new Recipe(file, text, values, Section.whole(values, problems), null);
        if (!problems.isEmpty()) {
            throw Problem.badRequest(file + " cannot be used:\n- " + String.join("\n- ", problems));
        }
        return recipe;
    }

    /// The file's name without its end.
    public String name() {
        return String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "");
    }

    /// What the file says.
    public String text() {
        return text;
    }

    public long seed() {
        return seed;
    }

    /// The file itself.
    public Path file() {
        return file;
    }

    /// Where trainings are recorded: a server's address, a data folder, or `here` for this
    /// machine's; null for nowhere.
    public @Nullable String tracking() {
        return tracking;
    }

    /// The experiment that trainings are recorded in; the recipe's name where it says none.
    public String experiment() {
        return experiment == null ? name() : experiment;
    }

    /// The same training once more, apart from what is there: results go into a folder, and there
    /// are no checkpoints.
    ///
    /// @param seed another seed; null for the recipe's own
    public Recipe again(Path folder, @Nullable Long seed) {
        Map<String, Object> changed = new LinkedHashMap<>(values);
        if (seed != null) {
            changed.put("seed", seed);
        }
        Section all = Section.whole(changed, new ArrayList<>());
        return new Recipe(file, text, changed, all, folder);
    }

    /// All that the file says, by names such as `model.kind`.
    public Map<String, Object> settings() {
        Map<String, Object> all = new LinkedHashMap<>();
        flatten("", values, all);
        return all;
    }

    private static void flatten(String prefix, Map<?, ?> from, Map<String, Object> into) {
        from.forEach((key, value) -> {
            String name = prefix + key;
            if (value instanceof Map<?, ?> table) {
                flatten(name + ".", table, into);
            } else {
                into.put(name, value);
            }
        });
    }

    /// Changes with all that changes results, but for the number of steps.
    ///
    /// @param data digest of the data
    String digest(String data) {
        Map<String, Object> counted = new TreeMap<>(values);
        counted.keySet().removeAll(Set.of("output", "tracking", "experiment"));
        if (counted.get("training") instanceof Map<?, ?> training) {
            Map<Object, Object> rest = new TreeMap<>(training);
            rest.keySet().removeAll(Set.of("steps", "epochs", "evaluate", "compiled"));
            counted.put("training", rest);
        }
        return ContentId.of(Json.write(counted) + data).brief();
    }

    DataReader data() {
        return data;
    }

    NetworkForm network() {
        return network;
    }

    OptimizerForm optimizer() {
        return optimizer;
    }

    ScheduleForm schedule() {
        return schedule;
    }

    Course course() {
        return course;
    }

    Output output() {
        return output;
    }
}
