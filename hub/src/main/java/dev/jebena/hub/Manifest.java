package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The parts that a model consists of, as an OCI image manifest (schema 2): the same document that
/// Ollama's registry serves.
record Manifest(Layer config, List<Layer> layers, Map<String, String> annotations) {
    static final String MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json";

    /// Annotation: where the model came from.
    static final String SOURCE = "dev.jebena.source";

    private static final int MAX_LAYERS = 10_000;
    private static final String TITLE = "org.opencontainers.image.title";

    Manifest {
        layers = List.copyOf(layers);
        annotations = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    long size() {
        return layers.stream().mapToLong(Layer::size).sum() + config.size();
    }

    Set<ContentId> blobs() {
        return Stream.concat(Stream.of(config), layers.stream())
                .map(Layer::digest)
                .collect(Collectors.toSet());
    }

    List<Layer> layers(String mediaType) {
        return layers.stream().filter(l -> l.is(mediaType)).toList();
    }

    List<Layer> weights() {
        return layers.stream().filter(Layer::isWeights).toList();
    }

    byte[] toBytes() {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put("schemaVersion", 2L);
        root.put("mediaType", MEDIA_TYPE);
        root.put("config", json(config));
        root.put("layers", layers.stream().map(Manifest::json).toList());
        if (!annotations.isEmpty()) {
            root.put("annotations", annotations);
        }
        return Json.write(root).getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> json(Layer layer) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("mediaType", layer.mediaType());
        map.put("digest", layer.digest().toString());
        map.put("size", layer.size());
        if (layer.title() != null) {
            map.put("annotations", Map.of(TITLE, layer.title()));
        }
        return map;
    }

    /// Reads a manifest. Throws BAD_FILE that says what is wrong with `where`.
    static Manifest parse(String text, String where) {
        try {
            JsonObject root = JsonObject.of(Json.parse(text), where);
            List<Layer> layers = new ArrayList<>();
            for (JsonObject layer : root.objects("layers")) {
                if (layers.size() == MAX_LAYERS) {
                    throw root.problem("more than " + MAX_LAYERS + " layers");
                }
                layers.add(layer(layer));
            }
            Map<String, String> annotations = new LinkedHashMap<>();
            JsonObject notes = root.objectOrEmpty("annotations");
            for (String key : notes.keys()) {
                annotations.put(key, notes.string(key));
            }
            return new Manifest(layer(root.object("config")), layers, annotations);
        } catch (JsonException e) {
            throw new Problem(
                    Problem.Code.BAD_FILE, where + " is not JSON: " + e.getMessage(), null, e);
        }
    }

    private static Layer layer(JsonObject layer) {
        long size = layer.integer("size");
        if (size < 0) {
            throw layer.problem("negative size " + size);
        }
        JsonObject notes = layer.objectOrEmpty("annotations");
        String title = notes.has(TITLE) ? notes.string(TITLE) : null;
        if (title != null && !FileNames.isSafe(title)) {
            throw layer.problem("unsafe file name '" + title + "'");
        }
        ContentId digest;
        try {
            digest = ContentId.parse(layer.string("digest"));
        } catch (Problem e) {
            throw layer.problem(e.summary());
        }
        return new Layer(layer.string("mediaType"), digest, size, title);
    }
}
