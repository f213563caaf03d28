package dev.jebena.serving;

import dev.jebena.base.BlobStore;
import dev.jebena.base.DocumentStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the server keeps for its clients: responses, conversations, files, batches. Opened when
/// first used. Safe for use by many threads.
final class ServerData implements AutoCloseable {
    private final Path folder;
    private @Nullable DocumentStore documents;
    private @Nullable BlobStore blobs;

    ServerData(Path folder) {
        this.folder = folder;
    }

    /// A file of this name beside the data.
    Path file(String name) {
        return folder.resolve(name);
    }

    /// Whether anything was ever kept.
    boolean exists() {
        return Files.exists(file("documents.db"));
    }

    synchronized DocumentStore documents() {
        DocumentStore open = documents;
        if (open == null) {
            open = DocumentStore.open(file("documents.db"));
            documents = open;
        }
        return open;
    }

    /// The contents of files.
    synchronized BlobStore blobs() {
        BlobStore open = blobs;
        if (open == null) {
            open = BlobStore.open(folder.resolve("files"));
            blobs = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        if (documents != null) {
            documents.close();
        }
    }
}
