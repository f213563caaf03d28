package dev.jebena.formats;

import dev.jebena.compute.DataType;
import dev.jebena.compute.Workers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes a model once more with its weights in other types.
///
/// ```java
/// try (Gguf model = Gguf.open(Path.of("model-F16.gguf"))) {
///     Quantizer.quantize(model, out, QuantizationOptions.of(Mix.Q4_K_M), Quantizer.Progress.NONE);
/// }
/// ```
public final class Quantizer {
    /// Told after each piece of a tensor how many bytes of the source are done.
    @FunctionalInterface
    public interface Progress {
        Progress NONE = (tensor, done, total) -> {};

        void on(String tensor, long done, long total);
    }

    /// One tensor's way.
    ///
    /// @param bytesBefore in the source
    /// @param bytesAfter in the file that was written
    public record Change(
            String tensor, DataType before, DataType after, long bytesBefore, long bytesAfter) {}

    /// Version of the layout of quantized blocks; 2 is what all readers since May 2023 expect.
    private static final int LAYOUT = 2;

    private Quantizer() {}

    /// Quantizes `model` into `target`, which is complete and durable or not written at all. Throws
    /// [FormatException] when weights are quantized already, or are no numbers.
    ///
    /// @return the tensors in the order of the file
    public static List<Change> quantize(
            Gguf model, Path target, QuantizationOptions options, Progress progress) {
        TensorTypes types =
                new TensorTypes(options.mix(), model, options.pure(), options.importance() != null);
        Map<StoredTensor, DataType> plan = new LinkedHashMap<>();
        model.tensors().values().forEach(tensor -> plan.put(tensor, types.of(tensor)));
        plan.forEach((tensor, type) -> checkSource(tensor, type, options));
        GgufWriter writer = new GgufWriter();
        copyMetadata(model, writer);
        writer.uint32("general.quantization_version", LAYOUT)
                .uint32("general.file_type", options.mix().fileType());
        noteImportance(options, writer);
        return write(plan, writer, target, options, progress);
    }

    /// Writes a model of plain numbers as a GGUF file: matrices in the mix's types, all else as
    /// float32, which is what readers of GGUF files expect. The file is complete and durable or not
    /// written at all.
    ///
    /// @param header with the metadata, but for the type of the file and without tensors
    /// @param mix null for matrices in the float type that they have
    /// @return the tensors in the order of the file
    public static List<Change> convert(
            TensorFile model,
            GgufWriter header,
            @Nullable Mix mix,
            Path target,
            int threads,
            Progress progress) {
        TensorTypes types = new TensorTypes(mix == null ? Mix.F32 : mix, model, false, false);
        Map<StoredTensor, DataType> plan = new LinkedHashMap<>();
        Map<DataType, Long> kept = new EnumMap<>(DataType.class);
        for (StoredTensor tensor : model.tensors().values()) {
            DataType type =
                    !TensorTypes.quantizes(tensor)
                            ? DataType.F32
                            : mix == null ? tensor.type() : types.of(tensor);
            plan.put(tensor, type);
            kept.merge(type, type.bytes(tensor.elements()), Long::sum);
        }
        Mix written = mix != null ? mix : mostBytes(kept);
        header.uint32("general.quantization_version", LAYOUT)
                .uint32("general.file_type", written.fileType());
        QuantizationOptions options = QuantizationOptions.of(written).threads(threads);
        return write(plan, header, target, options, progress);
    }

    private static Mix mostBytes(Map<DataType, Long> bytes) {
        return bytes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(entry -> Mix.of(entry.getKey().name()))
                .orElse(Mix.F32);
    }

    private static List<Change> write(
            Map<StoredTensor, DataType> plan,
            GgufWriter writer,
            Path target,
            QuantizationOptions options,
            Progress progress) {
        checkFolder(target);
        int threads =
                options.threads() > 0
                        ? options.threads()
                        : Runtime.getRuntime().availableProcessors();
        List<Change> changes = new ArrayList<>();
        try (Workers workers = Workers.of(threads)) {
            long total = plan.keySet().stream().mapToLong(each -> each.data().byteSize()).sum();
            TensorEncoder encoder =
                    new TensorEncoder(workers, options.importance(), progress, total);
            plan.forEach((tensor, type) -> {
                writer.tensor(tensor.name(), type, tensor.shape(), encoder.data(tensor, type));
                changes.add(
                        new Change(
                                tensor.name(),
                                tensor.type(),
                                type,
                                tensor.data().byteSize(),
                                type.bytes(tensor.elements())));
            });
            writer.write(target);
        }
        return List.copyOf(changes);
    }

    private static void checkSource(
            StoredTensor tensor, DataType type, QuantizationOptions options) {
        if (tensor.type() != type && tensor.type().blockSize() > 1 && !options.requantize()) {
            throw new FormatException(
                    "the tensor %s is quantized already (%s), %s would lose quality twice; quantize the F16 or F32 model, or allow it with --allow-requantize"
                            .formatted(Names.quoted(tensor.name()), tensor.type(), type));
        }
        if (tensor.type() != type && options.importance() != null && type.blockSize() > 1) {
            options.importance().check(tensor);
        }
    }

    private static void checkFolder(Path target) {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new FormatException(target + ": there is no folder " + folder);
        }
    }

    private static void copyMetadata(Gguf model, GgufWriter writer) {
        model.metadata()
                .forEach((key, value) -> {
                    if (key.equals("general.file_type")
                            || key.equals("general.quantization_version")
                            || key.startsWith("split.")
                            || key.startsWith("quantize.imatrix.")) {
                        return;
                    }
                    GgufType type = Objects.requireNonNull(model.metadataTypes().get(key));
                    if (value instanceof List<?> || value.getClass().isArray()) {
                        writer.array(key, type, value);
                    } else {
                        writer.value(key, type, value);
                    }
                });
    }

    private static void noteImportance(QuantizationOptions options, GgufWriter writer) {
        ImportanceMatrix importance = options.importance();
        if (importance != null) {
            if (!importance.datasets().isEmpty()) {
                writer.text("quantize.imatrix.dataset", importance.datasets().getFirst());
            }
            writer.value(
                    "quantize.imatrix.entries_count", GgufType.INT32, importance.sums().size());
            writer.value("quantize.imatrix.chunks_count", GgufType.INT32, importance.chunks());
        }
    }
}
