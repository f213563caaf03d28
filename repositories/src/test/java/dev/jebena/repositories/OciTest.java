package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciTest {
    private static final String BASE = "/v2/library/tiny/";
    private static final byte[] LAYER = "a layer".getBytes(StandardCharsets.UTF_8);
    private static final String DIGEST = ContentId.of(LAYER).toString();

    @TempDir Path folder;
    private HubServer server;

    @BeforeEach
    void start() {
        server = new HubServer(folder);
        server.as("");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String begin() {
        return server.send("POST", BASE + "blobs/uploads/", new byte[0]).header("Location");
    }

    private void pushLayer() {
        HubServer.Reply whole =
                server.send("POST", BASE + "blobs/uploads/?digest=" + DIGEST, LAYER);
        assertThat(whole.status()).isEqualTo(201);
    }

    private static byte[] manifest(String digest) {
        return HttpJson.bytes(
                Map.of(
                        "schemaVersion",
                        2,
                        "layers",
                        List.of(Map.of("mediaType", "x", "digest", digest, "size", 7))));
    }

    @Test
    void chunksAreJoinedInTheirOrder() {
        String location = begin();
        HubServer.Reply first =
                server.send("PATCH", location, Arrays.copyOf(LAYER, 3), "Content-Range", "0-2");
        assertThat(first.status()).isEqualTo(202);
        assertThat(first.header("Range")).isEqualTo("0-2");
        byte[] rest = Arrays.copyOfRange(LAYER, 3, 7);
        assertThat(server.send("PATCH", location, rest, "Content-Range", "5-8").status())
                .isEqualTo(416);
        assertThat(server.get(location).header("Range")).isEqualTo("0-2");
        assertThat(server.send("PUT", location + "?digest=" + DIGEST, rest).status())
                .isEqualTo(201);
        assertThat(server.get(BASE + "blobs/" + DIGEST).bytes()).isEqualTo(LAYER);
        assertThat(server.get(BASE + "blobs/" + DIGEST, "Range", "bytes=2-").text())
                .isEqualTo("layer");
        assertThat(server.get(location).status()).isEqualTo(404);
    }

    @Test
    void anotherDigestIsRefused() {
        String location = begin();
        server.send("PATCH", location, LAYER);
        String wrong = "sha256:" + "0".repeat(64);
        HubServer.Reply refused = server.send("PUT", location + "?digest=" + wrong, new byte[0]);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("errors.0.code")).isEqualTo("DIGEST_INVALID");
        assertThat(server.get(BASE + "blobs/" + wrong).at("errors.0.code"))
                .isEqualTo("BLOB_UNKNOWN");
    }

    @Test
    void aManifestNamesBlobsThatAreThere() {
        HubServer.Reply early = server.send("PUT", BASE + "manifests/v1", manifest(DIGEST));
        assertThat(early.at("errors.0.code")).isEqualTo("MANIFEST_BLOB_UNKNOWN");
        pushLayer();
        assertThat(
                        server.send(
                                        "PUT",
                                        BASE + "manifests/v1",
                                        manifest(DIGEST),
                                        "Content-Type",
                                        "application/vnd.oci.image.manifest.v1+json")
                                .status())
                .isEqualTo(201);
        HubServer.Reply manifest = server.get(BASE + "manifests/v1");
        assertThat(manifest.bytes()).isEqualTo(manifest(DIGEST));
        String digest = manifest.header("Docker-Content-Digest");
        assertThat(server.get(BASE + "manifests/" + digest).bytes()).isEqualTo(manifest(DIGEST));
        assertThat(server.get(BASE + "tags/list").at("tags.0")).isEqualTo("v1");
        assertThat(server.get("/v2/_catalog").at("repositories.0")).isEqualTo("library/tiny");
        assertThat(server.send("DELETE", BASE + "manifests/v1", null).status()).isEqualTo(202);
        assertThat(server.get(BASE + "manifests/v1").status()).isEqualTo(404);
        assertThat(server.send("PUT", BASE + "manifests/" + DIGEST, manifest(DIGEST)).status())
                .isEqualTo(400);
        assertThat(
                        server.send(
                                        "PUT",
                                        BASE + "manifests/v2",
                                        "no json".getBytes(StandardCharsets.UTF_8))
                                .status())
                .isEqualTo(400);
        assertThat(server.send("PUT", BASE + "manifests/a%20b", manifest(DIGEST)).status())
                .isEqualTo(400);
    }

    @Test
    void aBlobBelongsToTheNamesThatItWasPushedTo() {
        pushLayer();
        assertThat(server.get("/v2/library/other/blobs/" + DIGEST).status()).isEqualTo(404);
        HubServer.Reply mounted =
                server.send(
                        "POST",
                        "/v2/library/other/blobs/uploads/?mount=" + DIGEST + "&from=library/tiny",
                        new byte[0]);
        assertThat(mounted.status()).isEqualTo(201);
        assertThat(server.get("/v2/library/other/blobs/" + DIGEST).bytes()).isEqualTo(LAYER);
        assertThat(server.repositories.collect().orElseThrow().blobs()).isZero();
        server.send("DELETE", BASE + "blobs/" + DIGEST, null);
        server.send("DELETE", "/v2/library/other/blobs/" + DIGEST, null);
        assertThat(server.repositories.collect().orElseThrow().blobs()).isEqualTo(1);
    }

    @Test
    void namespacesOfAccountsAreTheirs() {
        String uploads = "/v2/jebena/m/blobs/uploads/";
        HubServer.Reply refused = server.send("POST", uploads, new byte[0]);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate")).startsWith("Basic");
        assertThat(server.as(HubServer.TOKEN).send("POST", uploads, new byte[0]).status())
                .isEqualTo(202);
    }

    @Test
    void aClosedRegistryAsksForATokenEverywhere() {
        server.close();
        server =
                new HubServer(
                        RepositoryOptions.in(folder).ownerToken(HubServer.TOKEN).anonymous(false),
                        0);
        server.as("");
        assertThat(server.get("/v2/").status()).isEqualTo(401);
        assertThat(server.send("POST", BASE + "blobs/uploads/", new byte[0]).status())
                .isEqualTo(401);
        assertThat(server.get(BASE + "manifests/v1").status()).isEqualTo(401);
    }
}
