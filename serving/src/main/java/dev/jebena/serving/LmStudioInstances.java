package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.hub.Hub;
import dev.jebena.hub.ModelDetails;
import dev.jebena.hub.ModelSummary;
import dev.jebena.hub.StoredModel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Models as LM Studio's SDKs see them: stored ones, and instances of them under identifiers that a
/// client may choose.
final class LmStudioInstances {
    private static final int MOST_NAMES = 1000;

    private final ModelAccess models;
    private final Hub hub;
    private final Map<String, String> chosen = new ConcurrentHashMap<>();

    LmStudioInstances(ModelAccess models, Hub hub) {
        this.models = models;
        this.hub = hub;
    }

    ModelAccess models() {
        return models;
    }

    private static String type(ModelDetails details) {
        return ModelAccess.generates(details) ? "llm" : "embedding";
    }

    List<Object> downloaded() {
        List<Object> list = new ArrayList<>();
        models.catalog().list().forEach(model -> list.add(info(model)));
        return list;
    }

    /// A stored model.
    Map<String, @Nullable Object> info(ModelSummary model) {
        ModelDetails details = model.details();
        String name = model.name().toString();
        Map<String, @Nullable Object> info =
                HttpJson.object(
                        "type", type(details),
                        "modelKey", name,
                        "format", details.format().equals("gguf") ? "gguf" : "safetensors",
                        "displayName", name,
                        "path", name,
                        "sizeBytes", model.size(),
                        "paramsString", details.parameterSize(),
                        "architecture", details.family(),
                        "maxContextLength", details.contextLength());
        if (ModelAccess.generates(details)) {
            info.put("vision", false);
            info.put(
                    "trainedForToolUse",
                    hub.store().metadata(models.find(name)).capabilities().contains("tools"));
        }
        return info;
    }

    /// The instances of this type in memory.
    List<Object> loaded(String type) {
        List<Object> list = new ArrayList<>();
        for (LoadedModel loaded : models.pool().loaded()) {
            if (type(loaded.model().details()).equals(type)) {
                list.add(
                        instance(
                                loaded.model(),
                                loaded.model().name().toString(),
                                loaded.contextLength()));
            }
        }
        return list;
    }

    private Map<String, @Nullable Object> instance(
            StoredModel model, String identifier, long contextLength) {
        Map<String, @Nullable Object> info = info(model.summary());
        info.put("identifier", identifier);
        info.put("instanceReference", identifier);
        info.put("contextLength", contextLength);
        return info;
    }

    /// Channels `loadModel` and `getOrLoad`.
    void load(RequestFields request, String type, boolean always, LmStudioChannel channel)
            throws IOException {
        String key = request.required(always ? "modelKey" : "identifier");
        StoredModel model = typed(model(key), type);
        String identifier = identifier(request, always, key);
        Long life = request.integer(always ? "ttlMs" : "loadTtlMs", 1, Long.MAX_VALUE >> 24);
        int context = LmStudioConfig.of(request, "loadConfigStack").contextLength();
        if (always) {
            channel.send("resolved", "info", info(model.summary()));
        } else {
            channel.send("startLoading", "identifier", identifier, "info", info(model.summary()));
        }
        channel.send(always ? "progress" : "loadProgress", "progress", 0.0);
        Duration keep = life == null ? null : Duration.ofMillis(life);
        try (ModelLease lease = models.open(model, context, keep)) {
            channel.send(always ? "progress" : "loadProgress", "progress", 1.0);
            channel.send(
                    always ? "success" : "loadSuccess",
                    "info",
                    instance(model, identifier, lease.llm().contextLength()));
        }
    }

    private String identifier(RequestFields request, boolean always, String key) {
        String wanted = always ? request.string("identifier") : null;
        if (wanted == null || wanted.equals(key)) {
            return key;
        }
        if (chosen.size() >= MOST_NAMES && !chosen.containsKey(wanted)) {
            throw request.invalid("identifier", "there are " + MOST_NAMES + " of them already");
        }
        chosen.put(wanted, key);
        return wanted;
    }

    private StoredModel model(String identifier) {
        return models.find(chosen.getOrDefault(identifier, identifier));
    }

    private static StoredModel typed(StoredModel model, String type) {
        if (!type(model.details()).equals(type)) {
            throw new HttpException(
                    404,
                    "model_not_found",
                    "Model '" + model.name() + "' is no " + type + " model");
        }
        return model;
    }

    /// The model that a specifier means: an instance, or what a query finds.
    StoredModel specified(RequestFields request, String name, String type) {
        RequestFields specifier = request.object(name);
        if (specifier == null) {
            throw request.invalid(name, "missing");
        }
        if (specifier.required("type").equals("instanceReference")) {
            return typed(model(specifier.required("instanceReference")), type);
        }
        RequestFields query = specifier.object("query");
        String wanted = query == null ? null : query.string("identifier", query.string("path", ""));
        if (wanted != null && !wanted.isEmpty()) {
            return typed(model(wanted), type);
        }
        return models.pool().loaded().stream()
                .map(LoadedModel::model)
                .filter(model -> type(model.details()).equals(type))
                .findFirst()
                .orElseThrow(() ->
                        new HttpException(
                                404, "model_not_found", "No " + type + " model is loaded"));
    }

    ModelLease open(StoredModel model) {
        return models.open(model, 0, null);
    }

    /// What both kinds of models answer.
    @Nullable Object call(String endpoint, RequestFields parameter, String type) {
        return switch (endpoint) {
            case "listLoaded" -> loaded(type);
            case "unloadModel" -> {
                String identifier = parameter.required("identifier");
                models.pool().unload(model(identifier));
                chosen.remove(identifier);
                yield null;
            }
            case "getModelInfo" -> modelInfo(parameter, type);
            case "getLoadConfig" -> {
                try (ModelLease lease = open(specified(parameter, "specifier", type))) {
                    yield LmStudioConfig.loaded(type, lease.llm().contextLength());
                }
            }
            case "tokenize" -> {
                int[] ids = tokens(parameter, type);
                yield HttpJson.object("tokens", ids);
            }
            case "countTokens" -> HttpJson.object("tokenCount", tokens(parameter, type).length);
            default -> throw LmStudioEndpoints.unknown(endpoint);
        };
    }

    private @Nullable Object modelInfo(RequestFields parameter, String type) {
        try {
            StoredModel model = specified(parameter, "specifier", type);
            String name = model.name().toString();
            for (LoadedModel loaded : models.pool().loaded()) {
                if (loaded.model().name().equals(model.name())) {
                    return instance(model, name, loaded.contextLength());
                }
            }
            throw new HttpException(404, "model_not_found", "Model '" + name + "' is not loaded");
        } catch (HttpException e) {
            if (e.status() == 404 && !parameter.flag("throwIfNotFound", true)) {
                return null;
            }
            throw e;
        }
    }

    private int[] tokens(RequestFields parameter, String type) {
        String text = parameter.required("inputString");
        try (ModelLease lease = open(specified(parameter, "specifier", type))) {
            return lease.llm().tokenizer().encode(text);
        }
    }

    /// The instance that answered.
    Map<String, @Nullable Object> instance(ModelLease lease) {
        return instance(
                lease.model(), lease.model().name().toString(), lease.llm().contextLength());
    }
}
