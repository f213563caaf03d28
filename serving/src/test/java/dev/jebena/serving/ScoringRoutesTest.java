package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The fake's vectors count letters, so texts of the same letters are near each other.
class ScoringRoutesTest {
    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path home) {
        server = new RunningServer(home, FakeLlm.Settings.defaults());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void documentsAreRankedByTheirCosineWithTheQuery() {
        String body =
                "{\"model\":\"minilm\",\"query\":\"aab\",\"documents\":[\"zzz\",{\"text\":\"aba\"},\"abc\"]";
        for (String path :
                List.of("/rerank", "/v1/rerank", "/v2/rerank", "/reranking", "/v1/reranking")) {
            Node reply = server.json(path, body + ",\"top_n\":2}");
            assertThat(reply.list("results")).as(path).hasSize(2);
            assertThat(reply.get("results.0.index")).isEqualTo(1L);
            assertThat(reply.get("results.1.index")).isEqualTo(2L);
            assertThat(reply.text("results.0.document.text")).isEqualTo("aba");
            assertThat(number(reply, "results.0.relevance_score")).isBetween(0.999, 1.0);
            assertThat(reply.integer("usage.total_tokens")).isPositive();
        }
        Node bare = server.json("/rerank", body + ",\"return_documents\":false}");
        assertThat(bare.list("results")).hasSize(3);
        assertThat(bare.get("results.0.document")).isNull();
    }

    @Test
    void textsAreRankedInTheShapeOfTei() {
        String body = "{\"query\":\"aab\",\"texts\":[\"zzz\",\"aba\"]";
        Node reply = server.json("/rerank", body + ",\"return_text\":true}");
        assertThat(reply.get("0.index")).isEqualTo(1L);
        assertThat(reply.text("0.text")).isEqualTo("aba");
        assertThat(number(reply, "0.score")).isGreaterThan(number(reply, "1.score"));
        assertThat(server.json("/rerank", body + "}").get("0.text")).isNull();
    }

    @Test
    void pairsAreScoredOneByOneOrOneByMany() {
        Node many =
                server.json(
                        "/v1/score",
                        "{\"model\":\"minilm\",\"text_1\":\"ab\",\"text_2\":[\"zz\",\"ba\"]}");
        assertThat(many.list("data")).hasSize(2);
        assertThat(many.get("data.1.index")).isEqualTo(1L);
        assertThat(number(many, "data.1.score")).isGreaterThan(number(many, "data.0.score"));
        Node pairs =
                server.json("/score", "{\"queries\":[\"ab\",\"c\"],\"documents\":[\"ba\",\"z\"]}");
        assertThat(number(pairs, "data.0.score")).isBetween(0.999, 1.0);
        assertThat(number(pairs, "data.1.score")).isLessThan(0.9);
        HttpResponse<String> uneven =
                server.post("/score", "{\"text_1\":[\"a\",\"b\"],\"text_2\":[\"a\",\"b\",\"c\"]}");
        assertThat(uneven.statusCode()).isEqualTo(400);
        assertThat(Node.parse(uneven.body()).text("error.message")).contains("2 and 3");
    }

    @Test
    void vectorsArePooledAndSentencesCompared() {
        Node pooled = server.json("/pooling", "{\"model\":\"minilm\",\"input\":[\"a\",\"b\"]}");
        assertThat(pooled.list("data.1.data")).hasSize(64);
        assertThat(pooled.text("data.0.object")).isEqualTo("pooling");
        String inputs = "{\"inputs\":{\"source_sentence\":\"ab\",\"sentences\":[\"zz\",\"ba\"]}}";
        for (String path : List.of("/similarity", "/models/minilm")) {
            Node near = server.json(path, inputs);
            assertThat(number(near, "1")).as(path).isGreaterThan(number(near, "0"));
        }
    }

    @Test
    void errorsNameTheField() {
        for (String body :
                List.of(
                        "{\"query\":\"a\"}",
                        "{\"query\":\"a\",\"documents\":[]}",
                        "{\"query\":\"a\",\"documents\":[1]}",
                        "{\"documents\":[\"a\"]}",
                        "{\"model\":\"smollm2\",\"query\":\"a\",\"documents\":[\"a\"]}")) {
            HttpResponse<String> response = server.post("/v1/rerank", body);
            assertThat(response.statusCode()).as(body).isEqualTo(400);
            assertThat(Node.parse(response.body()).text("error.param")).as(body).isNotEmpty();
        }
    }

    private static double number(Node node, String path) {
        return Double.parseDouble(node.text(path));
    }
}
