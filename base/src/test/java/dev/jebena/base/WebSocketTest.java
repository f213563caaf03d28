package dev.jebena.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebSocketTest {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final HttpServer server =
            HttpServer.start(
                    HttpServerOptions.defaults().port(0),
                    new Router().get("/echo", x -> x.webSocket(1000, new Echo())));
    private final HttpClient client = HttpClient.newHttpClient();

    private final class Echo implements WebSocketHandler {
        private @Nullable WebSocketConnection connection;

        @Override
        public void opened(WebSocketConnection opened) {
            connection = opened;
        }

        @Override
        public void received(String text) {
            WebSocketConnection open = connection;
            try {
                if (open != null) {
                    open.send("echo " + text);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void closed() {
            ended.add("closed");
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            heard.add("status " + status);
            return null;
        }
    }

    private WebSocket connect() {
        return client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/echo"), new Listener())
                .join();
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.close();
    }

    @Test
    void messagesGoBothWaysInOrder() throws Exception {
        WebSocket socket = connect();
        for (int i = 0; i < 100; i++) {
            socket.sendText("message " + i, true).join();
        }
        for (int i = 0; i < 100; i++) {
            assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("echo message " + i);
        }
        socket.sendClose(1000, "done").join();
        assertThat(ended.poll(5, TimeUnit.SECONDS)).isEqualTo("closed");
    }

    @Test
    void aMessageThatIsTooLongEndsTheConnection() throws Exception {
        WebSocket socket = connect();
        socket.sendText("x".repeat(1001), true).join();
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("status 1009");
        assertThat(ended.poll(5, TimeUnit.SECONDS)).isEqualTo("closed");
    }

    @Test
    void aPlainRequestIsToldToUpgrade() throws Exception {
        var reply =
                client.send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + server.port() + "/echo"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(reply.statusCode()).isEqualTo(426);
    }
}
