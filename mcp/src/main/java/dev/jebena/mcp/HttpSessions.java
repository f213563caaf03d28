package dev.jebena.mcp;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The sessions of clients that come over HTTP. One that nobody used for an hour ends, and the
/// oldest make room for new ones.
final class HttpSessions {
    private static final int SESSIONS = 1000;
    private static final int LOGS = 32;
    private static final long IDLE_NANOS = Duration.ofHours(1).toNanos();
    private static final SecureRandom RANDOM = new SecureRandom();

    /// A session and the last calls of it.
    static final class Session {
        final String id = newId();
        final McpSession session;
        private final Map<String, EventLog> logs = new LinkedHashMap<>();
        private long calls;
        private long usedAt = System.nanoTime();

        Session(McpServer server) {
            session = new McpSession(server);
        }

        synchronized EventLog newLog() {
            EventLog log = new EventLog("c" + ++calls);
            logs.put(log.id, log);
            if (logs.size() > LOGS) {
                logs.remove(logs.keySet().iterator().next());
            }
            return log;
        }

        synchronized @Nullable EventLog log(String name) {
            return logs.get(name);
        }
    }

    private final McpServer server;
    private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

    HttpSessions(McpServer server) {
        this.server = server;
    }

    synchronized Session open() {
        long now = System.nanoTime();
        sessions.values()
                .removeIf(s -> {
                    boolean idle = now - s.usedAt > IDLE_NANOS;
                    if (idle) {
                        s.session.close();
                    }
                    return idle;
                });
        if (sessions.size() >= SESSIONS) {
            end(sessions.keySet().iterator().next());
        }
        Session session = new Session(server);
        sessions.put(session.id, session);
        return session;
    }

    synchronized @Nullable Session find(String id) {
        Session session = sessions.get(id);
        if (session != null) {
            session.usedAt = System.nanoTime();
        }
        return session;
    }

    synchronized boolean end(String id) {
        Session session = sessions.remove(id);
        if (session != null) {
            session.session.close();
        }
        return session != null;
    }

    private static String newId() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
