package dev.jebena.serving;

import dev.jebena.base.DocumentStore.Document;
import dev.jebena.base.DocumentStore.Listed;
import dev.jebena.base.DocumentStore.Page;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// OpenAI's conversations under `/v1/conversations`: items that responses read and add to.
final class OpenAiConversations {
    private static final String KIND = "conversation";
    private static final String ITEM = "conversation_item";
    private static final int LARGEST_PAGE = 100;
    private static final int MOST_ITEMS = 20;
    private static final int MOST_READ = 10_000;

    private final ServerData data;

    OpenAiConversations(ServerData data) {
        this.data = data;
    }

    void register(Router router) {
        String one = "/v1/conversations/{id}";
        router.post("/v1/conversations", EngineErrors.translating(this::create))
                .get(one, EngineErrors.translating(x -> x.json(200, get(x.parameter("id")))))
                .post(one, EngineErrors.translating(this::update))
                .delete(one, EngineErrors.translating(this::delete))
                .get(one + "/items", EngineErrors.translating(this::list))
                .post(one + "/items", EngineErrors.translating(this::add))
                .get(
                        one + "/items/{item}",
                        EngineErrors.translating(x -> x.json(200, item(x).json())))
                .delete(one + "/items/{item}", EngineErrors.translating(this::deleteItem));
    }

    /// The items of a conversation, oldest first. Throws [HttpException] 404.
    List<Map<String, @Nullable Object>> items(String id) {
        get(id);
        return data
                .documents()
                .list(ITEM, id, new Page(MOST_READ, false, null))
                .documents()
                .stream()
                .map(Document::json)
                .toList();
    }

    void append(String id, List<Map<String, @Nullable Object>> items) {
        for (Map<String, @Nullable Object> item : items) {
            data.documents().put(ITEM, String.valueOf(item.get("id")), id, item);
        }
    }

    private Map<String, @Nullable Object> get(String id) {
        return data.documents()
                .get(KIND, id)
                .map(Document::json)
                .orElseThrow(() ->
                        new HttpException(
                                404,
                                "conversation_not_found",
                                "Conversation with id '" + id + "' not found."));
    }

    private Document item(HttpExchange exchange) {
        String id = exchange.parameter("id");
        String item = exchange.parameter("item");
        get(id);
        return data.documents()
                .get(ITEM, item)
                .filter(document -> id.equals(document.owner()))
                .orElseThrow(() ->
                        new HttpException(
                                404,
                                "item_not_found",
                                "Conversation '" + id + "' has no item '" + item + "'"));
    }

    private void create(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String id = "conv_" + OpenAiChatReply.newId();
        List<Map<String, @Nullable Object>> items = items(request);
        Map<String, @Nullable Object> conversation =
                HttpJson.object(
                        "id",
                        id,
                        "object",
                        "conversation",
                        "created_at",
                        Instant.now().getEpochSecond(),
                        "metadata",
                        Metadata.of(request));
        data.documents().put(KIND, id, null, conversation);
        append(id, items);
        exchange.json(200, conversation);
    }

    private static List<Map<String, @Nullable Object>> items(RequestFields request) {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        for (RequestFields item : request.objects("items")) {
            items.add(ResponseItems.item(item, _ -> null));
        }
        if (items.size() > MOST_ITEMS) {
            throw request.invalid(
                    "items", "at most " + MOST_ITEMS + " at once, found " + items.size());
        }
        return items;
    }

    private void update(HttpExchange exchange) throws IOException {
        String id = exchange.parameter("id");
        Map<String, @Nullable Object> conversation = get(id);
        conversation.put("metadata", Metadata.of(new RequestFields(exchange.json())));
        data.documents().put(KIND, id, null, conversation);
        exchange.json(200, conversation);
    }

    private void delete(HttpExchange exchange) throws IOException {
        String id = exchange.parameter("id");
        get(id);
        data.documents().delete(KIND, id);
        exchange.json(
                200, HttpJson.object("id", id, "object", "conversation.deleted", "deleted", true));
    }

    private void list(HttpExchange exchange) throws IOException {
        String id = exchange.parameter("id");
        get(id);
        Listed listed = data.documents().list(ITEM, id, ListPage.of(exchange, LARGEST_PAGE));
        exchange.json(200, ListPage.reply(listed));
    }

    private void add(HttpExchange exchange) throws IOException {
        String id = exchange.parameter("id");
        get(id);
        List<Map<String, @Nullable Object>> items = items(new RequestFields(exchange.json()));
        append(id, items);
        exchange.json(200, ListPage.reply(items, false));
    }

    private void deleteItem(HttpExchange exchange) throws IOException {
        data.documents().delete(ITEM, item(exchange).id());
        exchange.json(200, get(exchange.parameter("id")));
    }
}
