package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A running server with the hub only, and a client for it.
final class HubServer extends HubClient {
    static final String TOKEN = "hf_jebenatesttoken";

    final Repositories repositories;
    final HttpServer http;

    record Reply(int status, byte[] bytes, HttpResponse<byte[]> response) {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        Object json() {
            return Objects.requireNonNull(HttpJson.parse(bytes));
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /// The value at a path such as `siblings.0.rfilename`; "" when there is none.
        Object at(String path) {
            Object value = json();
            for (String name : path.split("\\.")) {
                value =
                        value instanceof List<?> list
                                ? (Integer.parseInt(name) < list.size()
                                        ? list.get(Integer.parseInt(name))
                                        : null)
                                : ((Map<?, ?>) value).get(name);
                if (value == null) {
                    return "";
                }
            }
            return value;
        }
    }

    HubServer(Path folder) {
        this(RepositoryOptions.in(folder).ownerToken(TOKEN), 0);
    }

    HubServer(RepositoryOptions options, int port) {
        this(Repositories.open(options), port);
    }

    private HubServer(Repositories repositories, int port) {
        this(repositories, start(repositories, port));
    }

    private HubServer(Repositories repositories, HttpServer http) {
        super(http.uri().toString());
        this.repositories = repositories;
        this.http = http;
    }

    private static HttpServer start(Repositories repositories, int port) {
        Router router = new Router();
        RepositoryRoutes.mount(router, repositories);
        return HttpServer.start(HttpServerOptions.defaults().port(port), router);
    }

    /// Serves a folder until it is killed: `FOLDER [PORT [DATABASE]]`.
    public static void main(String[] arguments) throws InterruptedException {
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
        RepositoryOptions options =
                RepositoryOptions.in(Path.of(arguments[0]))
                        .ownerToken(TOKEN)
                        .database(arguments.length > 2 ? arguments[2] : null);
        HubServer server = new HubServer(options, port);
        System.out.println("serving " + server.http.uri());
        Thread.currentThread().join();
    }

    @Override
    public void close() {
        super.close();
        http.close();
        repositories.close();
    }
}
