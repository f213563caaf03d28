package dev.jebena.data;

import dev.jebena.base.EnvironmentProxies;
import dev.jebena.base.PatientStream;
import dev.jebena.base.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A file on a web server, read from where it is: in ranges, or from front to back; a transfer that
/// breaks off goes on where it was.
final class HttpDataFile implements DataFile {
    private static final int MAX_REDIRECTS = 8;
    private static final int TRIES = 5;
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(10))
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .proxy(new EnvironmentProxies(System.getenv()))
                    .build();

    private final URI address;
    private final String name;
    private final Map<String, String> headers;
    private long size;

    private HttpDataFile(URI address, String name, long size, Map<String, String> headers) {
        this.address = address;
        this.name = name;
        this.size = size;
        this.headers = headers;
    }

    /// A file whose size the server is asked for.
    static HttpDataFile of(URI address, Map<String, String> headers) {
        String path = address.getPath() == null ? "" : address.getPath();
        return new HttpDataFile(address, path.substring(path.lastIndexOf('/') + 1), -1, headers);
    }

    static HttpDataFile of(URI address, String name, long size, Map<String, String> headers) {
        return new HttpDataFile(address, name, size, headers);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable Path path() {
        return null;
    }

    @Override
    public synchronized long size() {
        if (size < 0) {
            try (InputStream body = send("bytes=0-0").body()) {
                body.readNBytes(1);
            } catch (IOException e) {
                throw new Problem(
                        Problem.Code.BAD_GATEWAY, address + ": " + e.getMessage(), null, e);
            }
        }
        return size;
    }

    @Override
    public InputStream open(long offset) {
        return new Resuming(offset);
    }

    @Override
    public ByteBuffer range(long offset, int length) throws IOException {
        if (length == 0) {
            return ByteBuffer.allocate(0);
        }
        try (InputStream in = new Resuming(offset, offset + length - 1)) {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException(
                        "%s ends at byte %,d".formatted(name, offset + bytes.length));
            }
            return ByteBuffer.wrap(bytes);
        }
    }

    /// The bytes from one on; each try asks for what is still missing.
    private final class Resuming extends InputStream {
        private final long last;
        private long at;
        private @Nullable InputStream body;
        private int tries;

        Resuming(long from) {
            this(from, -1);
        }

        Resuming(long from, long last) {
            this.at = from;
            this.last = last;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            while (true) {
                try {
                    InputStream from = body == null ? connect() : body;
                    body = from;
                    int count = from.read(bytes, offset, length);
                    if (count < 0 && size >= 0 && last < 0 && at < size) {
                        throw new EOFException("the transfer broke off at byte " + at);
                    }
                    at += Math.max(0, count);
                    tries = count > 0 ? 0 : tries;
                    return count;
                } catch (IOException e) {
                    close();
                    if (++tries >= TRIES) {
                        throw e;
                    }
                }
            }
        }

        private InputStream connect() throws IOException {
            if (size >= 0 && at >= size) {
                return InputStream.nullInputStream();
            }
            String range =
                    at == 0 && last < 0 ? null : "bytes=" + at + "-" + (last < 0 ? "" : last);
            HttpResponse<InputStream> response = send(range);
            if (range != null && response.statusCode() != 206) {
                // A server that gives no ranges: what is before is read and thrown away.
                response.body().skipNBytes(at);
            }
            return new PatientStream(response.body(), SILENCE);
        }

        @Override
        public void close() throws IOException {
            if (body != null) {
                body.close();
                body = null;
            }
        }
    }

    private HttpResponse<InputStream> send(@Nullable String range) throws IOException {
        HttpResponse<InputStream> response = get(address, headers, range);
        int status = response.statusCode();
        if (status != 200 && status != 206) {
            response.body().close();
            throw refused(address, status);
        }
        long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        String total =
                response.headers().firstValue("Content-Range").orElse("").replaceAll(".*/", "");
        if (size < 0) {
            size = status == 200 ? length : total.matches("\\d{1,18}") ? Long.parseLong(total) : -1;
        }
        return response;
    }

    static Problem refused(URI address, int status) {
        Problem.Code code =
                switch (status) {
                    case 401 -> Problem.Code.UNAUTHORIZED;
                    case 403 -> Problem.Code.FORBIDDEN;
                    case 404 -> Problem.Code.NOT_FOUND;
                    default -> Problem.Code.BAD_GATEWAY;
                };
        return new Problem(
                code,
                "%s answers %d".formatted(address, status),
                status == 401 || status == 403 ? "set HF_TOKEN to a token that may read it" : null);
    }

    /// Follows redirects; what `headers` has goes to the first server only.
    static HttpResponse<InputStream> get(
            URI address, Map<String, String> headers, @Nullable String range) throws IOException {
        URI uri = address;
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60));
            if (address.getAuthority().equals(uri.getAuthority())
                    && address.getScheme().equals(uri.getScheme())) {
                headers.forEach(request::header);
            }
            if (range != null) {
                request.header("Range", range);
            }
            HttpResponse<InputStream> response = exchange(request.build());
            String location = response.headers().firstValue("Location").orElse("");
            int status = response.statusCode();
            if (status < 301 || status > 308 || location.isEmpty()) {
                return response;
            }
            response.body().close();
            uri = redirect(uri, location);
        }
        throw new IOException("too many redirects");
    }

    private static URI redirect(URI from, String location) throws IOException {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new IOException("a bad redirect: " + location, e);
        }
        boolean weaker = "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
        if (weaker || to.getHost() == null || !String.valueOf(to.getScheme()).matches("https?")) {
            throw new IOException("refused the redirect to " + to);
        }
        return to;
    }

    private static HttpResponse<InputStream> exchange(HttpRequest request) throws IOException {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (java.net.ConnectException e) {
            throw new Problem(
                    Problem.Code.UNREACHABLE,
                    request.uri().getAuthority() + " is not reachable",
                    null,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Code.UNAVAILABLE, "interrupted", null, e);
        }
    }
}
