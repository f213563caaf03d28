package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpHandler;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import dev.jebena.llm.AdapterFile;
import dev.jebena.llm.Llm;
import dev.jebena.llm.LoadedAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// LoRA adapters as llama.cpp (`/lora-adapters`) and vLLM (`/v1/load_lora_adapter`,
/// `/v1/unload_lora_adapter`) know them.
final class AdapterRoutes {
    private static final float MAX_SCALE = 1e6f;

    private final ModelAccess models;
    private final ServedAdapters adapters;
    private final @Nullable Path folder;

    private AdapterRoutes(ModelAccess models, ServedAdapters adapters, @Nullable Path folder) {
        this.models = models;
        this.adapters = adapters;
        this.folder = folder;
    }

    /// @param folder where requests may load adapters from; null where they may not
    static void register(
            Router router, ModelAccess models, ServedAdapters adapters, @Nullable Path folder) {
        AdapterRoutes routes = new AdapterRoutes(models, adapters, folder);
        router.get("/lora-adapters", EngineErrors.translating(routes::list))
                .post("/lora-adapters", EngineErrors.translating(routes::scale))
                .errors("/lora-adapters", LlamaCppRoutes::error);
        vllm(router, "/v1/load_lora_adapter", routes::load);
        vllm(router, "/v1/unload_lora_adapter", routes::unload);
    }

    private static void vllm(Router router, String path, HttpHandler handler) {
        router.post(path, EngineErrors.translating(handler));
    }

    private void list(HttpExchange exchange) throws IOException {
        try (ModelLease lease = models.open(exchange.query("model"))) {
            exchange.json(200, listed(lease.llm()));
        }
    }

    private static List<Object> listed(Llm llm) {
        List<Object> list = new ArrayList<>();
        for (LoadedAdapter adapter : llm.adapters()) {
            list.add(
                    HttpJson.object(
                            "id", adapter.id(),
                            "path", String.valueOf(adapter.file().path().getFileName()),
                            "name", adapter.name(),
                            "scale", adapter.scale(),
                            "task_name", "",
                            "prompt_prefix", ""));
        }
        return list;
    }

    /// The factors for requests that choose none; adapters that are not named get 0.
    private void scale(HttpExchange exchange) throws IOException {
        if (!(HttpJson.parse(exchange.body(1 << 20)) instanceof List<?> list)) {
            throw new HttpException(400, "invalid_value", "Request body must be an array");
        }
        RequestFields request = new RequestFields(HttpJson.object("lora", list));
        try (ModelLease lease = models.open(exchange.query("model"))) {
            Llm llm = lease.llm();
            Map<String, Float> scales = chosen(request, llm);
            for (LoadedAdapter adapter : llm.adapters()) {
                float scale = scales == null ? 0 : scales.getOrDefault(adapter.name(), 0f);
                llm.scaleAdapter(adapter.name(), scale);
                adapters.put(lease.model().name().toString(), adapter.file().scale(scale));
            }
            exchange.json(200, HttpJson.object("success", true));
        }
    }

    /// `"lora": [{"id": 0, "scale": 0.5}]` as factors by name; null when the request has none.
    static @Nullable Map<String, Float> chosen(RequestFields request, Llm llm) {
        if (!request.has("lora")) {
            return null;
        }
        Map<String, Float> chosen = new HashMap<>();
        for (RequestFields each : request.objects("lora")) {
            Long id = each.integer("id", 0, Integer.MAX_VALUE);
            Double scale = each.number("scale", -MAX_SCALE, MAX_SCALE);
            LoadedAdapter adapter =
                    llm.adapters().stream()
                            .filter(loaded -> id != null && loaded.id() == id)
                            .findFirst()
                            .orElseThrow(() ->
                                    each.invalid(
                                            "id",
                                            "there is no adapter " + id + "; GET /lora-adapters"));
            chosen.put(adapter.name(), scale == null ? 0 : scale.floatValue());
        }
        return chosen;
    }

    private void load(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String name = request.required("lora_name");
        Path path = path(request);
        if (models.catalog().find(name).isPresent()) {
            throw request.invalid("lora_name", "there is a model " + name);
        }
        boolean again = request.flag("load_inplace", false);
        try (ModelLease lease = models.open(request.string("base_model_name"))) {
            AdapterFile file = new AdapterFile(name, path, 0);
            if (again && lease.llm().adapters().stream().anyMatch(a -> a.name().equals(name))) {
                lease.llm().unloadAdapter(name);
            }
            lease.llm().loadAdapter(file);
            adapters.name(lease.model().name().toString(), file);
        }
        text(exchange, "Success: LoRA adapter '" + name + "' added successfully.");
    }

    /// A file or folder below the one that requests may read.
    private Path path(RequestFields request) {
        String given = request.required("lora_path");
        if (folder == null) {
            throw new HttpException(
                    403,
                    "forbidden",
                    "Loading adapters by request is off; start the server with --lora-folder DIR");
        }
        try {
            Path allowed = folder.toRealPath();
            Path path = allowed.resolve(given);
            if (Files.exists(path) && path.toRealPath().startsWith(allowed)) {
                return path.toRealPath();
            }
        } catch (IOException | IllegalArgumentException _) {
            // Said below: whatever lies elsewhere is none of the request's business.
        }
        throw new HttpException(
                        404,
                        "not_found",
                        "There is no adapter '" + given + "' in the folder for adapters")
                .param("lora_path");
    }

    private void unload(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String name = request.required("lora_name");
        ServedAdapters.Named adapter =
                adapters.named(name)
                        .orElseThrow(() ->
                                new HttpException(
                                                404,
                                                "not_found",
                                                "The lora adapter '" + name + "' cannot be found.")
                                        .param("lora_name"));
        adapters.remove(adapter);
        try (ModelLease lease = models.open(adapter.model())) {
            lease.llm().unloadAdapter(name);
        }
        text(exchange, "Success: LoRA adapter '" + name + "' removed successfully.");
    }

    private static void text(HttpExchange exchange, String text) throws IOException {
        exchange.bytes(
                200,
                "text/plain; charset=utf-8",
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
