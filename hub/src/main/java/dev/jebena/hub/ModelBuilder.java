package dev.jebena.hub;

import dev.jebena.base.BlobStore;
import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import dev.jebena.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Turns a recipe into the layers of a manifest. Its caller holds the blob store.
final class ModelBuilder {
    private final BlobStore blobs;
    private final ManifestFiles manifests;
    private final Views views;
    private final ProgressListener listener;

    ModelBuilder(BlobStore blobs, ManifestFiles manifests, Views views, ProgressListener listener) {
        this.blobs = blobs;
        this.manifests = manifests;
        this.views = views;
        this.listener = listener;
    }

    Manifest build(ModelRecipe recipe) {
        Map<String, Object> parameters = ModelParameters.checked(recipe.parameters());
        List<Layer> layers = new ArrayList<>();
        Map<String, String> notes = new LinkedHashMap<>();
        String parent = "";
        if (!recipe.files().isEmpty()) {
            new TreeMap<>(recipe.files()).forEach((name, id) -> layers.add(uploaded(name, id)));
            notes.put(Manifest.SOURCE, "uploaded files");
        } else if (recipe.from() == null) {
            throw Problem.badRequest("neither 'from' nor 'files' was specified");
        } else if (Path.of(recipe.from()).isAbsolute()) {
            layers.addAll(new FileImport(blobs, listener).model(Path.of(recipe.from())));
            notes.put(Manifest.SOURCE, recipe.from());
        } else {
            ModelName base = ModelName.parse(recipe.from());
            Manifest manifest = base(base);
            layers.addAll(manifest.layers());
            notes.putAll(manifest.annotations());
            parameters = ModelParameters.merge(PartReader.parameters(blobs, manifest), parameters);
            parent = base.toString();
        }
        override(layers, recipe, parameters);
        listener.on(Progress.status("model", "reading the model's header"));
        ModelDetails details = ModelInspector.inspect(primary(layers)).details().withParent(parent);
        return new Manifest(config(details), layers, notes);
    }

    private Manifest base(ModelName name) {
        ModelName stored =
                manifests
                        .stored(name)
                        .orElseThrow(() -> Problem.notFound("model '" + name + "' not found"));
        byte[] bytes =
                manifests
                        .read(stored)
                        .orElseThrow(() -> Problem.notFound("model '" + name + "' not found"));
        return manifests.parse(stored, bytes);
    }

    private Layer uploaded(String name, ContentId id) {
        String title = FileNames.isSafe(name) ? name : "";
        if (title.isEmpty()) {
            throw Problem.badRequest("unsafe file name '" + name + "'");
        }
        if (!blobs.contains(id)) {
            throw Problem.badRequest("file " + name + ": blob " + id + " has not been uploaded");
        }
        boolean gguf = FileNames.isGguf(title) || FileImport.hasGgufMagic(blobs.path(id));
        return new Layer(
                gguf ? Layer.MODEL : Layer.FILE,
                id,
                blobs.size(id),
                gguf && !FileNames.isGguf(title) ? title + ".gguf" : title);
    }

    private void override(List<Layer> layers, ModelRecipe recipe, Map<String, Object> parameters) {
        for (String adapter : recipe.adapters()) {
            layers.add(new FileImport(blobs, listener).adapter(Path.of(adapter)));
        }
        new TreeMap<>(recipe.adapterFiles())
                .forEach((name, id) -> {
                    Layer file = uploaded(name, id);
                    layers.add(new Layer(Layer.ADAPTER, id, file.size(), file.title()));
                });
        replace(layers, Layer.TEMPLATE, recipe.template());
        replace(layers, Layer.SYSTEM, recipe.system());
        replace(layers, Layer.PARAMETERS, parameters.isEmpty() ? null : Json.write(parameters));
        if (!recipe.messages().isEmpty()) {
            replace(layers, Layer.MESSAGES, PartReader.write(recipe.messages()));
        }
        if (!recipe.licenses().isEmpty()) {
            layers.removeIf(l -> l.is(Layer.LICENSE));
            recipe.licenses().forEach(text -> layers.add(text(Layer.LICENSE, text)));
        }
    }

    private void replace(List<Layer> layers, String type, @Nullable String text) {
        if (text != null) {
            layers.removeIf(l -> l.is(type));
            if (!text.isEmpty()) {
                layers.add(text(type, text));
            }
        }
    }

    Layer text(String type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Layer(type, blobs.put(bytes), bytes.length, null);
    }

    /// What the loader opens for these layers.
    Path primary(List<Layer> layers) {
        return primary(views, layers);
    }

    static Path primary(Views views, List<Layer> layers) {
        List<Layer> weights = titled(layers.stream().filter(Layer::isWeights).toList());
        if (weights.isEmpty()) {
            throw new Problem(Problem.Code.BAD_FILE, "the model has no weights");
        }
        List<String> files =
                weights.stream()
                        .filter(l -> l.is(Layer.MODEL))
                        .map(l -> String.valueOf(l.title()))
                        .sorted()
                        .toList();
        Path folder = views.of(weights);
        if (files.isEmpty()) {
            return folder;
        }
        int expected = FileNames.splitCount(files.getFirst());
        if (files.size() != expected) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "expected %d GGUF file(s) of one model, got %d: %s"
                            .formatted(expected, files.size(), String.join(", ", files)));
        }
        return folder.resolve(files.getFirst());
    }

    /// Models of foreign registries have no file names.
    static List<Layer> titled(List<Layer> layers) {
        return layers.stream()
                .map(l ->
                        l.title() != null
                                ? l
                                : new Layer(l.mediaType(), l.digest(), l.size(), "model.gguf"))
                .toList();
    }

    Layer config(ModelDetails details) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("model_format", details.format());
        map.put("model_family", details.family());
        map.put("model_families", details.families());
        map.put("model_type", details.parameterSize());
        map.put("file_type", details.quantization());
        map.put("parameter_count", details.parameterCount());
        map.put("context_length", details.contextLength());
        map.put("parent_model", details.parentModel());
        return text(Layer.CONFIG, Json.write(map));
    }
}
