package dev.jebena.llm.internal.folder;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How one `model_type` of Hugging Face's configurations maps to GGUF's names.
///
/// @param architecture GGUF's name of the family
/// @param keys GGUF metadata key (without the family) of each key of `config.json`
/// @param tensors names of tensors: the folder's, then GGUF's; `{}` stands for the layer's number
/// @param prefixes what some folders put before all tensor names
/// @param changes of tensors that GGUF stores in another form, by GGUF's name
record FolderFamily(
        String architecture,
        Map<String, String> keys,
        List<Map.Entry<String, String>> tensors,
        List<String> prefixes,
        Map<String, TensorChange> changes) {
    static @Nullable FolderFamily of(String modelType) {
        return FolderFamilies.BY_MODEL_TYPE.get(modelType);
    }

    static List<String> known() {
        return FolderFamilies.BY_MODEL_TYPE.keySet().stream().sorted().toList();
    }

    /// GGUF's name of a tensor; null for one that is not needed.
    @Nullable String ggufName(String name) {
        String bare = name;
        for (String prefix : prefixes) {
            bare = bare.startsWith(prefix) ? bare.substring(prefix.length()) : bare;
        }
        String layer = bare.replaceFirst("^.*?\\.(\\d{1,4})\\..*$", "$1");
        String pattern =
                layer.equals(bare) ? bare : bare.replaceFirst("\\." + layer + "\\.", ".{}.");
        for (Map.Entry<String, String> tensor : tensors) {
            for (String kind : List.of(".weight", ".bias")) {
                if (pattern.equals(tensor.getKey() + kind)) {
                    return tensor.getValue().replace("{}", layer) + kind;
                }
            }
        }
        return null;
    }

    /// What has to be done with the tensor that GGUF calls `name`.
    TensorChange change(String name) {
        String pattern =
                name.replaceFirst("^blk\\.\\d+\\.", "blk.{}.").replaceFirst("\\.\\w+$", "");
        return changes.getOrDefault(pattern, TensorChange.NONE);
    }
}
