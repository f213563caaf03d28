package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.PathLock;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Fetches one model: tries the sources in turn, then gives the parts a name.
final class Puller {
    private final ModelStore store;
    private final Path locks;
    private final ProgressListener listener;

    Puller(ModelStore store, Path locks, ProgressListener listener) {
        this.store = store;
        this.locks = locks;
        this.listener = listener;
    }

    /// Fetches the files from the first source that can deliver them all and stores the model.
    /// While another process fetches the same model this one waits, and then finds it there.
    StoredModel pull(
            ModelName name, ModelLicense license, List<WantedFile> files, List<Source> sources) {
        Progress waiting = Progress.status("manifest", "another process is pulling " + name);
        Path lock = locks.resolve(ContentId.of(name.full()).hex().substring(0, 24) + ".lock");
        StoredModel model;
        try (PathLock _ = PathLock.exclusive(lock, () -> listener.on(waiting));
                PathLock _ = store.blobs().hold()) {
            checkSpace(files);
            model = commit(name, license, files, sources);
        }
        store.collect();
        listener.on(Progress.status("manifest", "success"));
        return model;
    }

    private StoredModel commit(
            ModelName name, ModelLicense license, List<WantedFile> files, List<Source> sources) {
        List<Layer> there = present(files);
        if (there.size() == files.size()) {
            return commit(name, license, there, store.sourceOf(there).orElse("this machine"));
        }
        List<String> reasons = new ArrayList<>();
        for (Source source : sources) {
            try {
                listener.on(Progress.status("source", "trying " + source.name()));
                List<Layer> layers = source.fetch(files, listener);
                return commit(name, license, layers, source.name());
            } catch (Problem e) {
                if (e.code() == Problem.Code.STORAGE || e.code() == Problem.Code.UNAVAILABLE) {
                    throw e; // our own disk, or a cancelled pull: no other source helps
                }
                String hint = e.remedy() == null ? "" : "; " + e.remedy();
                String reason = source.name() + ": " + e.summary().replace('\n', ' ') + hint;
                listener.on(Progress.status("source", reason));
                reasons.add(reason);
            }
        }
        throw new Problem(
                Problem.Code.BAD_GATEWAY,
                "cannot pull "
                        + name
                        + "; no source could deliver it:\n- "
                        + String.join("\n- ", reasons));
    }

    /// The files that are in the store already: another process has just fetched them, or they are
    /// known under another name.
    private List<Layer> present(List<WantedFile> files) {
        List<Layer> layers = new ArrayList<>();
        for (WantedFile file : files) {
            if (file.sha256() != null && store.blobs().contains(file.sha256())) {
                long size = store.blobs().size(file.sha256());
                layers.add(new Layer(Layer.FILE, file.sha256(), size, file.title()));
            }
        }
        return layers;
    }

    private StoredModel commit(
            ModelName name, ModelLicense license, List<Layer> fetched, String source) {
        listener.on(Progress.status("manifest", "verifying sha256 digest"));
        ModelBuilder builder = store.builder(listener);
        List<Layer> layers = new ArrayList<>();
        for (Layer layer : fetched) {
            boolean gguf = layer.title() != null && FileNames.isGguf(layer.title());
            String type = gguf ? Layer.MODEL : Layer.FILE;
            layers.add(new Layer(type, layer.digest(), layer.size(), layer.title()));
        }
        ModelDetails details = ModelInspector.inspect(builder.primary(layers)).details();
        if (!license.id().isEmpty()) {
            layers.add(builder.text(Layer.LICENSE, license.id() + "\n" + license.line() + "\n"));
        }
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put(Manifest.SOURCE, source);
        return store.commit(name, new Manifest(builder.config(details), layers, notes), listener);
    }

    private void checkSpace(List<WantedFile> files) {
        long needed = 0;
        for (WantedFile file : files) {
            boolean there = file.sha256() != null && store.blobs().contains(file.sha256());
            needed += there ? 0 : Math.max(0, file.size());
        }
        try {
            Path folder = store.blobs().folder();
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free > 0 && free < needed) {
                throw new Problem(
                        Problem.Code.STORAGE,
                        "the model needs %,d MB, but only %,d MB are free in %s"
                                .formatted(needed >> 20, free >> 20, folder),
                        "free some space or set JEBENA_HOME to a folder on a larger disk");
            }
        } catch (IOException e) {
            throw Problem.storage("cannot see how much space is free", e);
        }
    }
}
