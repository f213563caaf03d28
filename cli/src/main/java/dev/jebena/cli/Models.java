package dev.jebena.cli;

import dev.jebena.hub.Hub;
import dev.jebena.hub.ModelLicense;
import dev.jebena.hub.PullOptions;
import dev.jebena.hub.StoredModel;
import java.nio.file.Path;

/// The models of this machine, with progress drawn on standard error.
final class Models implements AutoCloseable {
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
        return hub.resolve(nameOrPath);
    }

    /// A model that is here, or is fetched now: its licence is shown before the first pull.
    StoredModel pulled(String nameOrPath, boolean acceptLicense) {
        try {
            return hub.resolve(nameOrPath);
        } catch (dev.jebena.base.Problem e) {
            if (e.code() != dev.jebena.base.Problem.Code.NOT_FOUND) {
                throw e;
            }
            return pull(nameOrPath, acceptLicense, false);
        }
    }

    /// Fetches a model.
    StoredModel pull(String name, boolean acceptLicense, boolean insecure) {
        ModelLicense license = hub.license(name);
        progress.line("licence of " + name + ": " + license.line());
        PullOptions options =
                PullOptions.defaults().withAcceptLicense(acceptLicense).withInsecure(insecure);
        StoredModel model = hub.pull(name, options, progress);
        progress.finish();
        return model;
    }

    @Override
    public void close() {
        progress.finish();
    }
}
