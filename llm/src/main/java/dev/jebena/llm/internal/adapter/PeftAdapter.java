package dev.jebena.llm.internal.adapter;

import dev.jebena.formats.SafeTensors;
import dev.jebena.formats.StoredTensor;
import dev.jebena.llm.internal.folder.FolderNames;
import dev.jebena.llm.internal.model.Adapter;
import dev.jebena.llm.internal.model.Weights;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the folders that Hugging Face's PEFT writes: tensors
/// `base_model.model.MODULE.lora_A.weight` and `lora_B`, for embedding tables `lora_embedding_A`
/// and `_B`.
final class PeftAdapter {
    private static final Pattern NAME =
            Pattern.compile(
                    "(?:base_model\\.)?(?:model\\.)?(.+)\\.lora_(embedding_)?([AB])(?:\\.default)?(?:\\.weight)?");

    /// Halves under a module's name, `true` for the one that reads.
    private record Halves(@Nullable StoredTensor inward, @Nullable StoredTensor outward) {
        Halves with(boolean reads, StoredTensor tensor) {
            return reads ? new Halves(tensor, outward) : new Halves(inward, tensor);
        }
    }

    private final PeftConfiguration configuration;
    private final FolderNames names;
    private final Map<String, Halves> modules = new TreeMap<>();

    private PeftAdapter(PeftConfiguration configuration, FolderNames names) {
        this.configuration = configuration;
        this.names = names;
    }

    static Adapter read(Path path, Weights model) {
        boolean folder = Files.isDirectory(path);
        Path file = folder ? path.resolve("adapter_model.safetensors") : path;
        if (folder && !Files.exists(file) && Files.exists(path.resolve("adapter_model.bin"))) {
            throw AdapterReader.bad(
                    "the adapter is stored as adapter_model.bin, a pickle; save it as safetensors");
        }
        PeftConfiguration configuration =
                PeftConfiguration.read(file.resolveSibling("adapter_config.json"));
        PeftAdapter adapter = new PeftAdapter(configuration, FolderNames.of(model.metadata()));
        try (SafeTensors tensors = SafeTensors.open(file)) {
            tensors.others().forEach((name, type) -> tensors.tensor(name));
            tensors.tensors().values().forEach(adapter::add);
            return Adapter.of(adapter.pairs(), model);
        }
    }

    private void add(StoredTensor tensor) {
        Matcher name = NAME.matcher(tensor.name());
        if (!name.matches()) {
            throw AdapterReader.bad(
                    "the adapter's tensor %s is no half of a low-rank pair; only names that end in lora_A or lora_B are"
                            .formatted(tensor.name()));
        }
        boolean reads = name.group(3).equals("A");
        StoredTensor kept = AdapterReader.kept(tensor);
        if (reads && name.group(2) != null) {
            kept = FolderNames.transposed(kept, Arena.ofAuto());
        }
        Halves before = modules.getOrDefault(name.group(1), new Halves(null, null));
        modules.put(name.group(1), before.with(reads, kept));
    }

    private Map<String, Adapter.Pair> pairs() {
        Map<String, Adapter.Pair> pairs = new HashMap<>();
        modules.forEach((module, halves) -> {
            String tensor = names.tensor(module);
            if (tensor == null) {
                throw AdapterReader.bad(
                        "the adapter changes module %s, which is not known for models of this architecture"
                                .formatted(module));
            }
            StoredTensor outward = halves.outward();
            float scale = 1;
            if (outward != null && outward.shape().size() == 2) {
                scale = configuration.scale(module, outward.shape().getLast());
                outward = names.ordered(tensor, outward, Arena.ofAuto());
            }
            pairs.put(tensor, new Adapter.Pair(halves.inward(), outward, scale));
        });
        return pairs;
    }
}
