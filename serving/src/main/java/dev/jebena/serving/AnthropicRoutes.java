package dev.jebena.serving;

import dev.jebena.base.HttpErrorBody;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import dev.jebena.hub.ModelSummary;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Anthropic's API: messages, counted tokens, and the list of models for clients that send the
/// header `anthropic-version`. Any version is taken, as is none.
final class AnthropicRoutes {
    private static final String VERSION = "anthropic-version";

    private final ModelAccess models;

    private AnthropicRoutes(ModelAccess models) {
        this.models = models;
    }

    /// To be called before [OpenAiRoutes#register]: the first route whose condition holds answers.
    static void register(Router router, ModelAccess models) {
        AnthropicRoutes routes = new AnthropicRoutes(models);
        AnthropicChat chat = new AnthropicChat(models);
        router.errors("/v1/messages", new AnthropicErrors())
                .errors("/v1/models", new ModelErrors())
                .post("/v1/messages", EngineErrors.translating(chat::handle))
                .post("/v1/messages/count_tokens", EngineErrors.translating(chat::countTokens))
                .route(
                        "GET",
                        "/v1/models",
                        AnthropicRoutes::asks,
                        EngineErrors.translating(routes::list))
                .route(
                        "GET",
                        "/v1/models/{id...}",
                        AnthropicRoutes::asks,
                        EngineErrors.translating(routes::model));
    }

    private static boolean asks(HttpExchange exchange) {
        return exchange.header(VERSION) != null;
    }

    /// `/v1/models` is OpenAI's path as well.
    private static final class ModelErrors implements HttpErrorBody {
        @Override
        public Object of(HttpException problem) {
            return OpenAiErrors.body(problem);
        }

        @Override
        public Object of(HttpException problem, HttpExchange exchange) {
            return asks(exchange)
                    ? AnthropicErrors.body(problem, exchange.requestId())
                    : OpenAiErrors.body(problem);
        }
    }

    private void model(HttpExchange exchange) throws IOException {
        exchange.json(200, object(models.find(exchange.parameter("id")).summary()));
    }

    private static Map<String, @Nullable Object> object(ModelSummary model) {
        return HttpJson.object(
                "type", "model",
                "id", model.name().toString(),
                "display_name", model.name().toString(),
                "created_at", model.modified().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private void list(HttpExchange exchange) throws IOException {
        List<ModelSummary> all = models.catalog().list();
        int limit = AnthropicPage.limit(exchange);
        String before = exchange.query("before_id");
        String after = exchange.query("after_id");
        int from = after == null ? 0 : place(all, "after_id", after) + 1;
        int to = Math.min(all.size(), from + limit);
        if (before != null) {
            to = place(all, "before_id", before);
            from = Math.max(0, to - limit);
        }
        exchange.json(
                200,
                AnthropicPage.reply(
                        all.subList(from, to).stream().map(AnthropicRoutes::object).toList(),
                        before == null ? to < all.size() : from > 0));
    }

    private static int place(List<ModelSummary> all, String name, String id) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).name().toString().equals(id)) {
                return i;
            }
        }
        throw HttpException.invalid(name, name + ": there is no model '" + id + "'");
    }
}
