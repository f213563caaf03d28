package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import dev.jebena.base.Router;
import dev.jebena.hub.CatalogEntry;
import dev.jebena.hub.Hub;
import dev.jebena.hub.PullOptions;
import dev.jebena.hub.StoredModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What LocalAI has besides OpenAI's API for texts: its gallery of models with jobs that fetch
/// them, and what its backends do. The gallery is the catalog.
final class LocalAiRoutes {
    private static final int MOST_JOBS = 200;
    private static final int MOST_RUNNING = 8;

    private final ModelAccess models;
    private final Hub hub;
    private final Map<String, Map<String, @Nullable Object>> jobs = new LinkedHashMap<>();

    private LocalAiRoutes(ModelAccess models, Hub hub) {
        this.models = models;
        this.hub = hub;
    }

    static void register(Router router, ModelAccess models, Hub hub) {
        LocalAiRoutes routes = new LocalAiRoutes(models, hub);
        router.get("/system", EngineErrors.translating(routes::system))
                .get("/models/available", EngineErrors.translating(routes::available))
                .get("/models/galleries", x -> x.json(200, List.of(gallery())))
                .post("/models/apply", EngineErrors.translating(routes::apply))
                .post("/models/delete/{name...}", EngineErrors.translating(routes::delete))
                .get("/models/jobs", x -> x.json(200, routes.jobs()))
                .get("/models/jobs/{id}", EngineErrors.translating(routes::job))
                .get("/backend/monitor", EngineErrors.translating(routes::monitor))
                .post("/backend/monitor", EngineErrors.translating(routes::monitor))
                .post("/backend/shutdown", EngineErrors.translating(routes::shutdown));
        for (String path :
                List.of("/system", "/models/a", "/models/j", "/models/delete", "/backend/")) {
            router.errors(path, OpenAiErrors::body);
        }
    }

    private static Map<String, @Nullable Object> gallery() {
        return HttpJson.object("name", "jebena", "url", "");
    }

    private void system(HttpExchange exchange) throws IOException {
        List<Object> loaded = new ArrayList<>();
        models.pool()
                .loaded()
                .forEach(model ->
                        loaded.add(HttpJson.object("id", model.model().name().toString())));
        exchange.json(200, HttpJson.object("backends", List.of("jebena"), "loaded_models", loaded));
    }

    private void available(HttpExchange exchange) throws IOException {
        List<Object> list = new ArrayList<>();
        for (CatalogEntry entry : hub.catalog().entries()) {
            String name = entry.names().getFirst().toString();
            list.add(
                    HttpJson.object(
                            "name", name,
                            "id", "jebena@" + name,
                            "license", entry.license().id(),
                            "tags", List.of("llm"),
                            "gallery", gallery(),
                            "installed", hub.store().find(name).isPresent()));
        }
        exchange.json(200, list);
    }

    /// Fetches `id`: a name, or `gallery@name`.
    private void apply(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String id = request.string("id", request.string("name", request.string("url", "")));
        if (id.isEmpty()) {
            throw HttpException.invalid("id", "Missing required parameter: 'id', a model's name");
        }
        boolean accepted = request.flag("accept_license", false);
        String name = id.substring(id.indexOf('@') + 1);
        start(
                exchange,
                name,
                listener ->
                        hub.obtain(
                                name,
                                PullOptions.defaults().withAcceptLicense(accepted),
                                listener));
    }

    private void delete(HttpExchange exchange) throws IOException {
        String name = exchange.parameter("name");
        StoredModel model = models.find(name);
        start(
                exchange,
                name,
                _ -> {
                    models.pool().unload(model);
                    hub.store().remove(model.name().toString());
                });
    }

    private void start(HttpExchange exchange, String name, Consumer<ProgressListener> task)
            throws IOException {
        String id = UUID.randomUUID().toString();
        Map<String, @Nullable Object> job =
                HttpJson.object(
                        "processed",
                        false,
                        "progress",
                        0.0,
                        "message",
                        "queued",
                        "file_name",
                        name,
                        "downloaded_size",
                        "",
                        "file_size",
                        "",
                        "error",
                        null);
        synchronized (jobs) {
            long running =
                    jobs.values().stream()
                            .filter(j -> Boolean.FALSE.equals(j.get("processed")))
                            .count();
            if (running >= MOST_RUNNING) {
                throw HttpException.busy("There are " + MOST_RUNNING + " jobs already", 10);
            }
            jobs.put(id, job);
            if (jobs.size() > MOST_JOBS) {
                jobs.remove(jobs.keySet().iterator().next());
            }
        }
        Thread.ofVirtual().name("jebena-model-job").start(() -> run(job, task));
        exchange.json(
                200,
                HttpJson.object("uuid", id, "status", exchange.baseUrl() + "/models/jobs/" + id));
    }

    private void run(Map<String, @Nullable Object> job, Consumer<ProgressListener> task) {
        String error = null;
        try {
            task.accept(progress -> report(job, progress));
        } catch (Problem | HttpException e) {
            error = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            error = e.toString();
        }
        synchronized (jobs) {
            job.put("processed", true);
            job.put("error", error);
            job.put("message", error == null ? "completed" : "error");
            if (error == null) {
                job.put("progress", 100.0);
            }
        }
    }

    private void report(Map<String, @Nullable Object> job, Progress progress) {
        synchronized (jobs) {
            job.put("message", progress.status());
            if (!progress.isStatusOnly() && progress.total() > 0) {
                job.put("progress", progress.fraction() * 100);
                job.put("downloaded_size", Long.toString(progress.done()));
                job.put("file_size", Long.toString(progress.total()));
            }
        }
    }

    private Map<String, @Nullable Object> jobs() {
        synchronized (jobs) {
            Map<String, @Nullable Object> all = new LinkedHashMap<>();
            jobs.forEach((id, job) -> all.put(id, new LinkedHashMap<>(job)));
            return all;
        }
    }

    private void job(HttpExchange exchange) throws IOException {
        String id = exchange.parameter("id");
        Object job = jobs().get(id);
        if (job == null) {
            throw new HttpException(404, "not_found", "There is no job '" + id + "'");
        }
        exchange.json(200, job);
    }

    /// The memory of a loaded model; its name is in the body or the query.
    private void monitor(HttpExchange exchange) throws IOException {
        StoredModel model = named(exchange);
        for (LoadedModel loaded : models.pool().loaded()) {
            if (loaded.model().name().equals(model.name())) {
                exchange.json(
                        200,
                        HttpJson.object(
                                "memory_info",
                                HttpJson.object("rss", loaded.bytes()),
                                "memory_percent",
                                100.0 * loaded.bytes() / models.pool().budget(),
                                "cpu_percent",
                                null,
                                "state",
                                loaded.users() > 0 ? "BUSY" : "READY"));
                return;
            }
        }
        throw new HttpException(
                404, "model_not_loaded", "Model '" + model.name() + "' is not in memory");
    }

    private StoredModel named(HttpExchange exchange) {
        String query = exchange.query("model");
        RequestFields request = new RequestFields(exchange.json());
        return models.find(query == null ? request.required("model") : query);
    }

    private void shutdown(HttpExchange exchange) throws IOException {
        models.pool().unload(named(exchange));
        exchange.json(200, HttpJson.object());
    }
}
