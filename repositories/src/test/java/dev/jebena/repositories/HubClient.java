package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import dev.jebena.repositories.HubServer.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A client of a hub.
class HubClient implements AutoCloseable {
    private final String uri;

    /// As the clients of hubs, git included, talk.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private String token = HubServer.TOKEN;

    HubClient(String uri) {
        this.uri = uri;
    }

    /// Requests carry this token from now on; empty for none.
    HubClient as(String token) {
        this.token = token;
        return this;
    }

    Reply get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    Reply post(String path, Map<String, ? extends @Nullable Object> body) {
        return send("POST", path, HttpJson.bytes(body), "Content-Type", "application/json");
    }

    /// @param path below the server's address, or a whole address
    Reply send(String method, String path, byte @Nullable [] body, String... headers) {
        URI address = URI.create(path.startsWith("http") ? path : uri + path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address)
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<byte[]> reply =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(reply.statusCode(), reply.body(), reply);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void create(String name, Object... more) {
        Map<String, @Nullable Object> body = HttpJson.object(more);
        body.put("name", name);
        Reply reply = post("/api/repos/create", body);
        if (reply.status() != 200) {
            throw new IllegalStateException(reply.text());
        }
    }

    /// Commits small files: paths and contents in turn; the new commit's id.
    String commit(String repo, String branch, String... files) {
        Reply reply = tryCommit(repo, branch, null, files);
        if (reply.status() != 200) {
            throw new IllegalStateException(reply.text());
        }
        return (String) reply.at("commitOid");
    }

    Reply tryCommit(String repo, String branch, @Nullable String parent, String... files) {
        StringBuilder lines = new StringBuilder();
        Map<String, @Nullable Object> header = HttpJson.object("summary", "change");
        header.put("parentCommit", parent);
        line(lines, "header", header);
        for (int i = 0; i < files.length; i += 2) {
            String content =
                    Base64.getEncoder()
                            .encodeToString(files[i + 1].getBytes(StandardCharsets.UTF_8));
            line(
                    lines,
                    "file",
                    HttpJson.object("path", files[i], "content", content, "encoding", "base64"));
        }
        return lines("/api/models/" + repo + "/commit/" + branch, lines.toString());
    }

    static void line(StringBuilder lines, String key, Object value) {
        lines.append(HttpJson.text(HttpJson.object("key", key, "value", value))).append('\n');
    }

    Reply lines(String path, String lines) {
        return send(
                "POST",
                path,
                lines.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-ndjson");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
