package dev.jebena.serving;

import dev.jebena.base.DocumentStore.Document;
import dev.jebena.base.DocumentStore.Listed;
import dev.jebena.base.DocumentStore.Page;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// OpenAI's stored chat completions: those that were asked for with `store`, below
/// `/v1/chat/completions`.
final class ChatStore {
    static final String KIND = "chat_completion";
    private static final String PATH = "/v1/chat/completions";
    private static final int LARGEST_PAGE = 100;

    /// What a stored completion repeats of its request.
    private static final List<String> KEPT =
            List.of(
                    "temperature",
                    "top_p",
                    "presence_penalty",
                    "frequency_penalty",
                    "seed",
                    "tools",
                    "tool_choice",
                    "response_format",
                    "user");

    private final ServerData data;

    ChatStore(ServerData data) {
        this.data = data;
    }

    void register(Router router) {
        router.get(PATH, EngineErrors.translating(this::list))
                .get(PATH + "/{id}", EngineErrors.translating(x -> x.json(200, shown(find(x)))))
                .post(PATH + "/{id}", EngineErrors.translating(this::update))
                .delete(PATH + "/{id}", EngineErrors.translating(this::delete))
                .get(PATH + "/{id}/messages", EngineErrors.translating(this::messages));
    }

    /// Keeps a completion, if its request says so.
    void offer(RequestFields request, Map<String, @Nullable Object> reply) {
        if (!request.flag("store", false)) {
            return;
        }
        Map<String, @Nullable Object> completion = HttpJson.object();
        completion.putAll(reply);
        completion.put("metadata", Metadata.of(request));
        KEPT.forEach(name -> completion.put(name, request.value(name)));
        String id = String.valueOf(reply.get("id"));
        data.documents()
                .put(
                        KIND,
                        id,
                        null,
                        HttpJson.object(
                                "completion", completion, "messages", request.list("messages")));
    }

    private Document find(HttpExchange exchange) {
        String id = exchange.parameter("id");
        return data.documents()
                .get(KIND, id)
                .orElseThrow(() ->
                        new HttpException(
                                        404,
                                        "not_found",
                                        "There is no stored chat completion '"
                                                + id
                                                + "'; only those with 'store': true are kept")
                                .param("completion_id"));
    }

    private static Map<String, @Nullable Object> shown(Document document) {
        return HttpJson.objectOf(document.json().get("completion"));
    }

    private void list(HttpExchange exchange) throws IOException {
        String model = exchange.query("model");
        Map<String, String> metadata = Metadata.asked(exchange);
        Page page = oldestFirst(exchange);
        List<Map<String, @Nullable Object>> found = new ArrayList<>();
        for (Page next = page; ; ) {
            Listed listed = data.documents().list(KIND, null, next);
            for (Document document : listed.documents()) {
                Map<String, @Nullable Object> completion = shown(document);
                boolean named = model == null || model.equals(completion.get("model"));
                if (named && Metadata.holds(completion.get("metadata"), metadata)) {
                    if (found.size() == page.limit()) {
                        exchange.json(200, ListPage.reply(found, true));
                        return;
                    }
                    found.add(completion);
                }
            }
            if (!listed.more()) {
                exchange.json(200, ListPage.reply(found, false));
                return;
            }
            next = new Page(page.limit(), page.newestFirst(), listed.documents().getLast().id());
        }
    }

    /// These lists begin with the oldest, unlike others.
    private static Page oldestFirst(HttpExchange exchange) {
        Page page = ListPage.of(exchange, LARGEST_PAGE);
        return exchange.query("order") == null ? new Page(page.limit(), false, page.after()) : page;
    }

    private void update(HttpExchange exchange) throws IOException {
        Document document = find(exchange);
        RequestFields request = new RequestFields(exchange.json());
        if (!request.has("metadata")) {
            throw request.invalid("metadata", "missing; it is all that can be changed");
        }
        Map<String, @Nullable Object> completion = shown(document);
        completion.put("metadata", Metadata.of(request));
        Map<String, @Nullable Object> json = document.json();
        json.put("completion", completion);
        data.documents().put(KIND, document.id(), null, json);
        exchange.json(200, completion);
    }

    private void delete(HttpExchange exchange) throws IOException {
        String id = find(exchange).id();
        data.documents().delete(KIND, id);
        exchange.json(
                200,
                HttpJson.object("object", "chat.completion.deleted", "id", id, "deleted", true));
    }

    private void messages(HttpExchange exchange) throws IOException {
        Document document = find(exchange);
        List<Map<String, @Nullable Object>> messages = new ArrayList<>();
        if (document.json().get("messages") instanceof List<?> kept) {
            for (Object message : kept) {
                Map<String, @Nullable Object> shown =
                        HttpJson.object("id", document.id() + "-" + messages.size());
                shown.putAll(HttpJson.objectOf(message));
                messages.add(shown);
            }
        }
        exchange.json(200, ListPage.reply(messages, oldestFirst(exchange)));
    }
}
