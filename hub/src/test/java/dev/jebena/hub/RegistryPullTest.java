package dev.jebena.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryPullTest {
    private static final PullOptions HTTP = PullOptions.defaults().withInsecure(true);

    @TempDir Path folder;
    private final Map<String, byte[]> pages = new HashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private Hub hub;
    private String name;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String path = exchange.getRequestURI().getPath();
                    requests.add(path);
                    byte[] page = pages.get(path);
                    try (exchange) {
                        exchange.sendResponseHeaders(
                                page == null ? 404 : 200, page == null ? -1 : page.length);
                        if (page != null) {
                            exchange.getResponseBody().write(page);
                        }
                    }
                });
        server.start();
        name = "127.0.0.1:" + server.getAddress().getPort() + "/library/tiny";
        hub = Hub.open(folder.resolve("home"), Map.of());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Layer blob(String type, byte[] bytes) {
        ContentId id = ContentId.of(bytes);
        pages.put("/v2/library/tiny/blobs/" + id, bytes);
        return new Layer(type, id, bytes.length, null);
    }

    private Layer blob(String type, String text) {
        return blob(type, text.getBytes(StandardCharsets.UTF_8));
    }

    private Manifest publish(String license) {
        Manifest manifest =
                new Manifest(
                        blob(Layer.CONFIG, "{\"model_family\":\"llama\",\"file_type\":\"F32\"}"),
                        List.of(
                                blob(Layer.MODEL, TinyGguf.of("registry", 100)),
                                blob(Layer.TEMPLATE, "{{ .Prompt }}"),
                                blob(Layer.PARAMETERS, "{\"stop\":[\"x\"],\"seed\":7}"),
                                blob(Layer.LICENSE, license)),
                        Map.of());
        pages.put("/v2/library/tiny/manifests/latest", manifest.toBytes());
        return manifest;
    }

    @Test
    void aModelIsPulledOnceWithAllItsParts() {
        Manifest manifest = publish("MIT License");
        List<Progress> events = new ArrayList<>();

        StoredModel model = hub.pull(name, HTTP, events::add);

        assertThat(model.path()).hasBinaryContent(TinyGguf.of("registry", 100));
        assertThat(model.name()).hasToString(name + ":latest");
        assertThat(model.template()).isEqualTo("{{ .Prompt }}");
        assertThat(model.parameters()).isEqualTo(Map.of("stop", List.of("x"), "seed", 7L));
        assertThat(model.details().quantization()).isEqualTo("F32");
        assertThat(events.getFirst().status()).isEqualTo("pulling manifest");
        ContentId weights = manifest.weights().getFirst().digest();
        assertThat(events)
                .filteredOn(e -> weights.equals(e.digest()))
                .last()
                .matches(e -> e.done() == e.total() && e.status().startsWith("pulling "));
        assertThat(events)
                .extracting(Progress::status)
                .containsSubsequence("verifying sha256 digest", "writing manifest", "success");
        requests.clear();
        hub.pull(name, HTTP, _ -> {});
        assertThat(requests).noneMatch(r -> r.contains("/blobs/"));
    }

    @Test
    void aDamagedPartIsRefused() {
        Manifest manifest = publish("MIT");
        String path = "/v2/library/tiny/blobs/" + manifest.weights().getFirst().digest();
        byte[] damaged = Objects.requireNonNull(pages.get(path)).clone();
        damaged[damaged.length - 1] ^= 1;
        pages.put(path, damaged);

        assertThatThrownBy(() -> hub.pull(name, HTTP, _ -> {}))
                .hasMessageContaining("digest mismatch");
        assertThat(hub.store().list()).isEmpty();
    }

    @Test
    void aMissingModelAndAnUnknownLicenseAreRefused() {
        assertThatThrownBy(() -> hub.pull(name, HTTP, _ -> {}))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.status()).isEqualTo(404))
                .hasMessageContaining("pull model manifest: file does not exist");
        publish("You may not do anything.");
        assertThatThrownBy(() -> hub.pull(name, HTTP, _ -> {}))
                .isInstanceOfSatisfying(
                        Problem.class,
                        p -> assertThat(p.code()).isEqualTo(Problem.Code.LICENSE_NOT_ACCEPTED));
        assertThat(hub.pull(name, HTTP.withAcceptLicense(true), _ -> {}).path()).exists();
    }
}
