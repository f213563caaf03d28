package dev.jebena.hub;

import dev.jebena.base.ContentId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a model is created from: a Modelfile, or the same as an API call.
///
/// @param from a model name, a GGUF file or a folder; null when `files` are given
/// @param files blobs that are in the store already, by file name; empty when `from` is given
/// @param adapters paths of LoRA adapters
/// @param adapterFiles adapters that are in the store already, by file name
/// @param parameters options in Ollama's names; values Long, Double, Boolean, String or lists of
///   them
/// @param template null to inherit
/// @param system null to inherit
/// @param licenses empty to inherit
/// @param messages empty to inherit
public record ModelRecipe(
        @Nullable String from,
        Map<String, ContentId> files,
        List<String> adapters,
        Map<String, ContentId> adapterFiles,
        Map<String, Object> parameters,
        @Nullable String template,
        @Nullable String system,
        List<String> licenses,
        List<ModelMessage> messages) {
    public ModelRecipe {
        files = Map.copyOf(files);
        adapters = List.copyOf(adapters);
        adapterFiles = Map.copyOf(adapterFiles);
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        licenses = List.copyOf(licenses);
        messages = List.copyOf(messages);
    }

    /// Only a base: a model name, a file or a folder.
    public static ModelRecipe from(String from) {
        return new ModelRecipe(
                from, Map.of(), List.of(), Map.of(), Map.of(), null, null, List.of(), List.of());
    }

    /// Only uploaded files.
    public static ModelRecipe ofFiles(Map<String, ContentId> files) {
        return new ModelRecipe(
                null, files, List.of(), Map.of(), Map.of(), null, null, List.of(), List.of());
    }

    /// The same on another base.
    ModelRecipe withFrom(String base) {
        return new ModelRecipe(
                base,
                files,
                adapters,
                adapterFiles,
                parameters,
                template,
                system,
                licenses,
                messages);
    }

    /// A recipe that came over the network: its base must be a model name, so that nobody can make
    /// this machine read a file of its own.
    public static ModelRecipe ofRequest(
            @Nullable String from,
            Map<String, ContentId> files,
            Map<String, ContentId> adapterFiles,
            Map<String, ?> parameters,
            @Nullable String template,
            @Nullable String system,
            List<String> licenses,
            List<ModelMessage> messages) {
        if (from != null) {
            ModelName.parse(from);
        }
        return new ModelRecipe(
                from,
                files,
                List.of(),
                adapterFiles,
                ModelParameters.checked(parameters),
                template,
                system,
                licenses,
                messages);
    }
}
