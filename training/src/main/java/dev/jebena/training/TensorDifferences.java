package dev.jebena.training;

import dev.jebena.base.Problem;
import dev.jebena.formats.FormatException;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import dev.jebena.nn.Weights;
import dev.jebena.tensor.Tensor;
import dev.jebena.tracking.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which tensors differ between two trainings, and from when on.
public final class TensorDifferences {
    private static final long MOST_BYTES = 2L << 30;

    private TensorDifferences() {}

    /// The first step after which tensors differed.
    ///
    /// @param equal the last step before it after which none did; -1 for none
    /// @param step 0 is before the first step
    /// @param tensors their names
    public record Begin(long equal, long step, List<String> tensors) {}

    /// A tensor that two files have differently.
    ///
    /// @param what the first element that differs with both values, or what else is different
    public record InFile(String tensor, String what) {}

    /// From the hashes that [Autolog] takes; null where none differ, or none were taken.
    public static @Nullable Begin begin(RunRecord first, RunRecord second) {
        Map<Long, Map<String, ?>> a = hashes(first);
        Map<Long, Map<String, ?>> b = hashes(second);
        long equal = -1;
        for (Map.Entry<Long, Map<String, ?>> line : a.entrySet()) {
            Map<String, ?> other = b.get(line.getKey());
            if (other == null) {
                continue;
            }
            List<String> names =
                    line.getValue().keySet().stream()
                            .filter(name ->
                                    !Objects.equals(line.getValue().get(name), other.get(name)))
                            .toList();
            if (!names.isEmpty()) {
                return new Begin(equal, line.getKey(), names);
            }
            equal = line.getKey();
        }
        return null;
    }

    private static Map<Long, Map<String, ?>> hashes(RunRecord run) {
        Map<Long, Map<String, ?>> all = new TreeMap<>();
        String text = run.text(TensorHashes.FILE);
        for (String line : text == null ? List.<String>of() : text.lines().toList()) {
            try {
                Map<String, @Nullable Object> json = Json.object(Json.parse(line));
                if (json.get("step") instanceof Long step) {
                    all.put(step, Json.object(json.get("tensors")));
                }
            } catch (JsonException _) {
                // A file of another program with this name.
            }
        }
        return all;
    }

    /// The tensors that differ between a safetensors file of one run and of another one; empty
    /// where the files cannot be had, or are too large to be read.
    public static List<InFile> inFile(RunRecord first, RunRecord second, String path) {
        try {
            Path folder = Files.createTempDirectory("jebena");
            Path a = folder.resolve("a.safetensors");
            Path b = folder.resolve("b.safetensors");
            try {
                if (first.download(path, a)
                        && second.download(path, b)
                        && Files.size(a) + Files.size(b) <= MOST_BYTES) {
                    return between(Weights.load(a).tensors(), Weights.load(b).tensors());
                }
                return List.of();
            } catch (FormatException _) {
                return List.of();
            } finally {
                Files.deleteIfExists(a);
                Files.deleteIfExists(b);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw Problem.storage("cannot keep temporary files", e);
        }
    }

    static List<InFile> between(Map<String, Tensor> first, Map<String, Tensor> second) {
        List<InFile> found = new ArrayList<>();
        first.forEach((name, tensor) -> {
            Tensor other = second.get(name);
            if (other == null) {
                found.add(new InFile(name, "is missing in the second one"));
            } else if (!TensorHashes.hash(tensor).equals(TensorHashes.hash(other))) {
                found.add(new InFile(name, difference(tensor, other)));
            }
        });
        second.keySet().stream()
                .filter(name -> !first.containsKey(name))
                .forEach(name -> found.add(new InFile(name, "is missing in the first one")));
        return found;
    }

    private static String difference(Tensor a, Tensor b) {
        if (a.dtype() != b.dtype() || !a.shape().equals(b.shape())) {
            return "%s %s and %s %s".formatted(a.dtype(), a.shape(), b.dtype(), b.shape());
        }
        int width = a.dtype().bytes();
        long at = a.memory().mismatch(b.memory()) / width;
        Tensor flatA = a.reshape(-1);
        Tensor flatB = b.reshape(-1);
        return "%s is %s and %s"
                .formatted(index(at, a.shape().toArray()), element(flatA, at), element(flatB, at));
    }

    private static String element(Tensor flat, long at) {
        Tensor one = flat.slice(0, (int) at, (int) at + 1);
        return one.dtype().isFloat() ? Double.toString(one.item()) : Long.toString(one.itemLong());
    }

    /// The place of an element, such as `[2, 0]`.
    private static String index(long at, int[] shape) {
        long[] index = new long[shape.length];
        long rest = at;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return Arrays.toString(index);
    }
}
