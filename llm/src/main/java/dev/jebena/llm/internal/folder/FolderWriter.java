package dev.jebena.llm.internal.folder;

import dev.jebena.compute.DataType;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.SafeTensorsWriter;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorEncoder;
import dev.jebena.llm.LlmException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.WritableByteChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tensors of a GGUF file as a folder's: its names, its layouts, no blocks.
public final class FolderWriter {
    private final Gguf model;
    private final String type;
    private final FolderFamily family;
    private final TensorChange.Heads heads;

    private FolderWriter(Gguf model, String type, FolderFamily family) {
        this.model = model;
        this.type = type;
        this.family = family;
        this.heads = ModelFolder.heads(model.metadata(), family.architecture() + ".");
    }

    /// Throws BAD_MODEL for an architecture that no folder is known of, and for tensors that have
    /// no place in one.
    public static FolderWriter of(Gguf model) {
        Object architecture = model.metadata().get("general.architecture");
        String type = type(model, String.valueOf(architecture));
        FolderFamily family = FolderFamily.ofType(type);
        if (family == null) {
            throw new LlmException(
                    LlmException.Code.BAD_MODEL,
                    "the model's architecture \"%s\" has no form as a folder here; known are those of %s"
                            .formatted(architecture, String.join(", ", FolderFamily.known())));
        }
        FolderWriter writer = new FolderWriter(model, type, family);
        for (String name : model.tensors().keySet()) {
            if (!name.startsWith("rope_") && family.folderName(name) == null) {
                throw new LlmException(
                        LlmException.Code.BAD_MODEL,
                        "the tensor %s has no place in a folder of type %s".formatted(name, type));
            }
        }
        return writer;
    }

    /// The `model_type` of an architecture's folders.
    private static String type(Gguf model, String architecture) {
        return switch (architecture) {
            case "llama" ->
                    model.tensors().keySet().stream().anyMatch(n -> n.contains("_exps"))
                            ? "mixtral"
                            : "llama";
            case "bert" -> encoder(model);
            case "chatglm" -> "glm";
            case "command-r" -> "cohere";
            case "deepseek2" -> {
                Object gating = model.metadata().get("deepseek2.expert_gating_func");
                yield Long.valueOf(2).equals(gating) ? "deepseek_v3" : "deepseek_v2";
            }
            case "gemma3" -> "gemma3_text";
            case "jina-bert-v2" -> "jina_bert_v2";
            case "modern-bert" -> "modernbert";
            case "olmo2" ->
                    model.metadata().containsKey("olmo2.attention.sliding_window")
                            ? "olmo3"
                            : "olmo2";
            case "phi2" -> "phi";
            case "gptneox" -> "gpt_neox";
            case "mamba" ->
                    Boolean.TRUE.equals(model.metadata().get("mamba.ssm.dt_b_c_rms"))
                            ? "falcon_mamba"
                            : "mamba";
            case "nomic-bert" -> "nomic_bert";
            case "qwen2moe" -> "qwen2_moe";
            case "qwen3moe" -> "qwen3_moe";
            default -> architecture;
        };
    }

    private static String encoder(Gguf model) {
        if (!model.tensors().containsKey("token_types.weight")) {
            return "distilbert";
        }
        return switch (String.valueOf(model.metadata().get("tokenizer.ggml.model"))) {
            case "t5" -> "xlm-roberta";
            case "gpt2" -> "roberta";
            default -> "bert";
        };
    }

    /// `config.json`.
    ///
    /// @param numbers what the tensors are written as
    public Map<String, @Nullable Object> config(DataType numbers) {
        return new WrittenConfig(model, type, family).json(numbers);
    }

    /// The type of all numbers if there is one that holds them all as they are: F32, F16 or BF16.
    public DataType naturalType() {
        Map<DataType, Long> matrices = new LinkedHashMap<>();
        for (StoredTensor tensor : model.tensors().values()) {
            if (tensor.shape().size() > 1) {
                matrices.merge(tensor.type(), tensor.elements(), Long::sum);
            }
        }
        DataType most =
                matrices.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .orElse(DataType.F32);
        return switch (most) {
            case F32, BF16 -> most;
            default -> DataType.F16;
        };
    }

    /// Hands all tensors to `writer`, to be made when they are written.
    public void addTo(SafeTensorsWriter writer, DataType numbers, TensorEncoder encoder) {
        for (StoredTensor tensor : model.tensors().values()) {
            String name = family.folderName(tensor.name());
            if (name == null) {
                continue;
            }
            if (!name.contains("{}")) {
                add(writer, name, tensor, numbers, encoder);
                continue;
            }
            List<Long> shape = tensor.shape();
            long count = shape.getFirst();
            long bytes = tensor.data().byteSize() / count;
            for (long i = 0; i < count; i++) {
                StoredTensor expert =
                        new StoredTensor(
                                tensor.name(),
                                tensor.type(),
                                shape.subList(1, shape.size()),
                                tensor.data().asSlice(i * bytes, bytes));
                add(writer, name.replace("{}", String.valueOf(i)), expert, numbers, encoder);
            }
        }
    }

    private void add(
            SafeTensorsWriter writer,
            String name,
            StoredTensor tensor,
            DataType numbers,
            TensorEncoder encoder) {
        TensorChange change = family.change(tensor.name());
        List<Long> shape = shapeOf(change, tensor);
        writer.tensor(name, numbers, shape, out -> write(change, tensor, numbers, encoder, out));
    }

    private List<Long> shapeOf(TensorChange change, StoredTensor tensor) {
        if (change == TensorChange.NONE) {
            return tensor.shape();
        }
        try (Arena arena = Arena.ofConfined()) {
            return change.toFolder().apply(tensor, heads, arena).shape();
        }
    }

    private void write(
            TensorChange change,
            StoredTensor tensor,
            DataType numbers,
            TensorEncoder encoder,
            WritableByteChannel out)
            throws IOException {
        // The workers that encode it read what this thread has made.
        try (Arena arena = Arena.ofShared()) {
            StoredTensor changed = change.toFolder().apply(tensor, heads, arena);
            encoder.data(changed, numbers).writeTo(out);
        }
    }
}
