package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListTest {
    @TempDir Path folder;
    private HubServer server;

    @BeforeEach
    void start() {
        server = new HubServer(folder);
        for (int i = 0; i < 5; i++) {
            server.create("model-" + i);
        }
        server.commit(
                "jebena/model-1",
                "main",
                "README.md",
                """
                ---
                license: mit
                language: [en, am]
                library_name: transformers
                pipeline_tag: text-generation
                base_model: jebena/model-0
                datasets:
                - jebena/data
                tags: [tiny]
                ---
                # Card
                """,
                "config.json",
                "{\"model_type\":\"llama\",\"architectures\":[\"LlamaForCausalLM\"],\"x\":1}",
                "model.gguf",
                "x");
        server.create("set", "type", "dataset");
        server.create("app", "type", "space", "sdk", "static");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private List<String> ids(String query) {
        List<String> found = new ArrayList<>();
        for (Object model : (List<?>) server.get("/api/models?" + query).json()) {
            found.add((String) ((Map<?, ?>) model).get("id"));
        }
        return found;
    }

    @Test
    void cardsAndFilesGiveTheTags() {
        HubServer.Reply info = server.get("/api/models/jebena/model-1");
        assertThat(info.at("tags"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactlyInAnyOrder(
                        "gguf",
                        "llama",
                        "transformers",
                        "text-generation",
                        "tiny",
                        "en",
                        "am",
                        "license:mit",
                        "base_model:jebena/model-0",
                        "dataset:jebena/data");
        assertThat(info.at("config"))
                .isEqualTo(
                        Map.of(
                                "model_type",
                                "llama",
                                "architectures",
                                List.of("LlamaForCausalLM")));
        assertThat(info.at("cardData.license")).isEqualTo("mit");
        assertThat(server.get("/api/spaces/jebena/app").at("sdk")).isEqualTo("static");
    }

    @Test
    void filtersAllHaveToHold() {
        assertThat(ids("filter=tiny")).containsExactly("jebena/model-1");
        assertThat(ids("filter=tiny&filter=gguf")).containsExactly("jebena/model-1");
        assertThat(ids("filter=tiny,license:mit")).containsExactly("jebena/model-1");
        assertThat(ids("filter=tiny&filter=onnx")).isEmpty();
        assertThat(ids("pipeline_tag=text-generation")).containsExactly("jebena/model-1");
        assertThat(ids("search=MODEL-3")).containsExactly("jebena/model-3");
        assertThat(ids("search=model jebena".replace(" ", "%20"))).hasSize(5);
        assertThat(ids("search=%25")).isEmpty();
        assertThat(ids("author=jebena")).hasSize(5);
        assertThat(ids("author=jeben")).isEmpty();
        assertThat(ids("search=set")).isEmpty();
    }

    @Test
    void pagesGoOnWhereTheLastOneEnded() {
        List<String> all = ids("sort=createdAt&direction=1");
        assertThat(all).isSorted().hasSize(5);
        List<String> found = new ArrayList<>();
        String link = server.http.uri() + "/api/models?sort=createdAt&direction=1&limit=2";
        while (!link.isEmpty()) {
            HubServer.Reply page = server.get(link);
            for (Object model : (List<?>) page.json()) {
                found.add((String) ((Map<?, ?>) model).get("id"));
            }
            link = page.header("Link").replaceAll("<(.*)>.*", "$1");
        }
        assertThat(found).isEqualTo(all);
        assertThat(ids("sort=lastModified").getFirst()).isEqualTo("jebena/model-1");
        assertThat(ids("sort=likes")).hasSize(5);
    }

    @Test
    void valuesThatCannotBeAreRefused() {
        for (String query : List.of("sort=x", "limit=0", "limit=x", "cursor=%20", "cursor=eA")) {
            assertThat(server.get("/api/models?" + query).status()).as(query).isEqualTo(400);
        }
    }

    @Test
    void aCardsBlockIsChecked() {
        assertThat(validate("---\nlicense: mit\n---\n").status()).isEqualTo(200);
        assertThat(validate("# no block").at("warnings.0.message")).asString().contains("missing");
        HubServer.Reply wrong = validate("---\na: [\n---\n");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.at("errors.0.message")).asString().contains("not valid YAML");
        assertThat(validate("---\n- a\n---\n").status()).isEqualTo(400);
        assertThat(validate("---\na: b\n").status()).isEqualTo(400);
        assertThat(validate("---\na: " + "[".repeat(500) + "\n---\n").status()).isEqualTo(400);
        String bomb = "---\na: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n---\n";
        assertThat(validate(bomb).status()).isIn(200, 400);
    }

    private HubServer.Reply validate(String content) {
        return server.post("/api/validate-yaml", Map.of("content", content, "repoType", "model"));
    }
}
