package dev.jebena.llm;

import dev.jebena.llm.internal.adapter.AdapterReader;
import dev.jebena.llm.internal.model.Adapter;
import dev.jebena.llm.internal.model.AdapterSet;
import dev.jebena.llm.internal.model.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The adapters that a model has loaded. Safe for use by many threads.
final class Adapters {
    private record Loaded(LoadedAdapter shown, Adapter adapter) {}

    private final Weights weights;
    private final Map<String, Loaded> byName = new LinkedHashMap<>();
    private int next;

    Adapters(Weights weights, List<AdapterFile> files) {
        this.weights = weights;
        files.forEach(this::load);
    }

    synchronized List<LoadedAdapter> list() {
        return byName.values().stream().map(Loaded::shown).toList();
    }

    synchronized LoadedAdapter load(AdapterFile file) {
        if (byName.containsKey(file.name())) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "an adapter %s is loaded already; unload it first or choose another name"
                            .formatted(file.name()));
        }
        checkScale(file.name(), file.scale());
        Adapter adapter = AdapterReader.read(file.path(), weights);
        LoadedAdapter shown = new LoadedAdapter(next++, file);
        byName.put(file.name(), new Loaded(shown, adapter));
        return shown;
    }

    synchronized void unload(String name) {
        if (byName.remove(name) == null) {
            throw LoadedAdapter.unknown(name, list());
        }
    }

    synchronized void scale(String name, float scale) {
        Loaded old = byName.get(name);
        if (old == null) {
            throw LoadedAdapter.unknown(name, list());
        }
        checkScale(name, scale);
        LoadedAdapter shown = old.shown();
        LoadedAdapter changed = new LoadedAdapter(shown.id(), shown.file().scale(scale));
        byName.put(name, new Loaded(changed, old.adapter()));
    }

    private static void checkScale(String name, float scale) {
        if (!(Math.abs(scale) <= 1e6f)) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "scale of adapter %s is %s; expected -1000000 to 1000000"
                            .formatted(name, scale));
        }
    }

    /// Those that are applied to requests that choose none.
    synchronized String inWords() {
        StringBuilder words = new StringBuilder();
        for (Loaded loaded : byName.values()) {
            LoadedAdapter shown = loaded.shown();
            if (shown.scale() != 0) {
                words.append(words.isEmpty() ? "" : ", ");
                words.append(shown.name()).append('=').append(shown.scale());
            }
        }
        return words.toString();
    }

    /// What a request gets.
    ///
    /// @param chosen factors by name; null for the factors that the adapters were loaded with
    synchronized AdapterSet of(@Nullable Map<String, Float> chosen) {
        if (chosen != null) {
            for (String name : chosen.keySet()) {
                if (!byName.containsKey(name)) {
                    throw LoadedAdapter.unknown(name, list());
                }
            }
        }
        List<AdapterSet.Use> uses = new ArrayList<>();
        for (Loaded loaded : byName.values()) {
            LoadedAdapter shown = loaded.shown();
            float scale = chosen == null ? shown.scale() : chosen.getOrDefault(shown.name(), 0f);
            if (scale != 0) {
                uses.add(new AdapterSet.Use(loaded.adapter(), scale));
            }
        }
        return uses.isEmpty() ? AdapterSet.NONE : new AdapterSet(uses);
    }
}
