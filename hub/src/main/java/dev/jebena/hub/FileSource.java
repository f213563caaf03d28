package dev.jebena.hub;

import dev.jebena.base.BlobStore;
import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Files that lie on this machine already.
///
/// @param path a folder that holds the files, or the one file
record FileSource(Path path, BlobStore blobs) implements Source {
    @Override
    public String name() {
        return "file " + path;
    }

    @Override
    public List<Layer> fetch(List<WantedFile> files, ProgressListener listener) {
        List<Layer> layers = new ArrayList<>();
        for (WantedFile file : files) {
            Path from = Files.isDirectory(path) ? path.resolve(file.paths().getFirst()) : path;
            if (!Files.isRegularFile(from)) {
                throw Problem.notFound("no such file: " + from);
            }
            ByteMeter meter =
                    new ByteMeter(listener, file.title(), "copying", file.size(), file.sha256());
            try (InputStream in = Files.newInputStream(from)) {
                ContentId id = blobs.put(in, Long.MAX_VALUE, file.sha256(), meter::at);
                layers.add(new Layer(Layer.FILE, id, blobs.size(id), file.title()));
            } catch (IOException e) {
                throw Problem.storage("cannot read " + from, e);
            }
        }
        return layers;
    }
}
