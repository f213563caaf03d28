package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// LM Studio's namespace `embedding`.
final class LmStudioEmbedding implements LmStudioEndpoints {
    private static final String TYPE = "embedding";

    private final LmStudioInstances instances;

    LmStudioEmbedding(LmStudioInstances instances) {
        this.instances = instances;
    }

    @Override
    public @Nullable Object call(String endpoint, RequestFields parameter) {
        if (!endpoint.equals("embedString")) {
            return instances.call(endpoint, parameter, TYPE);
        }
        String text = parameter.required("inputString");
        try (ModelLease lease =
                instances.open(instances.specified(parameter, "modelSpecifier", TYPE))) {
            Embeddings.Vectors found =
                    Embeddings.of(parameter, "inputString", List.of(text), lease, true);
            return HttpJson.object("embedding", found.vectors().getFirst());
        }
    }

    @Override
    public void open(String endpoint, RequestFields parameter, LmStudioChannel channel)
            throws IOException {
        switch (endpoint) {
            case "loadModel" -> instances.load(parameter, TYPE, true, channel);
            case "getOrLoad" -> instances.load(parameter, TYPE, false, channel);
            default -> throw LmStudioEndpoints.unknown(endpoint);
        }
    }
}
