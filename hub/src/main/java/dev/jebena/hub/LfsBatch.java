package dev.jebena.hub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks a hub how to move large files (Git LFS API, batch).
final class LfsBatch {
    static final Map<String, String> HEADERS =
            Map.of(
                    "Accept", "application/vnd.git-lfs+json",
                    "Content-Type", "application/vnd.git-lfs+json");

    private LfsBatch() {}

    /// @param operation `upload` or `download`
    /// @param sizes SHA-256 → bytes
    /// @param ref the branch, for an upload; null for none
    /// @return one answer an object
    static List<JsonObject> ask(
            HubCalls calls,
            RepoId id,
            String operation,
            Map<String, Long> sizes,
            @Nullable String ref) {
        List<Map<String, Object>> objects = new ArrayList<>();
        sizes.forEach((oid, size) -> objects.add(Map.of("oid", oid, "size", size)));
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("operation", operation);
        request.put("transfers", List.of("basic", "multipart"));
        request.put("objects", objects);
        request.put("hash_algo", "sha256");
        if (ref != null) {
            request.put("ref", Map.of("name", ref));
        }
        Map<String, String> headers = new LinkedHashMap<>(calls.credentials());
        headers.putAll(HEADERS);
        String path =
                "/" + id.kind().prefix() + HubCalls.path(id.name()) + ".git/info/lfs/objects/batch";
        List<JsonObject> answers =
                calls.call("POST", calls.uri(path), request, headers)
                        .object("the hub's answer about large files")
                        .objects("objects");
        if (answers.size() != objects.size()) {
            throw JsonObject.of(Map.of(), "the hub's answer about large files")
                    .problem("%d objects instead of %d".formatted(answers.size(), objects.size()));
        }
        return answers;
    }
}
