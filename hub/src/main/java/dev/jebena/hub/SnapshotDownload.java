package dev.jebena.hub;

import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Brings the files of one revision to the cache.
final class SnapshotDownload {
    private final HubClient client;
    private final RepoId id;
    private final SnapshotOptions options;
    private final ProgressListener listener;
    private final HubCache cache;

    SnapshotDownload(
            HubClient client, RepoId id, SnapshotOptions options, ProgressListener listener) {
        this.client = client;
        this.id = id;
        this.options = options;
        this.listener = listener;
        this.cache = HubCache.of(client.settings().cache(), id);
    }

    Path fetch() {
        if (client.settings().offline()) {
            return cached("HF_HUB_OFFLINE is set").orElseThrow(this::notCached);
        }
        String commit;
        try {
            commit = HubCache.checked(client.repo(id, options.revision()).commit());
        } catch (Problem e) {
            boolean silent =
                    e.code() == Problem.Code.UNREACHABLE || e.code() == Problem.Code.BAD_GATEWAY;
            return (silent ? cached(e.summary()) : Optional.<Path>empty()).orElseThrow(() -> e);
        }
        PathFilter filter = new PathFilter(options.include(), options.exclude());
        List<RemoteFile> files =
                client.files(id, commit).stream().filter(f -> filter.accepts(f.path())).toList();
        files.forEach(file -> HubCache.checked(file.path()));
        files.forEach(file -> HubCache.checked(file.etag()));
        fetch(commit, files);
        cache.remember(options.revision(), commit);
        files.forEach(file -> cache.show(commit, file));
        return cache.snapshot(commit);
    }

    private Optional<Path> cached(String reason) {
        Optional<Path> found =
                cache.commit(options.revision()).map(cache::snapshot).filter(Files::isDirectory);
        found.ifPresent(_ ->
                listener.on(
                        Progress.status(id.toString(), reason + ": using what is in the cache")));
        return found;
    }

    private Problem notCached() {
        return new Problem(
                Problem.Code.NOT_FOUND,
                "%s at %s is not in the cache %s, and HF_HUB_OFFLINE is set"
                        .formatted(id, options.revision(), client.settings().cache()));
    }

    private void fetch(String commit, List<RemoteFile> files) {
        Map<String, RemoteFile> missing = new LinkedHashMap<>();
        for (RemoteFile file : files) {
            if (!Files.exists(cache.blob(file.etag()))) {
                missing.put(file.etag(), file);
            }
        }
        long total = missing.values().stream().mapToLong(f -> Math.max(0, f.size())).sum();
        checkSpace(total);
        String status = missing.size() == 1 ? "fetching 1 file" : "fetching %,d files";
        SharedMeter meter =
                new SharedMeter(listener, id.toString(), status.formatted(missing.size()), total);
        FileBytes source = new FileBytes(client.calls(), id, commit);
        Transfers.each(
                List.copyOf(missing.values()),
                options.threads(),
                file -> fetch(source, file, meter));
    }

    private void fetch(FileBytes source, RemoteFile file, SharedMeter meter) {
        try (CachePart part = CachePart.open(cache, file)) {
            if (Files.exists(cache.blob(file.etag()))) {
                meter.add(file.size());
                return; // another process has just fetched it
            }
            long[] seen = {0};
            new Transfer(client.calls().http())
                    .fill(
                            part,
                            source.address(file.path()),
                            client.calls().credentials(),
                            file.size(),
                            length -> {
                                meter.add(length - seen[0]);
                                seen[0] = length;
                            });
            part.finish();
        } catch (IOException e) {
            throw Problem.storage("cannot store " + file.path(), e);
        }
    }

    private void checkSpace(long needed) {
        try {
            Path folder = Files.createDirectories(client.settings().cache());
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free > 0 && free < needed) {
                throw new Problem(
                        Problem.Code.STORAGE,
                        "%s needs %,d MB, but only %,d MB are free in %s"
                                .formatted(id, needed >> 20, free >> 20, folder),
                        "free some space or set HF_HUB_CACHE to a folder on a larger disk");
            }
        } catch (IOException e) {
            throw Problem.storage("cannot use the cache " + client.settings().cache(), e);
        }
    }
}
