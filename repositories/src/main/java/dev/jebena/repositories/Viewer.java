package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Finds the data sets that requests are about, and keeps what was found out about them.
final class Viewer {
    private static final int KEPT = 64;
    private static final int AT_ONCE = 4;
    private static final long WAIT_SECONDS = 60;

    private record Place(long repository, String commit) {}

    private final Repositories repositories;
    private final HubAccess access;
    private final ParquetExports exports;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);

    /// By last use.
    private final Map<Place, DatasetView> views =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Place, DatasetView> eldest) {
                    return size() > KEPT;
                }
            };

    Viewer(Repositories repositories, HubAccess access) {
        this.repositories = repositories;
        this.access = access;
        this.exports = new ParquetExports(repositories.options().folder().resolve("parquet"));
    }

    ParquetExports exports() {
        return exports;
    }

    Repositories repositories() {
        return repositories;
    }

    /// The data set that the query names, at the revision that it names or `main`. Throws unless
    /// the caller may read its files.
    ViewerRequest request(HttpExchange exchange) {
        String id = exchange.query("dataset");
        if (id == null || id.isBlank()) {
            throw ViewerErrors.required("dataset");
        }
        Caller caller = access.caller(exchange);
        Repo repo = readable(caller, id);
        DatasetView view = view(repo, exchange.query("revision"));
        return new ViewerRequest(repositories, exchange, repo, view);
    }

    /// What is told of a data set that the caller may not know of.
    HubError unknown(HttpExchange exchange) {
        return ViewerErrors.noDataset(access.caller(exchange).anonymous());
    }

    private Repo readable(Caller caller, String id) {
        try {
            Repo repo = access.find(caller, RepoName.parse(RepoKind.DATASET, id));
            access.check(caller, repo, HubAccess.Need.READ);
            return repo;
        } catch (HubError e) {
            if (e.status() < 500) {
                throw ViewerErrors.noDataset(caller.anonymous());
            }
            throw e;
        }
    }

    /// @param revision null for `main`
    DatasetView view(Repo repo, @Nullable String revision) {
        try (Snapshot snapshot = repositories.snapshot(repo, revision)) {
            Place place = new Place(repo.id(), snapshot.commit().name());
            DatasetView known;
            synchronized (views) {
                known = views.get(place);
            }
            if (known != null) {
                return known;
            }
            DatasetView made = DatasetView.of(repositories, repo, snapshot);
            synchronized (views) {
                DatasetView other = views.putIfAbsent(place, made);
                return other == null ? made : other;
            }
        }
    }

    /// Only so many requests read at once; the others wait for a while.
    <T> T inTurn(Callable<T> reading) throws IOException {
        try {
            if (!turns.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw ViewerErrors.of(
                        500, "ResponseNotReady", "Too many data sets are being read; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        try {
            return reading.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            turns.release();
        }
    }
}
