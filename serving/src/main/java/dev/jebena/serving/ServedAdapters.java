package dev.jebena.serving;

import dev.jebena.llm.AdapterFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// LoRA adapters that are loaded with models, by the model's name: those that the server was
/// started with, and those that requests have loaded since. A model that is unloaded and loaded
/// again gets them again. Safe for use by many threads.
final class ServedAdapters {
    /// An adapter that requests may name as their model.
    record Named(String model, AdapterFile file) {}

    private final Map<String, Map<String, AdapterFile>> byModel = new LinkedHashMap<>();

    /// Names that requests have given to adapters, which are models for clients.
    private final Map<String, String> models = new LinkedHashMap<>();

    ServedAdapters(Map<String, List<AdapterFile>> first) {
        first.forEach((model, files) -> files.forEach(file -> put(model, file)));
    }

    synchronized List<AdapterFile> of(String model) {
        return new ArrayList<>(byModel.getOrDefault(model, Map.of()).values());
    }

    /// Adds or replaces one.
    synchronized void put(String model, AdapterFile file) {
        byModel.computeIfAbsent(model, _ -> new LinkedHashMap<>()).put(file.name(), file);
    }

    /// As [#put], for one that is a model of its own for clients.
    synchronized void name(String model, AdapterFile file) {
        put(model, file);
        models.put(file.name(), model);
    }

    synchronized Optional<Named> named(String name) {
        String model = models.get(name);
        AdapterFile file = model == null ? null : byModel.getOrDefault(model, Map.of()).get(name);
        return model == null || file == null
                ? Optional.empty()
                : Optional.of(new Named(model, file));
    }

    /// All that are models for clients.
    synchronized List<Named> named() {
        return models.keySet().stream().flatMap(name -> named(name).stream()).toList();
    }

    synchronized void remove(Named adapter) {
        String name = adapter.file().name();
        models.remove(name);
        byModel.getOrDefault(adapter.model(), new LinkedHashMap<>()).remove(name);
    }
}
