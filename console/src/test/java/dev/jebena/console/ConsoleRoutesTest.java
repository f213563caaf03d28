package dev.jebena.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /// The address of a file, as the page names it.
    private static String asset(ScriptedServer server, String name) throws Exception {
        String page = get(server.address() + "console/system").body();
        Matcher address = Pattern.compile("/(console/assets/[0-9a-f]{16}/)").matcher(page);
        assertThat(address.find()).isTrue();
        return server.address() + address.group(1) + name;
    }

    @ParameterizedTest
    @CsvSource({
        "base.css,text/css",
        "chat.js,text/javascript",
        "pages.js,text/javascript",
        "icon.svg,image/svg+xml"
    })
    void filesHaveTheirTypeNeedNoKeyAndAllowNoOtherHost(String name, String type) throws Exception {
        try (ScriptedServer server = new ScriptedServer("secret")) {
            HttpResponse<String> file = get(asset(server, name));
            assertThat(file.statusCode()).isEqualTo(200);
            assertThat(file.headers().firstValue("Content-Type").orElse("")).startsWith(type);
            assertThat(file.headers().firstValue("Content-Security-Policy").orElse(""))
                    .startsWith("default-src 'none'")
                    .contains("trusted-types 'none'")
                    .doesNotContain("unsafe", "http", "*");
        }
    }

    @Test
    void filesAreKeptForEverAndPagesAreAskedForAgain() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            assertThat(get(asset(server, "chat.js")).headers().firstValue("Cache-Control"))
                    .hasValue("public, max-age=31536000, immutable");
            String page = server.address() + "console/experiments/1";
            HttpResponse<String> first = get(page);
            assertThat(first.headers().firstValue("Cache-Control")).hasValue("no-cache");
            String etag = first.headers().firstValue("ETag").orElseThrow();
            HttpResponse<String> again = get(page, "If-None-Match", etag);
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
    }

    @Test
    void noOtherFileIsServed() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            String assets = asset(server, "");
            for (String address :
                    List.of(
                            assets + "ConsoleRoutes.class",
                            assets + "..%2Fchat.js",
                            assets + "chat.html",
                            assets.replaceAll("[0-9a-f]{16}", "0123456789abcdef") + "chat.js",
                            server.address() + "console/unknown",
                            server.address() + "console/ConsoleRoutes.class")) {
                assertThat(get(address).statusCode()).as(address).isEqualTo(404);
            }
        }
    }

    @Test
    void everyFileThatAScriptImportsIsServed() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            Pattern imported = Pattern.compile("(?:from|import)\\(? ?\"\\./([a-z]+\\.js)\"");
            ConsoleFiles files = ConsoleFiles.load("/", false);
            assertThat(files.names()).contains("pages.js", "pages.css");
            for (String name : files.names()) {
                HttpResponse<String> file = get(asset(server, name));
                assertThat(file.statusCode()).as(name).isEqualTo(200);
                assertThat(imported.matcher(file.body()).results().map(m -> m.group(1)))
                        .as(name)
                        .isSubsetOf(files.names());
            }
        }
    }
}
