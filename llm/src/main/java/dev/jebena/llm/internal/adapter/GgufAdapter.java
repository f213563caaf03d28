package dev.jebena.llm.internal.adapter;

import dev.jebena.formats.Gguf;
import dev.jebena.formats.StoredTensor;
import dev.jebena.llm.internal.model.Adapter;
import dev.jebena.llm.internal.model.Weights;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads llama.cpp's form of adapters: for each tensor `X` of the model that is changed two tensors
/// `X.lora_a` and `X.lora_b`.
final class GgufAdapter {
    private static final String INWARD = ".lora_a";
    private static final String OUTWARD = ".lora_b";

    private GgufAdapter() {}

    static Adapter read(Path path, Weights model) {
        try (Gguf file = Gguf.open(path)) {
            Map<String, Object> metadata = file.metadata();
            expect(metadata, "general.type", "adapter");
            expect(metadata, "adapter.type", "lora");
            expect(metadata, "general.architecture", model.architecture());
            if (metadata.containsKey("adapter.alora.invocation_tokens")) {
                throw AdapterReader.bad(
                        "the adapter is an activated one (aLoRA), which begins to work in the middle"
                                + " of a text; only plain LoRA adapters can be applied");
            }
            return Adapter.of(pairs(file, alpha(metadata)), model);
        }
    }

    private static void expect(Map<String, Object> metadata, String key, String expected) {
        Object value = metadata.get(key);
        if (!expected.equals(value)) {
            String found = value instanceof String text ? '"' + text + '"' : "absent";
            throw AdapterReader.bad(
                    "metadata %s of the adapter is %s; this model needs \"%s\""
                            .formatted(key, found, expected));
        }
    }

    /// 0 where the product of both halves is to be taken as it is.
    private static double alpha(Map<String, Object> metadata) {
        return metadata.get("adapter.lora.alpha") instanceof Number alpha ? alpha.doubleValue() : 0;
    }

    private static Map<String, Adapter.Pair> pairs(Gguf file, double alpha) {
        Map<String, StoredTensor> inward = new HashMap<>();
        Map<String, Adapter.Pair> pairs = new HashMap<>();
        for (StoredTensor tensor : file.tensors().values()) {
            String name = tensor.name();
            if (name.endsWith(INWARD)) {
                inward.put(cut(name, INWARD), AdapterReader.kept(tensor));
            } else if (name.endsWith(OUTWARD)) {
                StoredTensor kept = AdapterReader.kept(tensor);
                long rank = tensor.shape().isEmpty() ? 1 : Math.max(1, tensor.shape().getLast());
                float scale = (float) (alpha == 0 ? 1 : alpha / rank);
                pairs.put(cut(name, OUTWARD), new Adapter.Pair(null, kept, scale));
            } else if (!name.endsWith("_norm.weight")) {
                // Whole norms that some extraction tools add are left out, as llama.cpp does.
                throw AdapterReader.bad(
                        "the adapter's tensor %s is no half of a low-rank pair: its name ends in neither %s nor %s"
                                .formatted(name, INWARD, OUTWARD));
            }
        }
        inward.forEach((tensor, half) ->
                pairs.merge(tensor, new Adapter.Pair(half, null, 1), GgufAdapter::joined));
        return pairs;
    }

    private static Adapter.Pair joined(Adapter.Pair outward, Adapter.Pair inward) {
        @Nullable StoredTensor half = outward.outward();
        return new Adapter.Pair(inward.inward(), half, outward.scale());
    }

    private static String cut(String name, String ending) {
        return name.substring(0, name.length() - ending.length());
    }
}
