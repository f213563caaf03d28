package dev.jebena.hub;

import java.util.List;

/// A repository as a hub describes it.
///
/// @param commit the newest commit of the asked revision; empty when the hub does not tell
/// @param lastModified as the hub writes it (RFC 3339); empty when it does not tell
public record RemoteRepo(
        RepoId id,
        String commit,
        boolean isPrivate,
        boolean isGated,
        String lastModified,
        long downloads,
        long likes,
        List<String> tags) {
    static RemoteRepo of(RepoId.Kind kind, JsonObject info) {
        Object gated = info.get("gated");
        return new RemoteRepo(
                new RepoId(kind, info.string("id")),
                info.string("sha", ""),
                Boolean.TRUE.equals(info.get("private")),
                gated != null && !Boolean.FALSE.equals(gated),
                info.string("lastModified", ""),
                info.integer("downloads", 0),
                info.integer("likes", 0),
                info.strings("tags"));
    }
}
