package dev.jebena.transformers.internal.model;

import dev.jebena.base.Problem;
import dev.jebena.base.Suggestions;
import dev.jebena.json.Json;
import dev.jebena.nn.Weights;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The tensors of a folder: `model.safetensors`, `pytorch_model.bin`, or several of either with an
/// index. Pickles are read by an interpreter that cannot run code.
public final class Checkpoint {
    private static final int MOST_FILES = 1_000;
    private static final String PICKLE = "pytorch_model.bin";

    private final String place;
    private final Map<String, Tensor> tensors;

    private Checkpoint(String place, Map<String, Tensor> tensors) {
        this.place = place;
        this.tensors = tensors;
    }

    public static Checkpoint open(Path folder) {
        Path index = folder.resolve(PICKLE + ".index.json");
        boolean safe =
                Files.exists(folder.resolve("model.safetensors"))
                        || Files.exists(folder.resolve("model.safetensors.index.json"));
        if (safe) {
            return new Checkpoint(folder.toString(), Weights.load(folder).tensors());
        }
        if (Files.exists(folder.resolve(PICKLE))) {
            return new Checkpoint(
                    folder.toString(), Weights.load(folder.resolve(PICKLE)).tensors());
        }
        if (Files.exists(index)) {
            return new Checkpoint(folder.toString(), parts(ModelConfig.read(index), folder));
        }
        throw new Problem(
                Problem.Code.BAD_FILE,
                folder + ": there are no weights",
                "it needs model.safetensors or pytorch_model.bin, or parts of one and their index");
    }

    private static Map<String, Tensor> parts(ModelConfig index, Path folder) {
        TreeSet<String> files = new TreeSet<>();
        index.child("weight_map").values().values().forEach(file -> files.add(name(index, file)));
        if (files.size() > MOST_FILES) {
            throw bad(index.place() + ": it names more than " + MOST_FILES + " files");
        }
        Map<String, Tensor> all = new HashMap<>();
        files.forEach(file -> all.putAll(Weights.load(folder.resolve(file)).tensors()));
        return all;
    }

    /// A name that stays in the folder.
    private static String name(ModelConfig index, @Nullable Object file) {
        if (file instanceof String name && name.matches("[\\w-][\\w.-]*\\.bin")) {
            return name;
        }
        throw bad(
                index.place()
                        + ": weight_map must name .bin files of the same folder, found "
                        + Json.write(file));
    }

    private static Problem bad(String message) {
        return new Problem(Problem.Code.BAD_FILE, message);
    }

    /// The tensors below `prefix`, which may be empty.
    public Part part(String prefix) {
        return new Part(this, prefix.isEmpty() || prefix.endsWith(".") ? prefix : prefix + ".");
    }

    /// The base model's tensors: below `prefix` where the file has it, as under a head.
    public Part base(String prefix) {
        boolean under = tensors.keySet().stream().anyMatch(name -> name.startsWith(prefix + "."));
        return part(under ? prefix : "");
    }

    boolean has(String name) {
        return tensors.containsKey(name) || tensors.containsKey(older(name));
    }

    /// Norms had other names in checkpoints of TensorFlow's time.
    private static String older(String name) {
        return name.endsWith(".weight")
                ? name.substring(0, name.length() - "weight".length()) + "gamma"
                : name.endsWith(".bias")
                        ? name.substring(0, name.length() - "bias".length()) + "beta"
                        : name;
    }

    /// A tensor in float32.
    ///
    /// @param shape lengths of its axes; 0 for any
    Tensor tensor(String name, int... shape) {
        Tensor found = tensors.get(name);
        if (found == null) {
            found = tensors.get(older(name));
        }
        if (found == null) {
            String near = Suggestions.nearest(name, tensors.keySet());
            throw bad(
                    "%s: the weights lack the tensor %s%s"
                            .formatted(
                                    place,
                                    name,
                                    near == null ? "" : "; the nearest name is " + near));
        }
        boolean fits = found.rank() == shape.length;
        for (int i = 0; fits && i < shape.length; i++) {
            fits = shape[i] == 0 || shape[i] == found.dim(i);
        }
        if (!fits) {
            throw bad(
                    "%s: the tensor %s has shape %s, by config.json it has %s"
                            .formatted(
                                    place,
                                    name,
                                    found.shape(),
                                    Shape.of(shape).toString().replace("0", "any")));
        }
        return found.to(DType.FLOAT32);
    }
}
