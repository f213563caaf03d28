package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileTest {
    @TempDir Path folder;
    private HubServer server;

    @BeforeEach
    void start() {
        server = new HubServer(folder);
        server.create("m");
        server.commit("jebena/m", "main", "f.txt", "0123456789", "page.html", "<script>x</script>");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 206, 0, bytes 0-0/10",
        "bytes=3-5, 206, 345, bytes 3-5/10",
        "bytes=7-, 206, 789, bytes 7-9/10",
        "bytes=-2, 206, 89, bytes 8-9/10",
        "bytes=5-500, 206, 56789, bytes 5-9/10",
        "bytes=10-, 416, '', bytes */10",
        "bytes=6-3, 416, '', bytes */10",
        "'bytes=0-1,3-4', 200, 0123456789, ''",
        "bytes=-, 200, 0123456789, ''",
        "pages=1-2, 200, 0123456789, ''",
    })
    void rangesAreHonoured(String range, int status, String text, String contentRange) {
        HubServer.Reply reply = server.get("/jebena/m/resolve/main/f.txt", "Range", range);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.text()).isEqualTo(text);
        assertThat(reply.header("Content-Range")).isEqualTo(contentRange);
    }

    @Test
    void theHeadSaysWhatTheBodyWouldBe() {
        HubServer.Reply head = server.send("HEAD", "/jebena/m/resolve/main/f.txt", null);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Length")).isEqualTo("10");
        assertThat(head.header("X-Repo-Commit"))
                .isEqualTo(server.get("/api/models/jebena/m").at("sha"));
        assertThat(head.header("ETag")).matches("\"[0-9a-f]{40}\"");
        HubServer.Reply same =
                server.get("/jebena/m/resolve/main/f.txt", "If-None-Match", head.header("ETag"));
        assertThat(same.status()).isEqualTo(304);
        HubServer.Reply none = server.send("HEAD", "/jebena/m/resolve/main/none", null);
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.header("X-Error-Code")).isEqualTo("EntryNotFound");
        assertThat(none.header("X-Repo-Commit")).isEqualTo(head.header("X-Repo-Commit"));
    }

    @Test
    void pagesOfOthersDoNotRunHere() {
        HubServer.Reply page = server.get("/jebena/m/resolve/main/page.html");
        assertThat(page.header("Content-Type")).startsWith("text/plain");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Content-Security-Policy")).contains("sandbox");
        String name = "a\"b\u00e9<x>.txt";
        server.commit("jebena/m", "main", name, "x");
        assertThat(
                        server.get("/jebena/m/resolve/main/a%22b%C3%A9%3Cx%3E.txt")
                                .header("Content-Disposition"))
                .isEqualTo(
                        "inline; filename*=UTF-8''a%22b%C3%A9%3Cx%3E.txt; filename=\"a_b_<x>.txt\";");
    }

    @Test
    void fetchesOfAModelsConfigurationAreCounted() {
        server.commit("jebena/m", "main", "config.json", "{\"model_type\":\"bert\"}");
        for (int i = 0; i < 3; i++) {
            server.get("/jebena/m/resolve/main/config.json");
            server.get("/jebena/m/resolve/main/f.txt");
        }
        server.repositories.downloads().flush();
        assertThat(server.get("/api/models/jebena/m").at("downloads")).isEqualTo(3L);
    }
}
