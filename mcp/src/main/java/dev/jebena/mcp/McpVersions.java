package dev.jebena.mcp;

import java.util.List;

/// Revisions of the protocol, by their dates.
final class McpVersions {
    /// Those that begin with a handshake (`initialize`), the newest first.
    static final List<String> HANDSHAKE =
            List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    /// Without a handshake: every request carries its revision in `_meta`.
    static final String STATELESS = "2026-07-28";

    /// The newest that a handshake can agree on.
    static final String LATEST = HANDSHAKE.getFirst();

    /// What a client speaks that sends no revision over HTTP.
    static final String UNSAID = "2025-03-26";

    private McpVersions() {}

    /// What a server answers to a client that asks for `offered`.
    static String negotiated(String offered) {
        return HANDSHAKE.contains(offered) ? offered : LATEST;
    }

    static boolean known(String version) {
        return HANDSHAKE.contains(version) || STATELESS.equals(version);
    }
}
