package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpStream;
import dev.jebena.base.LimitedStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/// git's own protocol over HTTP (gitprotocol-http): clone, fetch and push.
final class GitRoutes {
    private static final String UPLOAD = "git-upload-pack";
    private static final String RECEIVE = "git-receive-pack";

    /// What a fetch says before the server's answer: ids of commits.
    private static final long LONGEST_WANTS = 64L << 20;

    /// Objects are held in memory; what is larger than a file may be gets a clearer answer later.
    private static final long LARGEST_OBJECT = 64L << 20;

    private final Repositories repositories;
    private final HubAccess access;

    private GitRoutes(HubApi api) {
        this.repositories = api.repositories();
        this.access = api.access();
    }

    static void mount(HubApi api) {
        GitRoutes routes = new GitRoutes(api);
        api.page("GET", "/info/refs", HubAccess.Need.SEE, routes::refs);
        api.page("POST", "/" + UPLOAD, HubAccess.Need.READ, routes::upload);
        api.page("POST", "/" + RECEIVE, HubAccess.Need.WRITE, routes::receive);
    }

    private void refs(RepoRequest request) throws IOException {
        HttpExchange exchange = request.exchange();
        String service = String.valueOf(exchange.query("service"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PacketLineOut lines = new PacketLineOut(out);
        PacketLineOutRefAdvertiser refs = new PacketLineOutRefAdvertiser(lines);
        try (GitRepository git = repositories.git().open(request.repo().id())) {
            switch (service) {
                case UPLOAD -> {
                    access.check(request.caller(), request.repo(), HubAccess.Need.READ);
                    try (UploadPack pack = uploadPack(git, exchange)) {
                        pack.sendAdvertisedRefs(refs, service);
                    }
                }
                case RECEIVE -> {
                    access.check(request.caller(), request.repo(), HubAccess.Need.WRITE);
                    lines.writeString("# service=" + service + "\n");
                    lines.end();
                    receivePack(git, request).sendAdvertisedRefs(refs);
                }
                default ->
                        throw HubError.forbidden(
                                "Unknown service; this is a repository for git over smart HTTP");
            }
        }
        exchange.set("Cache-Control", "no-cache, max-age=0, must-revalidate");
        exchange.bytes(200, "application/x-" + service + "-advertisement", out.toByteArray());
    }

    private static UploadPack uploadPack(GitRepository git, HttpExchange exchange) {
        UploadPack pack = new UploadPack(git);
        pack.setBiDirectionalPipe(false);
        String protocol = exchange.header("Git-Protocol");
        if (protocol != null) {
            pack.setExtraParameters(List.of(protocol.split(":")));
        }
        return pack;
    }

    private ReceivePack receivePack(GitRepository git, RepoRequest request) {
        ReceivePack pack = new ReceivePack(git);
        pack.setBiDirectionalPipe(false);
        pack.setCheckReceivedObjects(true);
        pack.setMaxObjectSizeLimit(LARGEST_OBJECT);
        PushCheck check = new PushCheck(repositories, request.repo());
        pack.setPreReceiveHook(check);
        pack.setPostReceiveHook(check);
        return pack;
    }

    /// Git packs longer requests; what they unpack to is bounded.
    private static InputStream body(HttpExchange exchange, long limit) throws IOException {
        String encoding = exchange.header("Content-Encoding");
        boolean packed = encoding != null && encoding.matches("(?i)(x-)?gzip");
        InputStream in =
                packed ? new GZIPInputStream(exchange.bodyStream()) : exchange.bodyStream();
        return new LimitedStream(in, limit);
    }

    private void upload(RepoRequest request) throws IOException {
        HttpExchange exchange = request.exchange();
        try (GitRepository git = repositories.git().open(request.repo().id());
                UploadPack pack = uploadPack(git, exchange);
                InputStream in = body(exchange, LONGEST_WANTS);
                OutputStream out = reply(exchange, UPLOAD)) {
            pack.upload(in, out, null);
        }
    }

    private void receive(RepoRequest request) throws IOException {
        HttpExchange exchange = request.exchange();
        try (GitRepository git = repositories.git().open(request.repo().id());
                InputStream in = body(exchange, Long.MAX_VALUE);
                OutputStream out = reply(exchange, RECEIVE)) {
            receivePack(git, request).receive(in, out, null);
        }
    }

    private static OutputStream reply(HttpExchange exchange, String service) {
        HttpStream stream = exchange.stream(200, "application/x-" + service + "-result");
        return new BufferedOutputStream(new StreamOutput(stream), 1 << 16);
    }

    /// The reply's body as a stream of bytes.
    private static final class StreamOutput extends OutputStream {
        private final HttpStream stream;

        StreamOutput(HttpStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            stream.write(bytes, offset, count);
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
