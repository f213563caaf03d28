package dev.jebena.repositories;

import dev.jebena.base.FileTypes;
import dev.jebena.base.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import org.eclipse.jgit.lib.ObjectStream;

/// The bytes of files: `resolve`, and `raw`, which gives of a large file the pointer.
final class FileRoutes {
    private final Repositories repositories;

    private FileRoutes(Repositories repositories) {
        this.repositories = repositories;
    }

    static void mount(HubApi api) {
        FileRoutes routes = new FileRoutes(api.repositories());
        String rest = "/{revision}/{path...}";
        api.page("GET", "/resolve" + rest, HubAccess.Need.READ, r -> routes.send(r, false));
        api.page("GET", "/raw" + rest, HubAccess.Need.READ, r -> routes.send(r, true));
    }

    private void send(RepoRequest request, boolean raw) throws IOException {
        HttpExchange exchange = request.exchange();
        try (Snapshot files = request.snapshot()) {
            // Before the file is looked for: clients remember that this commit has none.
            exchange.set("X-Repo-Commit", files.commit().name());
            FileEntry file = files.file(RepoPath.trimmed(exchange.parameter("path")));
            repositories.scans().checkDownload(request.repo(), file);
            boolean large = file.lfs() != null && !raw;
            String etag = '"' + (large ? file.etag() : file.id().name()) + '"';
            describe(exchange, file, etag, large);
            if (large) {
                describeChunks(request, file, files.commit().name());
            }
            String known = exchange.header("If-None-Match");
            if (known != null && List.of(known.split("\\s*,\\s*")).contains(etag)) {
                exchange.empty(304);
                return;
            }
            count(request, file);
            long size = file.lfs() != null && raw ? file.pointerSize() : file.size();
            FileReply.send(
                    exchange,
                    FileTypes.of(file.fileName()),
                    size,
                    from -> large ? large(request, file, from) : regular(files, file, from));
        }
    }

    private static void describe(
            HttpExchange exchange, FileEntry file, String etag, boolean large) {
        exchange.set("ETag", etag);
        if (large) {
            exchange.set("X-Linked-Size", Long.toString(file.size()));
            exchange.set("X-Linked-ETag", etag);
        }
        String name = file.fileName();
        exchange.set(
                "Content-Disposition",
                "inline; filename*=UTF-8''"
                        + Links.encoded(name)
                        + "; filename=\""
                        + name.replaceAll("[^ -~]|[\"\\\\]", "_")
                        + "\";");
        // A page of somebody else's must not run with this server's rights.
        exchange.set("X-Content-Type-Options", "nosniff");
        exchange.set("Content-Security-Policy", "default-src 'none'; sandbox");
    }

    /// Clients that know Xet fetch the chunks that they do not have yet.
    private void describeChunks(RepoRequest request, FileEntry file, String revision) {
        repositories
                .chunks()
                .hash(file.requiredLfs().oid())
                .ifPresent(hash -> {
                    HttpExchange exchange = request.exchange();
                    RepoName name = request.repo().name();
                    String token =
                            exchange.baseUrl()
                                    + "/api/"
                                    + name.kind().plural()
                                    + "/"
                                    + name.id()
                                    + "/xet-read-token/"
                                    + revision;
                    exchange.set("X-Xet-Hash", hash);
                    exchange.set("X-Xet-Refresh-Route", token);
                    exchange.set("Link", "<" + token + ">; rel=\"xet-auth\"");
                });
    }

    /// One use of a model is one fetch of its configuration, or of a file that holds all of it.
    private void count(RepoRequest request, FileEntry file) {
        String range = request.exchange().header("Range");
        boolean whole = range == null || range.startsWith("bytes=0-");
        boolean model = request.repo().name().kind() == RepoKind.MODEL;
        boolean counts =
                !model || file.path().equals("config.json") || file.path().endsWith(".gguf");
        if (whole && counts && request.exchange().method().equals("GET")) {
            repositories.downloads().add(request.repo().id());
        }
    }

    private InputStream large(RepoRequest request, FileEntry file, long from) throws IOException {
        SeekableByteChannel channel =
                repositories.large().open(request.repo().id(), file.requiredLfs().oid());
        return Channels.newInputStream(channel.position(from));
    }

    private static InputStream regular(Snapshot files, FileEntry file, long from)
            throws IOException {
        ObjectStream in = files.loader(file).openStream();
        in.skipNBytes(from);
        return in;
    }
}
