package dev.jebena.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/// Notices clients that went away while their request is being computed.
///
/// An HTTP/2 connection is always read, so the request itself reports it. An HTTP/1.1 connection is
/// not read between a request and its reply; there one thread looks ten times a second whether the
/// client has closed its side. Bytes that it finds are the next request of a pipelining client;
/// they go back to the connection, and looking ends for this request.
final class HttpClientWatch implements AutoCloseable {
    private static final long PERIOD_MILLIS = 100;

    private final Set<Entry> entries = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;

    HttpClientWatch() {
        thread = Thread.ofPlatform().name("jebena-http-watch").daemon().start(this::run);
    }

    HttpExchange.AutoCloseableHandle add(JettyExchange exchange, Runnable action) {
        Entry entry = new Entry(exchange, action);
        entries.add(entry);
        exchange.request().addFailureListener(_ -> entry.fire());
        return entry;
    }

    /// Ends everything that is being watched, as if all clients had gone.
    void fireAll() {
        entries.forEach(Entry::fire);
    }

    private void run() {
        while (!closed) {
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            for (Entry entry : entries) {
                entry.look();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private final class Entry implements HttpExchange.AutoCloseableHandle {
        private final JettyExchange exchange;
        private final Runnable action;
        private final long deadline;
        private boolean looking;
        private boolean done;

        Entry(JettyExchange exchange, Runnable action) {
            this.exchange = exchange;
            this.action = action;
            Request request = exchange.request();
            looking =
                    request.getConnectionMetaData().getHttpVersion().getVersion()
                            <= HttpVersion.HTTP_1_1.getVersion();
            deadline = exchange.startNanos() + exchange.options().requestTimeout().toNanos();
        }

        // Both under the lock: after `close` the connection belongs to Jetty again, and must not be
        // read from here.
        synchronized void look() {
            if (done) {
                return;
            }
            if (System.nanoTime() - deadline > 0 || (looking && hungUp())) {
                fire();
            }
        }

        private boolean hungUp() {
            Connection connection = exchange.request().getConnectionMetaData().getConnection();
            EndPoint endPoint = connection.getEndPoint();
            ByteBuffer buffer = ByteBuffer.allocate(4096).flip();
            try {
                int n = endPoint.isInputShutdown() ? -1 : endPoint.fill(buffer);
                if (n > 0) {
                    looking = false;
                    if (connection instanceof Connection.UpgradeTo next) {
                        next.onUpgradeTo(buffer);
                    }
                }
                return n < 0;
            } catch (IOException e) {
                return true;
            }
        }

        void fire() {
            synchronized (this) {
                if (done) {
                    return;
                }
                done = true;
            }
            entries.remove(this);
            Thread.startVirtualThread(action);
        }

        @Override
        public synchronized void close() {
            done = true;
            entries.remove(this);
        }
    }
}
