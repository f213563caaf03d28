package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotRoutesTest {
    private static final String FILE = "{\"filename\":\"one.bin\"}";

    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path home) {
        server =
                new RunningServer(
                        home,
                        FakeLlm.Settings.defaults(),
                        RunningServer.options().defaultModel("smollm2").slotFolder(home));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theLastAnswerIsSavedAndRestored() {
        assertThat(server.post("/slots/0?action=save", FILE).body()).contains("The slot is empty");
        server.json("/completion", "{\"prompt\":\"The sea\",\"n_predict\":6}");
        Node saved = server.json("/slots/0?action=save", FILE);
        assertThat(saved.integer("n_saved")).isEqualTo(14);
        assertThat(saved.text("filename")).isEqualTo("one.bin");
        assertThat(saved.integer("n_written")).isPositive();
        assertThat(server.json("/slots/0?action=erase", "{}").integer("n_erased")).isEqualTo(14);
        assertThat(server.json("/slots/0?action=erase", "{}").integer("n_erased")).isZero();
        Node restored = server.json("/slots/0?action=restore", FILE);
        assertThat(restored.integer("n_restored")).isEqualTo(14);
        assertThat(restored.at("timings").has("restore_ms")).isTrue();
    }

    @Test
    void slotsKeepTheirOwnAnswers() {
        server.json("/completion", "{\"prompt\":\"The sea\",\"n_predict\":6}");
        Node reply =
                server.json(
                        "/completion",
                        "{\"prompt\":\"A much longer text\",\"n_predict\":6,\"id_slot\":3}");
        assertThat(reply.integer("id_slot")).isEqualTo(3);
        Node saved = server.json("/slots/3?action=save", "{\"filename\":\"three.bin\"}");
        assertThat(saved.integer("id_slot")).isEqualTo(3);
        assertThat(saved.integer("n_saved")).isEqualTo(25);
        assertThat(server.json("/slots/0?action=save", FILE).integer("n_saved")).isEqualTo(14);
        assertThat(server.post("/slots/1?action=save", FILE).body()).contains("The slot is empty");
        assertThat(server.json("/slots/3?action=erase", "{}").integer("n_erased")).isEqualTo(25);
        assertThat(server.json("/slots/0?action=erase", "{}").integer("n_erased")).isEqualTo(14);
        Node restored = server.json("/slots/5?action=restore", "{\"filename\":\"three.bin\"}");
        assertThat(restored.integer("id_slot")).isEqualTo(5);
        assertThat(restored.integer("n_restored")).isEqualTo(25);
    }

    @Test
    void wrongRequestsAreRefused() {
        for (String name : new String[] {"../x", "a/b", "", ".hidden"}) {
            HttpResponse<String> reply =
                    server.post("/slots/0?action=save", "{\"filename\":\"" + name + "\"}");
            assertThat(reply.statusCode()).as(name).isEqualTo(400);
        }
        assertThat(server.post("/slots/64?action=save", FILE).statusCode()).isEqualTo(400);
        assertThat(server.post("/slots/x?action=save", FILE).statusCode()).isEqualTo(400);
        String other = "{\"prompt\":\"The sea\",\"n_predict\":6,\"id_slot\":64}";
        assertThat(server.post("/completion", other).statusCode()).isEqualTo(400);
        assertThat(server.post("/slots/0?action=x", FILE).statusCode()).isEqualTo(400);
        assertThat(server.post("/slots/0?action=restore", FILE).statusCode()).isEqualTo(400);
    }
}
