package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A model repository on a Hugging Face-compatible hub: `api/models/{id}`, its file tree, and
/// `{id}/resolve/{revision}/{file}`.
final class HubRepository {
    private static final int MAX_REPLY = 32 << 20;
    private static final int MAX_FILES = 100_000;
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"next\"");

    private final HttpFetch http;
    private final String endpoint;
    private final String id;
    private final String revision;
    private final Map<String, String> headers;

    /// A file of the repository.
    ///
    /// @param sha256 for large files (Git LFS); else null
    /// @param gitId the SHA-1 by which git names the file (of its LFS pointer, for large files)
    record Entry(String path, long size, @Nullable ContentId sha256, String gitId) {}

    HubRepository(
            HttpFetch http, String endpoint, String id, String revision, @Nullable String token) {
        this.http = http;
        this.endpoint = endpoint.replaceAll("/+$", "");
        this.id = id;
        this.revision = revision;
        this.headers =
                token == null || token.isBlank()
                        ? Map.of()
                        : Map.of("Authorization", "Bearer " + token.strip());
    }

    String name() {
        return "hub " + endpoint + ", " + id;
    }

    Map<String, String> headers() {
        return headers;
    }

    /// The licence that the model's card states; an empty one when it states none.
    ModelLicense license() {
        JsonObject info =
                JsonObject.of(json(uri("/api/models/" + id, "")).value(), "the hub's model " + id);
        JsonObject card = info.objectOrEmpty("cardData");
        String license = card.get("license") instanceof String text ? text : "";
        if (license.isEmpty()) {
            for (String tag : info.strings("tags")) {
                if (tag.startsWith("license:")) {
                    license = tag.substring("license:".length());
                }
            }
        }
        if (license.equals("other") && card.get("license_name") instanceof String name) {
            license = name;
        }
        String link = card.get("license_link") instanceof String url ? url : "";
        return new ModelLicense(license, "", link);
    }

    /// All files.
    List<Entry> files() {
        List<Entry> files = new ArrayList<>();
        URI next = uri("/api/models/" + id + "/tree/" + encode(revision), "?recursive=true");
        while (next != null) {
            Reply reply = json(next);
            if (!(reply.value() instanceof List<?> list)) {
                throw new Problem(
                        Problem.Code.BAD_GATEWAY, next + " does not answer with a list of files");
            }
            for (Object item : list) {
                JsonObject file = JsonObject.of(item, "the hub's file list of " + id);
                if (file.string("type", "file").equals("file")) {
                    files.add(entry(file));
                }
            }
            if (files.size() > MAX_FILES) {
                throw new Problem(Problem.Code.BAD_GATEWAY, id + " has too many files");
            }
            next = reply.next();
        }
        return files;
    }

    private static Entry entry(JsonObject file) {
        String git = file.string("oid", "");
        if (!file.has("lfs")) {
            return new Entry(file.string("path"), file.integer("size", -1), null, git);
        }
        JsonObject lfs = file.object("lfs");
        return new Entry(
                file.string("path"),
                lfs.integer("size", file.integer("size", -1)),
                ContentId.parse(lfs.string("oid")),
                git);
    }

    /// Where a file's bytes are.
    URI address(String path) {
        return uri("/" + id + "/resolve/" + encode(revision) + "/" + encode(path), "");
    }

    /// The bytes of a small file.
    byte[] bytes(String path) {
        try {
            return body(http.get(address(path), headers), address(path));
        } catch (IOException e) {
            throw broken(address(path), e);
        }
    }

    /// A reply and the address of the next page.
    private record Reply(@Nullable Object value, @Nullable URI next) {}

    private Reply json(URI address) {
        try {
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.put("Accept", "application/json");
            HttpResponse<InputStream> response = http.get(address, all);
            String text = new String(body(response, address), StandardCharsets.UTF_8);
            Matcher link = NEXT.matcher(response.headers().firstValue("Link").orElse(""));
            URI next = link.find() ? address.resolve(link.group(1)) : null;
            boolean ours = next == null || address.getAuthority().equals(next.getAuthority());
            return new Reply(Json.parse(text), ours ? next : null);
        } catch (IOException e) {
            throw broken(address, e);
        } catch (JsonException | IllegalArgumentException e) {
            throw new Problem(
                    Problem.Code.BAD_GATEWAY,
                    address + " does not answer with JSON: " + e.getMessage(),
                    null,
                    e);
        }
    }

    private static byte[] body(HttpResponse<InputStream> response, URI address) throws IOException {
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw Download.problem(address, response.statusCode());
            }
            byte[] bytes = body.readNBytes(MAX_REPLY + 1);
            if (bytes.length > MAX_REPLY) {
                throw new Problem(
                        Problem.Code.BAD_GATEWAY,
                        "%s sends more than %,d bytes".formatted(address, MAX_REPLY));
            }
            return bytes;
        }
    }

    private static Problem broken(URI address, IOException e) {
        return new Problem(Problem.Code.BAD_GATEWAY, address + ": " + e.getMessage(), null, e);
    }

    private URI uri(String path, String query) {
        try {
            return URI.create(endpoint + path + query);
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "not an address: " + endpoint + path,
                    "check HF_ENDPOINT",
                    e);
        }
    }

    private static String encode(String path) {
        return Stream.of(path.split("/"))
                .map(p -> URLEncoder.encode(p, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }
}
