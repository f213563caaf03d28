package dev.jebena.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PatientStreamTest {
    /// Announces ten bytes and sends five.
    private static void halfAnAnswer(ServerSocket server) {
        try (Socket connection = server.accept()) {
            connection.getInputStream().read();
            connection
                    .getOutputStream()
                    .write(
                            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"
                                    .getBytes(StandardCharsets.US_ASCII));
            connection.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException _) {
            // The client went away, as it should.
        }
    }

    @Test
    void aSilentServerIsAnErrorAndNoWaitForEver() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpClient client = HttpClient.newHttpClient()) {
            Thread.ofVirtual().start(() -> halfAnAnswer(server));
            HttpResponse<InputStream> reply =
                    client.send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + server.getLocalPort()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = new PatientStream(reply.body(), Duration.ofSeconds(1))) {
                assertThat(body.readNBytes(5)).asString().isEqualTo("hello");
                assertThatThrownBy(body::read)
                        .isInstanceOf(SocketTimeoutException.class)
                        .hasMessage("the server sent nothing for 1 s");
            }
        }
    }

    @Test
    void whoReadsSlowlyIsNotTheServersFault() throws Exception {
        InputStream two = new java.io.ByteArrayInputStream(new byte[] {1, 2});
        try (InputStream body = new PatientStream(two, Duration.ofMillis(50))) {
            assertThat(body.read()).isEqualTo(1);
            Thread.sleep(200);
            assertThat(body.read()).isEqualTo(2);
            assertThat(body.read()).isEqualTo(-1);
        }
    }
}
