package dev.jebena.nn;

import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// All that training needs to go on with the same bits, as one file: a model, its optimizer, the
/// place in the data, generators of random numbers. The file is a safetensors file with the parts'
/// names before those of their tensors; it is replaced as a whole, so a kill leaves the old one or
/// the new one.
public final class TrainingState {
    private static final String FORMAT = "format";
    private static final String KIND = "jebena-training-1";
    private static final String GENERATOR = "generator.";
    private final Map<String, Stateful> parts = new LinkedHashMap<>();
    private final List<Rng> generators = new ArrayList<>();
    private final Map<String, String> marks = new LinkedHashMap<>();

    private TrainingState() {}

    /// A model and the generators that its parts draw from.
    public static TrainingState of(Block model) {
        TrainingState state = new TrainingState();
        state.parts.put("model", model);
        state.generators.addAll(model.generators());
        return state;
    }

    /// A further part.
    public TrainingState with(String name, Stateful part) {
        if (name.indexOf('.') >= 0 || parts.putIfAbsent(name, part) != null) {
            throw NnException.option(
                    "a part called %s; a new name without dot is needed, there are %s",
                    name, parts.keySet());
        }
        return this;
    }

    /// A further generator.
    public TrainingState with(Rng rng) {
        generators.add(rng);
        return this;
    }

    /// A text that is saved too, and has to be the same for training to go on: what was trained.
    public TrainingState mark(String key, String value) {
        if (key.equals(FORMAT)) {
            throw NnException.option("a mark called %s; another name is needed", key);
        }
        marks.put(key, value);
        return this;
    }

    /// Writes all parts.
    public void save(Path file) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        parts.forEach((name, part) ->
                part.stateDict().forEach((key, tensor) -> all.put(name + "." + key, tensor)));
        for (int i = 0; i < generators.size(); i++) {
            Rng rng = generators.get(i);
            all.put(GENERATOR + i, Tensor.of(new long[] {rng.seed(), rng.position()}, 2));
        }
        Map<String, String> texts = new LinkedHashMap<>(marks);
        texts.put(FORMAT, KIND);
        new Weights(all, texts).save(file);
    }

    /// Goes on from a file; throws [NnException] when it is one of other parts, and before anything
    /// is changed when it is no file of training at all.
    public void load(Path file) {
        Weights saved = Weights.load(file);
        String kind = saved.texts().getOrDefault(FORMAT, "none");
        if (!kind.equals(KIND)) {
            throw NnException.state(
                    "%s: its format is %s, training goes on from %s only; for weights alone use"
                            + " Weights.load",
                    file, kind, KIND);
        }
        List<long[]> places = check(file, saved);
        parts.forEach((name, part) -> part.loadStateDict(saved.below(name + ".")));
        for (int i = 0; i < generators.size(); i++) {
            generators.get(i).moveTo(places.get(i)[1]);
        }
    }

    /// Seed and position of the generators.
    private List<long[]> check(Path file, Weights saved) {
        StateCheck check = new StateCheck(file.toString());
        marks.forEach((key, value) -> {
            String other = saved.texts().get(key);
            if (!value.equals(other)) {
                check.problem("its %s is %s, that of this run %s".formatted(key, other, value));
            }
        });
        List<long[]> places = new ArrayList<>();
        TreeSet<String> found = new TreeSet<>();
        saved.tensors().keySet().forEach(name -> found.add(name.split("\\.", 2)[0]));
        found.remove(GENERATOR.substring(0, GENERATOR.length() - 1));
        if (!found.equals(new TreeSet<>(parts.keySet()))) {
            check.problem("it has the parts %s, this run %s".formatted(found, parts.keySet()));
        }
        for (int i = 0; i < generators.size(); i++) {
            Tensor place = saved.tensors().get(GENERATOR + i);
            if (place == null || place.size() != 2) {
                check.problem("missing: " + GENERATOR + i);
                continue;
            }
            long[] numbers = place.toLongs();
            places.add(numbers);
            long seed = generators.get(i).seed();
            if (numbers[0] != seed) {
                check.problem(
                        "%s%d has seed %d, this run %d".formatted(GENERATOR, i, numbers[0], seed));
            }
        }
        check.throwIfAny();
        return places;
    }
}
