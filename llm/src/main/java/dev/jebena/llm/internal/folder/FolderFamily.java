package dev.jebena.llm.internal.folder;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How one `model_type` of Hugging Face's configurations maps to GGUF's names, both ways.
///
/// @param architecture GGUF's name of the family
/// @param modelClass Transformers' name of it
/// @param keys GGUF metadata key (without the family) of each key of `config.json`
/// @param constants what `config.json` says of all models of the family and GGUF does not
/// @param tensors names of tensors: the folder's, then GGUF's; `{}` stands for the layer's number,
///   and a second one in a folder's name for that of an expert, which GGUF keeps in one tensor
/// @param prefix what most folders put before all tensor names but those of the output
/// @param otherPrefixes what some do
/// @param changes of tensors that GGUF stores in another form, by GGUF's name
record FolderFamily(
        String architecture,
        String modelClass,
        Map<String, String> keys,
        Map<String, Object> constants,
        List<Map.Entry<String, String>> tensors,
        String prefix,
        List<String> otherPrefixes,
        Map<String, TensorChange> changes) {
    private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d{1,4}(?=\\.)");
    private static final List<String> KINDS = List.of("", ".weight", ".bias");

    /// Outputs stand outside of the model that the prefix names.
    private static final List<String> OUTPUTS = List.of("lm_head", "embed_out");

    static FolderFamily of(String architecture, String modelClass) {
        return new FolderFamily(
                architecture, modelClass, Map.of(), Map.of(), List.of(), "", List.of(), Map.of());
    }

    static @Nullable FolderFamily ofType(String modelType) {
        return FolderFamilies.BY_MODEL_TYPE.get(modelType);
    }

    static List<String> known() {
        return FolderFamilies.BY_MODEL_TYPE.keySet().stream().sorted().toList();
    }

    /// With these keys in place of others for the same of GGUF's, or beside them.
    FolderFamily keys(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(keys);
        all.putAll(more);
        return new FolderFamily(
                architecture,
                modelClass,
                Map.copyOf(all),
                constants,
                tensors,
                prefix,
                otherPrefixes,
                changes);
    }

    FolderFamily constants(Map<String, Object> constants) {
        return new FolderFamily(
                architecture, modelClass, keys, constants, tensors, prefix, otherPrefixes, changes);
    }

    /// With these names before those that are there: of two for one tensor they are the family's
    /// own.
    FolderFamily tensors(Map<String, String> more) {
        List<Map.Entry<String, String>> all = new ArrayList<>(more.entrySet());
        all.addAll(tensors);
        return new FolderFamily(
                architecture,
                modelClass,
                keys,
                constants,
                List.copyOf(all),
                prefix,
                otherPrefixes,
                changes);
    }

    FolderFamily prefixes(String first, String... others) {
        return new FolderFamily(
                architecture,
                modelClass,
                keys,
                constants,
                tensors,
                first,
                List.of(others),
                changes);
    }

    FolderFamily change(TensorChange change, String... names) {
        Map<String, TensorChange> all = new HashMap<>(changes);
        for (String name : names) {
            all.put(name, change);
        }
        return new FolderFamily(
                architecture,
                modelClass,
                keys,
                constants,
                tensors,
                prefix,
                otherPrefixes,
                Map.copyOf(all));
    }

    /// Where a folder's tensor goes.
    ///
    /// @param name GGUF's
    /// @param expert number of the matrix in the tensor; -1 where it is the whole tensor
    record Place(String name, int expert) {}

    /// Null for a tensor that is not needed.
    @Nullable Place place(String name) {
        String bare = name;
        for (String before : otherPrefixes) {
            bare = bare.startsWith(before) ? bare.substring(before.length()) : bare;
        }
        bare = bare.startsWith(prefix) ? bare.substring(prefix.length()) : bare;
        List<String> numbers = new ArrayList<>();
        Matcher matcher = NUMBER.matcher(bare);
        while (matcher.find()) {
            numbers.add(matcher.group());
        }
        String pattern = matcher.replaceAll("{}");
        for (Map.Entry<String, String> tensor : tensors) {
            for (String kind : KINDS) {
                if (pattern.equals(tensor.getKey() + kind)) {
                    String own = tensor.getValue() + kind;
                    String found = numbers.isEmpty() ? own : own.replace("{}", numbers.getFirst());
                    boolean expert = numbers.size() > 1;
                    return new Place(found, expert ? Integer.parseInt(numbers.get(1)) : -1);
                }
            }
        }
        return null;
    }

    /// A folder's name of the tensor that GGUF calls `name`, with `{}` for the number of an expert;
    /// null for one that folders do not have.
    @Nullable String folderName(String name) {
        Matcher matcher = NUMBER.matcher(name);
        String layer = matcher.find() ? matcher.group() : "";
        String pattern = layer.isEmpty() ? name : matcher.replaceFirst("{}");
        for (Map.Entry<String, String> tensor : tensors) {
            for (String kind : KINDS) {
                if (pattern.equals(tensor.getValue() + kind)) {
                    String own = tensor.getKey();
                    String found = layer.isEmpty() ? own : own.replaceFirst("\\{}", layer);
                    return (OUTPUTS.contains(own) ? "" : prefix) + found + kind;
                }
            }
        }
        return null;
    }

    /// What has to be done with the tensor that GGUF calls `name`.
    TensorChange change(String name) {
        String pattern = NUMBER.matcher(name).replaceFirst("{}");
        TensorChange whole = changes.get(pattern);
        return whole != null
                ? whole
                : changes.getOrDefault(
                        pattern.replaceFirst("\\.(weight|bias)$", ""), TensorChange.NONE);
    }
}
