package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.PathLock;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Fetches a model from a registry of the OCI kind, as Ollama's: the manifest by tag, then each
/// blob by its digest.
final class RegistryPull {
    private static final int MAX_MANIFEST = 4 << 20;

    private final ModelStore store;
    private final HttpFetch http;
    private final Licenses licenses;
    private final ProgressListener listener;

    RegistryPull(ModelStore store, HttpFetch http, Licenses licenses, ProgressListener listener) {
        this.store = store;
        this.http = http;
        this.licenses = licenses;
        this.listener = listener;
    }

    StoredModel pull(ModelName name, PullOptions options) {
        String scheme = options.insecure() ? "http" : "https";
        String base =
                "%s://%s/v2/%s/%s".formatted(scheme, name.host(), name.namespace(), name.model());
        Manifest manifest = manifest(URI.create(base + "/manifests/" + name.tag()), name);
        StoredModel model;
        try (PathLock _ = store.blobs().hold()) {
            // The licences first: nothing large is fetched before they are accepted.
            for (Layer layer : manifest.layers(Layer.LICENSE)) {
                fetch(base, layer);
            }
            licenses.check(name, license(manifest), options.acceptLicense(), listener);
            List<Layer> all = new ArrayList<>(manifest.layers());
            all.add(manifest.config());
            all.forEach(layer -> fetch(base, layer));
            listener.on(Progress.status("manifest", "verifying sha256 digest"));
            Path path = store.builder(listener).primary(manifest.layers());
            ModelInspector.inspect(path);
            Map<String, String> notes = new LinkedHashMap<>(manifest.annotations());
            notes.put(Manifest.SOURCE, "registry " + name.host());
            Manifest ours = new Manifest(manifest.config(), manifest.layers(), notes);
            model = store.commit(name, ours, listener);
        }
        store.collect();
        listener.on(Progress.status("manifest", "success"));
        return model;
    }

    private Manifest manifest(URI address, ModelName name) {
        try {
            HttpResponse<InputStream> response =
                    http.get(address, Map.of("Accept", Manifest.MEDIA_TYPE));
            try (InputStream body = response.body()) {
                if (response.statusCode() == 404) {
                    throw Problem.notFound("pull model manifest: file does not exist: " + name);
                }
                if (response.statusCode() != 200) {
                    throw Download.problem(address, response.statusCode());
                }
                byte[] bytes = body.readNBytes(MAX_MANIFEST + 1);
                if (bytes.length > MAX_MANIFEST) {
                    throw new Problem(
                            Problem.Code.BAD_GATEWAY, address + ": the manifest is too large");
                }
                return Manifest.parse(
                        new String(bytes, StandardCharsets.UTF_8), "the manifest of " + name);
            }
        } catch (IOException e) {
            throw new Problem(
                    Problem.Code.BAD_GATEWAY,
                    "pull model manifest: " + address + ": " + e.getMessage(),
                    null,
                    e);
        }
    }

    private void fetch(String base, Layer layer) {
        ContentId id = layer.digest();
        if (store.blobs().contains(id)) {
            new ByteMeter(listener, id.brief(), "pulling " + id.brief(), layer.size(), id)
                    .at(layer.size());
            return;
        }
        new Download(http, store.blobs(), listener)
                .fetch(URI.create(base + "/blobs/" + id), Map.of(), id.brief(), layer.size(), id);
    }

    /// Registries carry the licence's text only: the well-known ones are told by how they begin.
    private ModelLicense license(Manifest manifest) {
        List<Layer> layers = manifest.layers(Layer.LICENSE);
        if (layers.isEmpty()) {
            return new ModelLicense("", "", "");
        }
        String text = PartReader.text(store.blobs(), layers.getFirst()).strip();
        String begin = text.substring(0, Math.min(text.length(), 300));
        String line = begin.lines().findFirst().orElse("");
        String id =
                begin.contains("Apache License")
                        ? "Apache-2.0"
                        : begin.matches("(?s)(The )?MIT\\b.*") ? "MIT" : "custom";
        return new ModelLicense(id, line, "");
    }
}
