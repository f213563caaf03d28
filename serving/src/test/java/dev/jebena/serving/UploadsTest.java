package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadsTest {
    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path home) {
        server = new RunningServer(home, FakeLlm.Settings.defaults());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String create(int bytes) {
        Node upload =
                server.json(
                        "/v1/uploads",
                        "{\"bytes\":%d,\"filename\":\"a.jsonl\",\"mime_type\":\"text/jsonl\",\"purpose\":\"batch\"}"
                                .formatted(bytes));
        assertThat(upload.text("status")).isEqualTo("pending");
        return upload.text("id");
    }

    private HttpResponse<String> part(String upload, String content) {
        String form =
                "--xXx\r\nContent-Disposition: form-data; name=\"data\"; filename=\"part\"\r\n\r\n"
                        + content
                        + "\r\n--xXx--\r\n";
        return server.send(
                server.request("/v1/uploads/" + upload + "/parts")
                        .header("Content-Type", "multipart/form-data; boundary=xXx")
                        .POST(BodyPublishers.ofString(form)));
    }

    private String complete(String first, String second, String more) {
        return "{\"part_ids\":[\"%s\",\"%s\"]%s}".formatted(first, second, more);
    }

    @Test
    void partsBecomeAFileInTheOrderOfTheRequest() {
        String id = create(10);
        String second = Node.parse(part(id, "56789").body()).text("id");
        String first = Node.parse(part(id, "01234").body()).text("id");
        String path = "/v1/uploads/" + id + "/complete";
        HttpResponse<String> damaged =
                server.post(path, complete(first, second, ",\"md5\":\"00\""));
        assertThat(damaged.statusCode()).isEqualTo(400);
        assertThat(damaged.body()).contains("781e5e245d69b566979b86e28d23f2c7");
        Node done =
                server.json(
                        path,
                        complete(first, second, ",\"md5\":\"781e5e245d69b566979b86e28d23f2c7\""));
        assertThat(done.text("status")).isEqualTo("completed");
        String file = done.text("file.id");
        assertThat(server.get("/v1/files/" + file + "/content").body()).isEqualTo("0123456789");
        assertThat(Node.parse(server.get("/v1/files").body()).list("data")).hasSize(1);
        assertThat(part(id, "x").statusCode()).isEqualTo(400);
    }

    @Test
    void whatWasNotAnnouncedIsRefused() {
        String id = create(4);
        assertThat(part(id, "12345").body()).contains("announced with 4 bytes");
        String part = Node.parse(part(id, "12").body()).text("id");
        String path = "/v1/uploads/" + id;
        assertThat(server.post(path + "/complete", "{\"part_ids\":[\"" + part + "\"]}").body())
                .contains("the parts have 2 bytes");
        assertThat(server.post(path + "/complete", "{\"part_ids\":[\"no\"]}").body())
                .contains("there is no part 'no'");
        assertThat(server.json(path + "/cancel", "{}").text("status")).isEqualTo("cancelled");
        assertThat(server.post(path + "/cancel", "{}").body()).contains("is cancelled");
        assertThat(server.post("/v1/uploads/none/cancel", "{}").statusCode()).isEqualTo(404);
    }
}
