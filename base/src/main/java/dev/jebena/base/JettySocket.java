package dev.jebena.base;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;

/// One websocket as Jetty has it. The next message is asked for when the last one has been worked
/// on, so that a peer that is too fast is held back by TCP.
///
/// Public only because Jetty calls it by method handles and fails the handshake of a listener whose
/// class is not.
public final class JettySocket implements Session.Listener, WebSocketConnection {
    /// Clients that are alive send something within this time.
    private static final Duration IDLE = Duration.ofMinutes(15);

    private final WebSocketHandler handler;
    private final int messageBytes;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final ReentrantLock sending = new ReentrantLock();
    private volatile @Nullable Session session;

    JettySocket(int messageBytes, WebSocketHandler handler) {
        this.messageBytes = messageBytes;
        this.handler = handler;
    }

    /// To be called before the server starts.
    static void prepare(Server server) {
        ServerWebSocketContainer.ensure(server);
    }

    /// Answers a handshake, and then calls `callback`; false for a request that is none.
    static boolean upgrade(
            Request request,
            Response response,
            Callback callback,
            int messageBytes,
            WebSocketHandler handler) {
        String upgrade = request.getHeaders().get("Upgrade");
        if (upgrade == null || !upgrade.equalsIgnoreCase("websocket")) {
            return false;
        }
        ServerWebSocketContainer container =
                ServerWebSocketContainer.ensure(
                        request.getConnectionMetaData().getConnector().getServer());
        return container.upgrade(
                (_, _, _) -> new JettySocket(messageBytes, handler), request, response, callback);
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        opened.setIdleTimeout(IDLE);
        opened.setMaxTextMessageSize(messageBytes);
        opened.setMaxFrameSize(messageBytes);
        opened.setMaxBinaryMessageSize(1024);
        work(opened, () -> handler.opened(this));
    }

    @Override
    public void onWebSocketText(String message) {
        Session open = session;
        if (open != null) {
            work(open, () -> handler.received(message));
        }
    }

    private void work(Session open, Runnable action) {
        Thread.ofVirtual()
                .name("jebena-websocket")
                .start(() -> {
                    try {
                        action.run();
                        if (open.isOpen()) {
                            open.demand();
                        }
                    } catch (RuntimeException e) {
                        System.err.println("websocket failed: " + e);
                        close(1011, "the server failed");
                    }
                });
    }

    @Override
    public void onWebSocketBinary(
            java.nio.ByteBuffer payload, org.eclipse.jetty.websocket.api.Callback callback) {
        callback.succeed();
        close(1003, "only text messages are taken");
    }

    @Override
    public void onWebSocketClose(
            int status, String reason, org.eclipse.jetty.websocket.api.Callback callback) {
        end();
        callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        end();
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            Thread.ofVirtual().start(handler::closed);
        }
    }

    @Override
    public void send(String text) throws IOException {
        Session open = session;
        if (open == null || ended.get()) {
            throw new IOException("the websocket is closed");
        }
        sending.lock();
        try {
            var done = new org.eclipse.jetty.websocket.api.Callback.Completable();
            open.sendText(text, done);
            done.get();
        } catch (ExecutionException e) {
            throw new IOException("the websocket is closed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            sending.unlock();
        }
    }

    @Override
    public void close(int status, String reason) {
        Session open = session;
        if (open != null) {
            open.close(status, reason, org.eclipse.jetty.websocket.api.Callback.NOOP);
        }
    }
}
