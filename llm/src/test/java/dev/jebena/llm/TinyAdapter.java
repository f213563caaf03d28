package dev.jebena.llm;

import dev.jebena.compute.DataType;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.GgufType;
import dev.jebena.formats.GgufWriter;
import dev.jebena.formats.StoredTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/// A random LoRA adapter for a small model, and the same model with the adapter merged into its
/// float32 weights.
///
/// @param alpha of the file; 0 for none
public record TinyAdapter(
        Path model, long seed, int rank, double alpha, Predicate<String> tensors) {
    /// Both halves of one tensor, row by row. Experts follow one another.
    private record Halves(List<Long> shape, int matrices, float[] a, float[] b) {}

    public static final Predicate<String> LAYERS =
            name -> name.matches("blk\\.\\d+\\.(attn|ffn)_(?!.*(norm|inp_shexp)).*\\.weight");

    public static final Predicate<String> EMBEDDING = "token_embd.weight"::equals;

    public static TinyAdapter of(Path model, long seed) {
        return new TinyAdapter(model, seed, 4, 8, LAYERS);
    }

    public TinyAdapter tensors(Predicate<String> wanted) {
        return new TinyAdapter(model, seed, rank, alpha, wanted);
    }

    private Map<String, Halves> halves(Gguf file) {
        Map<String, Halves> all = new TreeMap<>();
        for (String name : new TreeMap<>(file.tensors()).keySet()) {
            if (tensors.test(name)) {
                List<Long> shape = file.tensor(name).shape();
                int matrices = shape.size() == 3 ? shape.getFirst().intValue() : 1;
                int inputs = shape.getLast().intValue();
                int outputs = shape.get(shape.size() - 2).intValue();
                Random random = new Random(seed * 31 + name.hashCode());
                all.put(
                        name,
                        new Halves(
                                shape,
                                matrices,
                                numbers(random, matrices * rank * inputs, inputs),
                                numbers(random, matrices * outputs * rank, rank)));
            }
        }
        return all;
    }

    private static float[] numbers(Random random, int count, int terms) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (0.5 * random.nextGaussian() / Math.sqrt(terms));
        }
        return numbers;
    }

    private double scale() {
        return alpha == 0 ? 1 : alpha / rank;
    }

    public Path write(Path target) {
        try (Gguf file = Gguf.open(model)) {
            GgufWriter writer =
                    new GgufWriter()
                            .text("general.type", "adapter")
                            .text("adapter.type", "lora")
                            .text(
                                    "general.architecture",
                                    String.valueOf(file.metadata().get("general.architecture")));
            if (alpha != 0) {
                writer.float32("adapter.lora.alpha", alpha);
            }
            halves(file)
                    .forEach((name, each) -> {
                        boolean table = EMBEDDING.test(name);
                        long inputs = each.shape.getLast();
                        long outputs = each.shape.get(each.shape.size() - 2);
                        // Of an embedding table both halves are for lookups: rows are tokens.
                        writer.tensor(
                                stored(
                                        name + ".lora_a",
                                        each.a,
                                        shape(each, table ? outputs : rank, table ? rank : inputs),
                                        table ? inputs : 0));
                        writer.tensor(
                                stored(
                                        name + ".lora_b",
                                        each.b,
                                        shape(each, table ? inputs : outputs, rank),
                                        0));
                    });
            writer.write(target);
        }
        return target;
    }

    private static List<Long> shape(Halves halves, long rows, long columns) {
        return halves.matrices == 1
                ? List.of(rows, columns)
                : List.of((long) halves.matrices, rows, columns);
    }

    private static StoredTensor stored(String name, float[] values, List<Long> shape, long table) {
        int count = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
        float[] all = values;
        if (table > 0 || count != values.length) {
            all = numbers(new Random(name.hashCode()), count, 8);
        }
        MemorySegment data = MemorySegment.ofArray(new byte[4 * count]);
        MemorySegment.copy(all, 0, data, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, count);
        return new StoredTensor(name, DataType.F32, shape, data);
    }

    /// Writes the model with `factor` times the adapter added to its weights, which must be
    /// float32.
    Path merge(Path target, double factor) {
        try (Gguf file = Gguf.open(model)) {
            GgufWriter writer = new GgufWriter();
            file.metadata().forEach((key, value) -> copy(writer, file, key, value));
            Map<String, Halves> halves = halves(file);
            for (StoredTensor tensor : file.tensors().values()) {
                Halves change = halves.get(tensor.name());
                writer.tensor(change == null ? tensor : merged(tensor, change, factor));
            }
            writer.write(target);
        }
        return target;
    }

    private static void copy(GgufWriter writer, Gguf file, String key, Object value) {
        GgufType type = Objects.requireNonNull(file.metadataTypes().get(key));
        if (value instanceof List<?> || value.getClass().isArray()) {
            writer.array(key, type, value);
        } else {
            writer.value(key, type, value);
        }
    }

    private StoredTensor merged(StoredTensor tensor, Halves halves, double factor) {
        int inputs = halves.shape.getLast().intValue();
        int outputs = halves.shape.get(halves.shape.size() - 2).intValue();
        float[] values = tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        for (int matrix = 0; matrix < halves.matrices; matrix++) {
            for (int row = 0; row < outputs; row++) {
                for (int column = 0; column < inputs; column++) {
                    double sum = 0;
                    for (int i = 0; i < rank; i++) {
                        double b = halves.b[(matrix * outputs + row) * rank + i];
                        sum += b * halves.a[(matrix * rank + i) * inputs + column];
                    }
                    values[(matrix * outputs + row) * inputs + column] +=
                            (float) (factor * scale() * sum);
                }
            }
        }
        MemorySegment data = MemorySegment.ofArray(new byte[4 * values.length]);
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values.length);
        return new StoredTensor(tensor.name(), DataType.F32, tensor.shape(), data);
    }

    /// Adapters of several kinds for one model.
    static List<TinyAdapter> several(Path model, int count) {
        List<TinyAdapter> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new TinyAdapter(model, 100 + i, 1 + 3 * i, i == 0 ? 0 : 8, LAYERS));
        }
        return all;
    }
}
