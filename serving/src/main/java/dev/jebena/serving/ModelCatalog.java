package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import dev.jebena.hub.Hub;
import dev.jebena.hub.ModelSummary;
import dev.jebena.hub.PullOptions;
import dev.jebena.hub.StoredModel;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which model a request means. A name never means a file: requests must not reach files of the
/// server's machine.
public interface ModelCatalog {
    /// The stored model of this name; empty when there is none, or the name is not valid.
    Optional<StoredModel> find(String name);

    List<ModelSummary> list();

    /// The models of a hub's store.
    static ModelCatalog of(Hub hub, boolean pullMissing) {
        return new ModelCatalog() {
            @Override
            public Optional<StoredModel> find(String name) {
                try {
                    Optional<StoredModel> found = hub.store().find(name);
                    return found.isEmpty() && pullMissing && !name.contains("..")
                            ? Optional.of(
                                    hub.pull(name, PullOptions.defaults(), ProgressListener.none()))
                            : found;
                } catch (Problem e) {
                    if (e.code() == Problem.Code.BAD_REQUEST
                            || e.code() == Problem.Code.NOT_FOUND) {
                        return Optional.empty();
                    }
                    throw e;
                }
            }

            @Override
            public List<ModelSummary> list() {
                return hub.store().list();
            }
        };
    }

    /// 404 as the protocols' clients expect it.
    static HttpException notFound(@Nullable String name) {
        return new HttpException(404, "model_not_found", "model '" + name + "' not found")
                .param("model");
    }
}
