package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// LocalAI's stores of texts by vectors, below `/stores/`. They live in memory, as LocalAI's do.
final class VectorStoreRoutes {
    private static final int MOST_STORES = 1000;
    private static final int MOST_DIMENSIONS = 1 << 16;
    private static final long MOST_BYTES = 512L << 20;

    private final Map<String, VectorStore> stores = new HashMap<>();
    private long bytes;

    private VectorStoreRoutes() {}

    static void register(Router router) {
        VectorStoreRoutes routes = new VectorStoreRoutes();
        router.post("/stores/set", EngineErrors.translating(routes::set))
                .post("/stores/get", EngineErrors.translating(routes::get))
                .post("/stores/delete", EngineErrors.translating(routes::delete))
                .post("/stores/find", EngineErrors.translating(routes::find))
                .errors("/stores/", OpenAiErrors::body);
    }

    /// The store of the request; an empty one where there is none.
    private synchronized VectorStore store(RequestFields request) {
        return stores.getOrDefault(request.string("store", ""), new VectorStore());
    }

    private void set(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        List<float[]> keys = keys(request);
        List<String> values = request.strings("values");
        if (values == null || values.size() != keys.size()) {
            throw request.invalid(
                    "values",
                    "expected as many as keys, which are "
                            + keys.size()
                            + ", found "
                            + (values == null ? 0 : values.size()));
        }
        put(request, keys, values);
        exchange.empty(200);
    }

    private synchronized void put(RequestFields request, List<float[]> keys, List<String> values) {
        VectorStore store = store(request);
        int dimensions = store.dimensions() == 0 ? keys.getFirst().length : store.dimensions();
        keys.forEach(key -> checkDimensions(request, "keys", key, dimensions));
        long more = 0;
        for (int i = 0; i < keys.size(); i++) {
            more += VectorStore.bytes(keys.get(i), values.get(i));
        }
        if (bytes + more > MOST_BYTES) {
            throw new HttpException(
                    507,
                    "insufficient_storage",
                    "The stores may take "
                            + (MOST_BYTES >> 20)
                            + " MiB together; delete keys that are not needed");
        }
        if (store.dimensions() == 0 && stores.size() == MOST_STORES) {
            throw HttpException.busy("There are " + MOST_STORES + " stores already", 60);
        }
        stores.put(request.string("store", ""), store);
        for (int i = 0; i < keys.size(); i++) {
            bytes += store.put(keys.get(i), values.get(i));
        }
    }

    private void get(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        VectorStore store = store(request);
        List<float[]> keys = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (float[] key : keys(request)) {
            String value = store.get(key);
            if (value != null) {
                keys.add(key);
                values.add(value);
            }
        }
        exchange.json(200, HttpJson.object("keys", keys, "values", values));
    }

    private void delete(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        remove(request, keys(request));
        exchange.empty(200);
    }

    private synchronized void remove(RequestFields request, List<float[]> keys) {
        VectorStore store = store(request);
        keys.forEach(key -> bytes -= store.remove(key));
        if (store.dimensions() == 0) {
            stores.remove(request.string("store", ""));
        }
    }

    private void find(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        int most = request.integer("topk", 1, Integer.MAX_VALUE, 10);
        List<@Nullable Object> sent = request.list("key");
        float[] key = numbers(request, "key", sent == null ? List.of() : sent);
        VectorStore store = store(request);
        if (store.dimensions() > 0) {
            checkDimensions(request, "key", key, store.dimensions());
        }
        List<VectorStore.Found> found = store.find(key, most);
        exchange.json(
                200,
                HttpJson.object(
                        "keys", found.stream().map(VectorStore.Found::key).toList(),
                        "values", found.stream().map(VectorStore.Found::value).toList(),
                        "similarities",
                                found.stream().map(VectorStore.Found::similarity).toList()));
    }

    private static List<float[]> keys(RequestFields request) {
        List<@Nullable Object> list = request.list("keys");
        if (list == null || list.isEmpty()) {
            throw request.invalid("keys", "expected at least one array of numbers");
        }
        List<float[]> keys = new ArrayList<>();
        for (Object key : list) {
            if (!(key instanceof List<?> numbers)) {
                throw request.invalid(
                        "keys", "expected arrays of numbers, found " + RequestFields.kind(key));
            }
            keys.add(numbers(request, "keys", numbers));
        }
        return keys;
    }

    private static float[] numbers(RequestFields request, String name, List<?> list) {
        if (list.isEmpty() || list.size() > MOST_DIMENSIONS) {
            throw request.invalid(
                    name, "a key has 1 to " + MOST_DIMENSIONS + " numbers, found " + list.size());
        }
        float[] numbers = new float[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(list.get(i) instanceof Number number) || !Float.isFinite(number.floatValue())) {
                throw request.invalid(
                        name,
                        "expected finite numbers of 32 bits, found "
                                + RequestFields.kind(list.get(i)));
            }
            numbers[i] = number.floatValue();
        }
        return numbers;
    }

    private static void checkDimensions(
            RequestFields request, String name, float[] key, int dimensions) {
        if (key.length != dimensions) {
            throw request.invalid(
                    name,
                    "keys of this store have "
                            + dimensions
                            + " numbers, found one of "
                            + key.length);
        }
    }
}
