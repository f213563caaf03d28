package dev.jebena.bench;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import jdk.net.ExtendedSocketOptions;

/// One kept connection of a client that does as little work of its own as it can: HTTP/1.1, one
/// request at a time, a body of a length or in chunks.
final class PlainConnection implements Closeable {
    private final Socket socket;
    private final InputStream in;
    private final String host;
    private final boolean quickAcknowledgement;

    /// @param quickAcknowledgement for servers that write a reply in two segments: without it each
    ///   reply costs the 40 ms of a delayed acknowledgement
    PlainConnection(URI server, boolean quickAcknowledgement) throws IOException {
        this.quickAcknowledgement = quickAcknowledgement;
        host = server.getAuthority();
        socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    /// @param body JSON; empty for none
    /// @return the reply's body
    /// @throws IOException for every status but 200
    String call(String method, String path, String body) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head =
                "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                        .formatted(method, path, host, content.length);
        byte[] request =
                Arrays.copyOf(
                        head.getBytes(StandardCharsets.ISO_8859_1), head.length() + content.length);
        System.arraycopy(content, 0, request, head.length(), content.length);
        socket.getOutputStream().write(request);
        if (quickAcknowledgement) {
            socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        }
        return reply(method + " " + path);
    }

    private String reply(String request) throws IOException {
        String status = line();
        int length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
        }
        String body = length >= 0 ? text(length) : chunks();
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException(request + ": " + status + " " + body);
        }
        return body;
    }

    private String chunks() throws IOException {
        StringBuilder all = new StringBuilder();
        while (true) {
            int length = Integer.parseInt(line().strip(), 16);
            String piece = text(length);
            line();
            if (length == 0) {
                return all.toString();
            }
            all.append(piece);
        }
    }

    private String text(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the server ended the connection");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server ended the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
