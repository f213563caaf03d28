package dev.jebena.cli;

import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import dev.jebena.hub.Hub;
import dev.jebena.hub.PullOptions;
import dev.jebena.hub.StoredModel;
import dev.jebena.json.Json;
import dev.jebena.llm.Llm;
import dev.jebena.transformers.Task;
import dev.jebena.transformers.Transformers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The models of this machine, with progress drawn on standard error.
final class Models implements AutoCloseable {
    /// What stands before a repository's name where it may be taken for a model's.
    private static final String HUB = "hf.co/";

    private final Path home;
    private final Hub hub;
    private final ProgressBar progress = new ProgressBar(System.err, Screen.errorIsTerminal());

    private Models(Path home) {
        this.home = home;
        this.hub = Hub.open(home);
    }

    /// The models in the data folder that `JEBENA_HOME` names.
    static Models open() {
        return new Models(Hub.home(System.getenv()));
    }

    /// The data folder.
    Path home() {
        return home;
    }

    Hub hub() {
        return hub;
    }

    /// Draws progress until closed.
    ProgressBar progress() {
        return progress;
    }

    /// A model that is here already: a name, a GGUF file or a folder.
    StoredModel local(String nameOrPath) {
        checkPath(nameOrPath);
        return hub.resolve(nameOrPath);
    }

    /// What can only be a path must exist: its file is not to be looked for as a name.
    private static void checkPath(String nameOrPath) {
        boolean path =
                nameOrPath.startsWith("/")
                        || nameOrPath.startsWith("./")
                        || nameOrPath.startsWith("../")
                        || (nameOrPath.endsWith(".gguf") && !nameOrPath.contains(":"));
        if (path && !nameOrPath.startsWith("hf.co/") && !Files.exists(Path.of(nameOrPath))) {
            throw new UserError("there is no file or folder " + nameOrPath);
        }
    }

    /// `llm`, if it can do what the command is for.
    static Llm generating(Llm llm, String name) {
        if (!llm.info().generates()) {
            throw new UserError(
                    name
                            + " makes embeddings and does not continue text\njebena embed "
                            + name
                            + " TEXT prints them");
        }
        return llm;
    }

    /// `llm`, if it was made for embeddings.
    static Llm embedding(Llm llm, String name) {
        if (!llm.info().embeds()) {
            throw new UserError(
                    name
                            + " continues text and makes no embeddings\n"
                            + "take a model that does, such as minilm");
        }
        return llm;
    }

    /// A model if it is here.
    Optional<StoredModel> find(String nameOrPath) {
        checkPath(nameOrPath);
        Optional<StoredModel> found = stored(nameOrPath);
        return found.isPresent() || !isRepository(nameOrPath) ? found : stored(HUB + nameOrPath);
    }

    private Optional<StoredModel> stored(String nameOrPath) {
        try {
            return Optional.of(hub.resolve(nameOrPath));
        } catch (Problem e) {
            if (e.code() != Problem.Code.NOT_FOUND) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /// Whether it is `org/name` and nothing of the catalog, so that it can only be a hub's.
    private boolean isRepository(String name) {
        return name.matches("[\\w][\\w.-]*/[\\w][\\w.-]*(:[\\w.-]+)?")
                && hub.catalog().entries().stream()
                        .flatMap(entry -> entry.names().stream())
                        .noneMatch(known ->
                                known.toString().equals(name)
                                        || known.toString().equals(name + ":latest"));
    }

    /// A model that is here, or is fetched now: its licence is shown before the first pull.
    StoredModel pulled(String nameOrPath, boolean acceptLicense) {
        String name = isRepository(nameOrPath) ? HUB + nameOrPath : nameOrPath;
        return find(nameOrPath).orElseGet(() -> pull(name, acceptLicense, false));
    }

    /// Refuses a folder of a model that was made for another task, and tells what does it.
    static void checkTask(StoredModel model, String name) {
        if (!Files.isDirectory(model.path())) {
            return;
        }
        Task<?> task = Transformers.taskOf(model.path()).orElse(Task.TEXT_GENERATION);
        if (task != Task.TEXT_GENERATION && task != Task.FEATURE_EXTRACTION) {
            throw new UserError(
                    "%s is made for %s and holds no conversation\njebena pipeline %s %s TEXT does it"
                            .formatted(name, task, task, name));
        }
    }

    /// Fetches a model; the hub reports its licence first.
    StoredModel pull(String name, boolean acceptLicense, boolean insecure) {
        PullOptions options =
                PullOptions.defaults().withAcceptLicense(acceptLicense).withInsecure(insecure);
        StoredModel model = hub.pull(name, options, new PatientListener(progress));
        progress.finish();
        return model;
    }

    /// A model as data.
    static String json(StoredModel model) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", model.name().toString());
        fields.put("digest", model.digest().toString());
        fields.put("size", model.size());
        return Json.write(fields);
    }

    /// Holds the first word back until there is a second: a name that there is not fails before
    /// anything is being pulled.
    private static final class PatientListener implements ProgressListener {
        private final ProgressListener listener;
        private @Nullable Progress first;
        private boolean begun;

        PatientListener(ProgressListener listener) {
            this.listener = listener;
        }

        @Override
        public synchronized void on(Progress event) {
            if (!begun && first == null && event.isStatusOnly()) {
                first = event;
                return;
            }
            begun = true;
            if (first != null) {
                listener.on(first);
                first = null;
            }
            listener.on(event);
        }
    }

    @Override
    public void close() {
        progress.finish();
    }
}
