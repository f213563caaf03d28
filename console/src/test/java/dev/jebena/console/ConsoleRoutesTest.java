package dev.jebena.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleRoutesTest {
    private static HttpResponse<String> get(String address, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    @Test
    void onlyWhoAsksForHtmlGetsThePageAtTheRoot() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            HttpResponse<String> page = get(server.address(), "Accept", "text/html,*/*;q=0.8");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).startsWith("<!doctype html>");
            assertThat(get(server.address(), "Accept", "*/*").body()).isEqualTo("greeting");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "chat.css,text/css",
        "chat.js,text/javascript",
        "markdown.js,text/javascript",
        "icon.svg,image/svg+xml"
    })
    void filesHaveTheirTypeNeedNoKeyAndAllowNoOtherHost(String name, String type) throws Exception {
        try (ScriptedServer server = new ScriptedServer("secret")) {
            HttpResponse<String> file = get(server.address() + "console/" + name);
            assertThat(file.statusCode()).isEqualTo(200);
            assertThat(file.headers().firstValue("Content-Type").orElse("")).startsWith(type);
            assertThat(file.headers().firstValue("Content-Security-Policy").orElse(""))
                    .startsWith("default-src 'none'")
                    .doesNotContain("unsafe", "http", "*");
        }
    }

    @Test
    void anUnchangedFileIsNotSentAgain() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            String address = server.address() + "console/chat.js";
            String etag = get(address).headers().firstValue("ETag").orElseThrow();
            HttpResponse<String> again = get(address, "If-None-Match", etag);
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
    }

    @Test
    void noOtherFileIsServed() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            for (String name : new String[] {"ConsoleRoutes.class", "..%2Fchat.js", "index.html"}) {
                assertThat(get(server.address() + "console/" + name).statusCode())
                        .as(name)
                        .isEqualTo(404);
            }
        }
    }
}
