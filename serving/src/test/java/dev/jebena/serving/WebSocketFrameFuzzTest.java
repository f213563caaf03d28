package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.testkit.FakeLlm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Frames that break the websocket protocol, sent over plain sockets.
class WebSocketFrameFuzzTest {
    private static final int MOST_FRAMES = 40;
    private static final String HANDSHAKE =
            String.join(
                    "\r\n",
                    "GET /llm HTTP/1.1",
                    "Host: localhost",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "",
                    "");
    private static final String[] MESSAGES = {
        "{\"authVersion\":1,\"clientIdentifier\":\"a\",\"clientPasskey\":\"b\"}",
        "{\"type\":\"rpcCall\",\"endpoint\":\"listLoaded\",\"callId\":1}",
        "{\"type\":\"keepAlive\"}",
        "{\"type\":\"channelCreate\",\"endpoint\":\"predict\",\"channelId\":1}",
        "{\"type\":",
        "",
    };

    @Test
    @Timeout(900)
    void brokenFramesEndTheirConnectionOnly(@TempDir Path home) throws IOException {
        int cases = Integer.getInteger("jebena.fuzz.cases", 2000);
        long seed = Long.getLong("jebena.fuzz.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        try (RunningServer server = new RunningServer(home, FakeLlm.Settings.defaults())) {
            int frames = 0;
            for (int connection = 0; frames < cases; connection++) {
                frames += connection(server.server.port(), random.split());
                if (connection % 500 == 0) {
                    assertThat(server.get("/lmstudio-greeting").statusCode())
                            .as("seed %d, connection %d", seed, connection)
                            .isEqualTo(200);
                }
            }
            assertThat(server.get("/v1/models").statusCode()).as("seed %d", seed).isEqualTo(200);
        }
    }

    /// Sends frames until the server hangs up; returns how many.
    private static int connection(int port, SplittableRandom random) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            OutputStream out = socket.getOutputStream();
            out.write(HANDSHAKE.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(head(in)).startsWith("HTTP/1.1 101");
            int sent = 0;
            try {
                int count = 1 + random.nextInt(MOST_FRAMES);
                boolean sane = random.nextInt(3) == 0;
                for (; sent < count; sent++) {
                    out.write(sane && sent < 4 ? sane(MESSAGES[sent], random) : frame(random));
                }
                socket.shutdownOutput();
                drain(in);
            } catch (SocketTimeoutException e) {
                throw new AssertionError(
                        "the server does not end a connection that its peer ended");
            } catch (IOException _) {
                // The server hung up while this side was still sending.
            }
            return Math.max(1, sent);
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                break;
            }
            head.append((char) b);
        }
        return head.toString();
    }

    private static void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[4096];
        while (in.read(buffer) >= 0) {
            // What it says does not matter here.
        }
    }

    private static byte[] sane(String message, SplittableRandom random) {
        byte[] body = message.getBytes(StandardCharsets.UTF_8);
        return frame(0x81, true, body.length, 0, body, random);
    }

    private static byte[] frame(SplittableRandom random) {
        byte[] body = new byte[random.nextInt(4) == 0 ? random.nextInt(3000) : random.nextInt(130)];
        if (random.nextBoolean()) {
            String message = MESSAGES[random.nextInt(MESSAGES.length)];
            body = message.getBytes(StandardCharsets.UTF_8);
        } else {
            random.nextBytes(body);
        }
        // Mostly known opcodes, so that fragments and control frames mix; sometimes any bits.
        int opcode = new int[] {0, 1, 2, 8, 9, 10}[random.nextInt(6)];
        int first =
                random.nextInt(5) == 0
                        ? random.nextInt(256)
                        : opcode | (random.nextInt(3) == 0 ? 0 : 0x80);
        long length =
                switch (random.nextInt(12)) {
                    case 0 -> random.nextLong();
                    case 1 -> random.nextInt(1 << 20);
                    case 2 -> Long.MAX_VALUE;
                    case 3 -> body.length + 1L;
                    default -> body.length;
                };
        return frame(first, random.nextInt(10) != 0, length, random.nextInt(4), body, random);
    }

    /// @param form how the length is written: 2 as 16 bits, 3 as 64 bits, others as short as it
    ///   goes
    private static byte[] frame(
            int first,
            boolean masked,
            long length,
            int form,
            byte[] body,
            SplittableRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int bit = masked ? 0x80 : 0;
        boolean is64 = form == 3 || length < 0 || length > 0xFFFF;
        boolean is16 = form == 2 || length > 125;
        if (is64) {
            out.write(bit | 127);
            number(out, length, 8);
        } else if (is16) {
            out.write(bit | 126);
            number(out, length, 2);
        } else {
            out.write(bit | (int) length);
        }
        byte[] mask = new byte[4];
        if (masked) {
            random.nextBytes(mask);
            out.writeBytes(mask);
        }
        for (int i = 0; i < body.length; i++) {
            out.write(body[i] ^ mask[i % 4]);
        }
        return out.toByteArray();
    }

    private static void number(ByteArrayOutputStream out, long value, int bytes) {
        for (int i = bytes - 1; i >= 0; i--) {
            out.write((int) (value >>> (8 * i)));
        }
    }
}
