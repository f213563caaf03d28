package dev.jebena.hub;

import dev.jebena.base.BlobStore;
import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Files of a hub's repository. The hub tells the hash of each before it is fetched.
record HubSource(HubRepository repository, HttpFetch http, BlobStore blobs) implements Source {
    @Override
    public String name() {
        return repository.name();
    }

    @Override
    public List<Layer> fetch(List<WantedFile> files, ProgressListener listener) {
        Map<String, RemoteFile> entries =
                repository.files().stream()
                        .collect(
                                Collectors.toMap(
                                        RemoteFile::path, Function.identity(), (a, _) -> a));
        List<Fetchable> all = new ArrayList<>();
        for (WantedFile file : files) {
            all.add(check(file, entries.get(file.paths().getFirst())));
        }
        List<Layer> layers = new ArrayList<>();
        for (Fetchable one : all) {
            ContentId id = fetch(one, listener);
            layers.add(new Layer(Layer.FILE, id, blobs.size(id), one.file().title()));
        }
        return layers;
    }

    private record Fetchable(WantedFile file, RemoteFile entry) {}

    /// Refuses a file that is not the wanted one before anything is fetched.
    private Fetchable check(WantedFile file, @Nullable RemoteFile entry) {
        if (entry == null || file.paths().size() != 1) {
            throw Problem.notFound("it has no file " + file.paths().getFirst());
        }
        if (file.sha256() != null
                && entry.sha256() != null
                && !file.sha256().equals(entry.sha256())) {
            throw new Problem(
                    Problem.Code.BAD_GATEWAY,
                    "its %s is another file: SHA-256 %s instead of %s"
                            .formatted(
                                    entry.path(), entry.sha256().brief(), file.sha256().brief()));
        }
        return new Fetchable(file, entry);
    }

    private ContentId fetch(Fetchable wanted, ProgressListener listener) {
        RemoteFile entry = wanted.entry();
        ContentId expected = entry.sha256() != null ? entry.sha256() : wanted.file().sha256();
        if (expected != null && blobs.contains(expected)) {
            return expected;
        }
        if (entry.sha256() != null && entry.size() >= 0) {
            return new Download(http, blobs, listener)
                    .fetch(
                            repository.address(entry.path()),
                            repository.headers(),
                            wanted.file().title(),
                            entry.size(),
                            entry.sha256());
        }
        return small(wanted, expected, listener);
    }

    /// A file that git holds itself: small, and named by git's own hash.
    private ContentId small(
            Fetchable wanted, @Nullable ContentId expected, ProgressListener listener) {
        byte[] bytes = repository.bytes(wanted.entry());
        new ByteMeter(listener, wanted.file().title(), "pulling", bytes.length, null)
                .at(bytes.length);
        ContentId id = ContentId.of(bytes);
        if (expected != null && !expected.equals(id)) {
            throw new Problem(
                    Problem.Code.BAD_GATEWAY,
                    "its %s is another file: SHA-256 %s instead of %s"
                            .formatted(wanted.entry().path(), id.brief(), expected.brief()));
        }
        return blobs.put(bytes);
    }
}
