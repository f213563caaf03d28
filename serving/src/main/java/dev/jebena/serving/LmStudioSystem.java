package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// LM Studio's namespace `system`.
final class LmStudioSystem implements LmStudioEndpoints {
    private final LmStudioInstances instances;

    LmStudioSystem(LmStudioInstances instances) {
        this.instances = instances;
    }

    @Override
    public @Nullable Object call(String endpoint, RequestFields parameter) {
        return switch (endpoint) {
            case "listDownloadedModels" -> instances.downloaded();
            case "version" -> HttpJson.object("version", JebenaServer.version(), "build", 0);
            case "getExperimentFlags" -> List.of();
            case "notify" -> null;
            default -> throw LmStudioEndpoints.unknown(endpoint);
        };
    }
}
