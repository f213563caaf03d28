package dev.jebena.hub;

import java.util.LinkedHashMap;
import java.util.Map;

/// The names of a repository's commits.
///
/// @param branches branch → commit
/// @param tags tag → commit
public record RepoRefs(Map<String, String> branches, Map<String, String> tags) {
    static RepoRefs of(JsonObject refs) {
        return new RepoRefs(named(refs, "branches"), named(refs, "tags"));
    }

    private static Map<String, String> named(JsonObject refs, String key) {
        Map<String, String> commits = new LinkedHashMap<>();
        for (JsonObject ref : refs.objects(key)) {
            commits.put(ref.string("name"), ref.string("targetCommit"));
        }
        return commits;
    }
}
