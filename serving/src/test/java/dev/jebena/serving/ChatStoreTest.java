package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatStoreTest {
    private static final String PATH = "/v1/chat/completions";
    private static final String ASK =
            "{\"model\":\"smollm2\",\"max_tokens\":7,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path home) {
        server = new RunningServer(home, FakeLlm.Settings.defaults());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Node get(String path) {
        return Node.parse(server.get(path).body());
    }

    @Test
    void storedCompletionsAreReadChangedAndRemoved() {
        String id =
                server.json(PATH, ASK + ",\"store\":true,\"metadata\":{\"a\":\"b\"}}").text("id");
        Node kept = get(PATH + "/" + id);
        assertThat(kept.text("choices.0.message.content")).isEqualTo("The sea");
        assertThat(kept.text("metadata.a")).isEqualTo("b");
        Node messages = get(PATH + "/" + id + "/messages");
        assertThat(messages.text("data.0.content")).isEqualTo("hi");
        assertThat(messages.text("data.0.id")).isEqualTo(id + "-0");
        Node changed = server.json(PATH + "/" + id, "{\"metadata\":{\"c\":\"d\"}}");
        assertThat(changed.text("metadata.c")).isEqualTo("d");
        assertThat(get(PATH + "/" + id).text("metadata.c")).isEqualTo("d");
        Node gone = Node.parse(server.send(server.request(PATH + "/" + id).DELETE()).body());
        assertThat(gone.text("object")).isEqualTo("chat.completion.deleted");
        assertThat(server.get(PATH + "/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void streamedCompletionsAreStoredOthersOnlyIfWanted() {
        server.json(PATH, ASK + "}");
        assertThat(get(PATH).list("data")).isEmpty();
        List<Node> events = server.events(PATH, ASK + ",\"store\":true,\"stream\":true}");
        String first = events.getFirst().text("id");
        String second = server.json(PATH, ASK + ",\"store\":true}").text("id");
        assertThat(get(PATH + "/" + first).text("choices.0.message.content")).isEqualTo("The sea");
        Node page = get(PATH + "?limit=1");
        assertThat(page.text("data.0.id")).isEqualTo(first);
        assertThat(page.get("has_more")).isEqualTo(true);
        assertThat(get(PATH + "?after=" + first).text("data.0.id")).isEqualTo(second);
        assertThat(get(PATH + "?model=other").list("data")).isEmpty();
    }

    @Test
    void listsAreNarrowedByMetadata() {
        String keep = ASK + ",\"store\":true,\"metadata\":";
        server.json(PATH, keep + "{\"team\":\"a\"}}");
        String both = server.json(PATH, keep + "{\"team\":\"b\",\"k\":\"v w\"}}").text("id");
        server.json(PATH, ASK + ",\"store\":true}");
        for (String query :
                List.of("metadata%5Bteam%5D=b", "metadata[team]=b&metadata[k]=v%20w&limit=1")) {
            Node page = get(PATH + "?" + query.replace("[", "%5B").replace("]", "%5D"));
            assertThat(page.list("data")).hasSize(1);
            assertThat(page.text("data.0.id")).isEqualTo(both);
        }
        assertThat(get(PATH + "?metadata%5Bteam%5D=c").list("data")).isEmpty();
        assertThat(server.get(PATH + "?metadata=b").body()).contains("metadata[key]=value");
    }
}
