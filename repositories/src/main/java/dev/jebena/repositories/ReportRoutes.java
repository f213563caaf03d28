package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What others tell of a repository's files.
final class ReportRoutes {
    private ReportRoutes() {}

    static void mount(HubApi api, Map<String, RepoReport> reports) {
        reports.forEach((name, report) ->
                api.repo(
                        "GET",
                        "/" + name,
                        HubAccess.Need.READ,
                        request -> answer(request, api.access(), report)));
    }

    private static void answer(RepoRequest request, HubAccess access, RepoReport report)
            throws IOException {
        HttpExchange exchange = request.exchange();
        String revision = Objects.requireNonNullElse(exchange.query("revision"), Repo.MAIN);
        Snapshot snapshot = request.repositories().snapshot(request.repo(), revision);
        try (Files files =
                new Files(
                        request.repositories(),
                        access,
                        request.caller(),
                        request.repo(),
                        snapshot)) {
            exchange.set("X-Repo-Commit", files.commit());
            exchange.json(200, report.of(files));
        }
    }

    private static final class Files implements RepoFiles {
        private final Repositories repositories;
        private final HubAccess access;
        private final Caller caller;
        private final Repo repo;
        private final Snapshot snapshot;

        Files(
                Repositories repositories,
                HubAccess access,
                Caller caller,
                Repo repo,
                Snapshot snapshot) {
            this.repositories = repositories;
            this.access = access;
            this.caller = caller;
            this.repo = repo;
            this.snapshot = snapshot;
        }

        @Override
        public RepoName name() {
            return repo.name();
        }

        @Override
        public String commit() {
            return snapshot.commit().name();
        }

        @Override
        public Map<String, Long> sizes() {
            Map<String, Long> sizes = new LinkedHashMap<>();
            snapshot.files().forEach(file -> sizes.put(file.path(), file.size()));
            return sizes;
        }

        @Override
        public InputStream open(String path) throws IOException {
            FileEntry file = snapshot.file(path);
            var large = file.lfs();
            return large == null
                    ? snapshot.loader(file).openStream()
                    : Channels.newInputStream(repositories.large().open(repo.id(), large.oid()));
        }

        @Override
        public Optional<RepoFiles> other(RepoKind kind, String id) {
            // Not through a mirror: what a card names must not make this hub fetch it.
            return named(kind, id)
                    .flatMap(repositories.catalog()::find)
                    .filter(found -> access.maySee(caller, found) && access.mayRead(caller, found))
                    .map(found ->
                            new Files(
                                    repositories,
                                    access,
                                    caller,
                                    found,
                                    repositories.snapshot(found, Repo.MAIN)));
        }

        private static Optional<RepoName> named(RepoKind kind, String id) {
            try {
                return Optional.of(RepoName.parse(kind, id));
            } catch (HubError _) {
                return Optional.empty();
            }
        }

        @Override
        public void close() {
            snapshot.close();
        }
    }
}
