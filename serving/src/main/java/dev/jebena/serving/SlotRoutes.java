package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import dev.jebena.llm.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// llama.cpp's slots: `GET /slots`, and `POST /slots/{id}?action=save|restore|erase` for the last
/// answer of a model with its prompt, in slot 0 or where `id_slot` put it. The engine has no fixed
/// slots; what it has computed is shared by all requests that begin alike, so one that goes on from
/// a restored text finds it.
final class SlotRoutes {
    private final ModelAccess models;
    private final @Nullable Path folder;

    private SlotRoutes(ModelAccess models, @Nullable Path folder) {
        this.models = models;
        this.folder = folder;
    }

    /// @param folder where slots are saved; null where they may not be
    static void register(Router router, ModelAccess models, @Nullable Path folder) {
        SlotRoutes routes = new SlotRoutes(models, folder);
        router.get("/slots", routes::list)
                .errors("/slots", LlamaCppRoutes::error)
                .post("/slots/{id}", EngineErrors.translating(routes::act))
                .errors("/slots/{id}", LlamaCppRoutes::error);
    }

    /// One slot for each running answer; at least one.
    private void list(HttpExchange exchange) throws IOException {
        List<Object> slots = new ArrayList<>();
        for (LoadedModel model : models.pool().loaded()) {
            for (int i = 0; i < Math.max(1, model.stats().running()); i++) {
                slots.add(
                        HttpJson.object(
                                "id", slots.size(),
                                "model", model.model().name().toString(),
                                "n_ctx", model.contextLength(),
                                "is_processing", i < model.stats().running()));
            }
        }
        if (slots.isEmpty()) {
            slots.add(HttpJson.object("id", 0, "n_ctx", 0, "is_processing", false));
        }
        exchange.json(200, slots);
    }

    private void act(HttpExchange exchange) throws IOException {
        int slot = slot(exchange.parameter("id"));
        String action = String.valueOf(exchange.query("action"));
        long began = System.nanoTime();
        try (ModelLease lease = models.open(exchange.query("model"))) {
            Map<String, @Nullable Object> reply =
                    switch (action) {
                        case "save" -> save(exchange, lease, slot);
                        case "restore" -> restore(exchange, lease, slot);
                        case "erase" -> erase(lease, slot);
                        default ->
                                throw HttpException.invalid(
                                        "action",
                                        "Invalid action '"
                                                + action
                                                + "': expected save, restore or erase");
                    };
            double milliseconds = (System.nanoTime() - began) / 1e6;
            if (!action.equals("erase")) {
                reply.put("timings", HttpJson.object(action + "_ms", milliseconds));
            }
            exchange.json(200, reply);
        }
    }

    private static int slot(String id) {
        int slot = id.matches("[0-9]{1,3}") ? Integer.parseInt(id) : ModelPool.Slot.MOST;
        if (slot >= ModelPool.Slot.MOST) {
            throw HttpException.invalid(
                    "id",
                    "Invalid slot '%s': expected 0 to %d".formatted(id, ModelPool.Slot.MOST - 1));
        }
        return slot;
    }

    private Map<String, @Nullable Object> save(HttpExchange exchange, ModelLease lease, int slot)
            throws IOException {
        Path file = file(exchange);
        int[] tokens = models.pool().slots().get(ModelPool.Slot.of(lease, slot));
        if (tokens == null) {
            throw new HttpException(
                    400, "invalid_value", "The slot is empty: nothing was answered");
        }
        int saved = lease.llm().saveSession(new Session(tokens, ""), file);
        return HttpJson.object(
                "id_slot",
                slot,
                "filename",
                String.valueOf(file.getFileName()),
                "n_saved",
                saved,
                "n_written",
                Files.size(file));
    }

    private Map<String, @Nullable Object> restore(HttpExchange exchange, ModelLease lease, int slot)
            throws IOException {
        Path file = file(exchange);
        Session session = lease.llm().restoreSession(file);
        models.pool().slots().put(ModelPool.Slot.of(lease, slot), session.tokens());
        return HttpJson.object(
                "id_slot",
                slot,
                "filename",
                String.valueOf(file.getFileName()),
                "n_restored",
                session.tokens().length,
                "n_read",
                Files.size(file));
    }

    private Map<String, @Nullable Object> erase(ModelLease lease, int slot) {
        int[] tokens = models.pool().slots().remove(ModelPool.Slot.of(lease, slot));
        return HttpJson.object("id_slot", slot, "n_erased", tokens == null ? 0 : tokens.length);
    }

    /// A plain name in the folder for slots.
    private Path file(HttpExchange exchange) {
        RequestFields request = new RequestFields(exchange.json());
        String name = request.required("filename");
        if (folder == null) {
            throw new HttpException(
                    501,
                    "unsupported",
                    "Slots are not saved; start the server with --slot-save-path DIR");
        }
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,100}")) {
            throw request.invalid("filename", "expected letters, digits, '.', '_' and '-'");
        }
        return folder.resolve(name);
    }
}
