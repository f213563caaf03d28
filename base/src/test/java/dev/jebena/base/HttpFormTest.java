package dev.jebena.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpFormTest {
    private static final String BOUNDARY = "----limit";

    private final HttpServer server =
            HttpServer.start(
                    HttpServerOptions.defaults().port(0),
                    new Router().post("/form", HttpFormTest::answer));
    private final HttpClient client = HttpClient.newHttpClient();

    private static void answer(HttpExchange exchange) throws IOException {
        try (HttpForm form = exchange.form(100_000)) {
            HttpForm.File file = form.file("file");
            exchange.json(
                    200,
                    HttpJson.object(
                            "fields", form.fields(),
                            "name", file == null ? null : file.name(),
                            "bytes",
                                    file == null
                                            ? null
                                            : new String(
                                                    file.content().readAllBytes(),
                                                    StandardCharsets.UTF_8)));
        }
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private HttpResponse<String> post(String type, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.uri() + "/form"))
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String form(String content) {
        return "--"
                + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--"
                + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../a/b.jsonl\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n"
                + content
                + "\r\n--"
                + BOUNDARY
                + "--\r\n";
    }

    @Test
    void fieldsAndFilesAreRead() throws Exception {
        var reply = post("multipart/form-data; boundary=" + BOUNDARY, form("{}"));
        assertThat(reply.body())
                .isEqualTo(
                        "{\"fields\":{\"purpose\":\"batch\"},\"name\":\"b.jsonl\",\"bytes\":\"{}\"}");
    }

    @Test
    void aFileThatWasKeptOnDiskIsReadWhole() throws Exception {
        String content = "0123456789".repeat(9000);
        var reply = post("multipart/form-data; boundary=" + BOUNDARY, form(content));
        assertThat(reply.body()).contains(content);
    }

    @Test
    void whatIsTooLargeOrNoFormIsRefused() throws Exception {
        String type = "multipart/form-data; boundary=" + BOUNDARY;
        assertThat(post(type, form("x".repeat(100_001))).statusCode()).isEqualTo(413);
        assertThat(post("application/json", "{}").statusCode()).isEqualTo(415);
        // Again and again: a connection that the server ends is not used for the next request.
        for (int i = 0; i < 50; i++) {
            assertThat(post(type, "no form").statusCode()).isEqualTo(400);
            assertThat(post(type, form("a").substring(0, 150)).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void theServerCallsItself() {
        Router router =
                new Router()
                        .post("/twice", x -> x.json(200, x.json()))
                        .post(
                                "/fails",
                                _ -> {
                                    throw new HttpException(404, "gone", "not here");
                                });
        InnerExchange call =
                InnerExchange.post("/twice", HttpJson.object("a", 1), "batch").with("X-A", "b");
        router.call(call);
        assertThat(call.header("x-a")).isEqualTo("b");
        assertThat(new String(call.reply(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}");
        InnerExchange failing = InnerExchange.post("/fails", HttpJson.object(), "batch");
        router.call(failing);
        assertThat(failing.status()).isEqualTo(404);
        assertThat(new String(failing.reply(), StandardCharsets.UTF_8)).contains("not here");
    }
}
