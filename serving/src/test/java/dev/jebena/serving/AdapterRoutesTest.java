package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.llm.AdapterFile;
import dev.jebena.llm.Generation;
import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterRoutesTest {
    private static final String CHAT =
            "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":2}";

    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path home) throws IOException {
        Path folder = Files.createDirectories(home.resolve("adapters"));
        Files.writeString(folder.resolve("sql.gguf"), "an adapter");
        Files.writeString(home.resolve("secret.gguf"), "no adapter");
        AdapterFile first = AdapterFile.of(folder.resolve("first.gguf")).scale(0.5f);
        AdapterFile second = AdapterFile.of(folder.resolve("second.gguf"));
        server =
                new RunningServer(
                        home,
                        FakeLlm.Settings.defaults(),
                        RunningServer.options()
                                .defaultModel("smollm2")
                                .adapters(Map.of("smollm2:latest", List.of(first, second)))
                                .adapterFolder(folder));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private @Nullable Map<String, Float> used() {
        Generation options = server.engines.getFirst().lastOptions();
        return Objects.requireNonNull(options).adapters();
    }

    @Test
    void adaptersAreListedAndScaledAsByLlamaCpp() {
        Node list = Node.parse(server.get("/lora-adapters").body());
        assertThat(list.get("0.id")).isEqualTo(0L);
        assertThat(list.text("0.path")).isEqualTo("first.gguf");
        assertThat(list.text("0.scale")).isEqualTo("0.5");
        assertThat(list.text("1.name")).isEqualTo("second");
        HttpResponse<String> changed = server.post("/lora-adapters", "[{\"id\":1,\"scale\":0.25}]");
        assertThat(changed.body()).isEqualTo("{\"success\":true}");
        Node after = Node.parse(server.get("/lora-adapters").body());
        assertThat(after.text("0.scale")).isEqualTo("0.0");
        assertThat(after.text("1.scale")).isEqualTo("0.25");
        assertThat(server.post("/lora-adapters", "{}").statusCode()).isEqualTo(400);
        HttpResponse<String> unknown = server.post("/lora-adapters", "[{\"id\":7,\"scale\":1}]");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("lora[0].id").contains("there is no adapter 7");
    }

    @Test
    void aRequestChoosesItsOwnAdapters() {
        server.json("/completion", "{\"prompt\":\"a\",\"lora\":[{\"id\":1,\"scale\":2}]}");
        assertThat(used()).containsExactly(Map.entry("second", 2f));
        server.json("/completion", "{\"prompt\":\"a\",\"lora\":[]}");
        assertThat(used()).isEmpty();
        server.json("/completion", "{\"prompt\":\"a\"}");
        assertThat(used()).isNull();
    }

    @Test
    void aLoadedAdapterIsAModel() {
        HttpResponse<String> loaded =
                server.post(
                        "/v1/load_lora_adapter",
                        "{\"lora_name\":\"sql\",\"lora_path\":\"sql.gguf\"}");
        assertThat(loaded.body()).isEqualTo("Success: LoRA adapter 'sql' added successfully.");
        Node models = Node.parse(server.get("/v1/models").body());
        assertThat(models.text("data.2.id")).isEqualTo("sql");
        assertThat(models.text("data.2.parent")).isEqualTo("smollm2:latest");
        assertThat(Node.parse(server.get("/v1/models/sql").body()).text("root"))
                .isEqualTo("sql.gguf");
        Node reply = server.json("/v1/chat/completions", "{\"model\":\"sql\"," + CHAT);
        assertThat(reply.text("model")).isEqualTo("sql");
        assertThat(used()).containsExactly(Map.entry("sql", 1f));
        server.json("/v1/chat/completions", "{\"model\":\"smollm2\"," + CHAT);
        assertThat(used()).isNull();
        assertThat(server.post("/v1/unload_lora_adapter", "{\"lora_name\":\"sql\"}").body())
                .isEqualTo("Success: LoRA adapter 'sql' removed successfully.");
        assertThat(server.post("/v1/chat/completions", "{\"model\":\"sql\"," + CHAT).statusCode())
                .isEqualTo(404);
        assertThat(server.post("/v1/unload_lora_adapter", "{\"lora_name\":\"sql\"}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void requestsReachOnlyTheFolderForAdapters() {
        for (String path : List.of("../secret.gguf", "/etc/passwd", "none.gguf", "a\\u0000b")) {
            HttpResponse<String> refused =
                    server.post(
                            "/v1/load_lora_adapter",
                            "{\"lora_name\":\"x\",\"lora_path\":\"" + path + "\"}");
            assertThat(refused.statusCode()).as(path).isEqualTo(404);
        }
        assertThat(
                        server.post(
                                        "/v1/load_lora_adapter",
                                        "{\"lora_name\":\"smollm2\",\"lora_path\":\"sql.gguf\"}")
                                .statusCode())
                .isEqualTo(400);
    }
}
