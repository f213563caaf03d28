package dev.jebena.hub;

import dev.jebena.base.BlobStore;
import dev.jebena.base.ContentId;
import dev.jebena.base.PathLock;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Files inside packages of a package manager.
///
/// @param items the packages; a file may be in any of them
/// @param bytes sizes of the packages for progress; may be empty
/// @param folder where archives are kept until they have been unpacked
/// @param environment settings that the program is run with
record PackageSource(
        PackageTool tool,
        List<String> items,
        List<Long> bytes,
        Path folder,
        Map<String, String> environment,
        BlobStore blobs)
        implements Source {
    @Override
    public String name() {
        int more = items.size() - 1;
        return tool.command()
                + " "
                + items.getFirst()
                + (more == 0 ? "" : " and " + more + " more");
    }

    @Override
    public List<Layer> fetch(List<WantedFile> files, ProgressListener listener) {
        List<PathLock> locks = new ArrayList<>();
        try {
            // In the order of their names, so that two pulls cannot wait for each other.
            new TreeMap<>(keys()).forEach((key, item) -> locks.add(lock(key, item, listener)));
            return fetchAlone(files, listener);
        } finally {
            locks.forEach(PathLock::close);
        }
    }

    private Map<String, String> keys() {
        Map<String, String> keys = new TreeMap<>();
        items.forEach(item -> keys.put(key(item), item));
        return keys;
    }

    private String key(String item) {
        return tool.command() + "-" + ContentId.of(item).hex().substring(0, 24);
    }

    private PathLock lock(String key, String item, ProgressListener listener) {
        Progress waiting = Progress.status(item, "waiting for another download of " + item);
        return PathLock.exclusive(folder.resolve(key + ".lock"), () -> listener.on(waiting));
    }

    private List<Layer> fetchAlone(List<WantedFile> files, ProgressListener listener) {
        if (files.stream().allMatch(this::isThere)) {
            return files.stream().map(f -> unpack(f, List.of(), listener)).toList();
        }
        List<PackageFetch> fetches = new ArrayList<>();
        List<PackageArchive> archives = new ArrayList<>();
        try {
            for (int i = 0; i < items.size(); i++) {
                PackageFetch fetch =
                        new PackageFetch(folder.resolve(key(items.get(i))), tool, environment);
                fetches.add(fetch);
                long size = i < bytes.size() ? bytes.get(i) : -1;
                archives.add(PackageArchive.open(fetch.archive(items.get(i), size, listener)));
            }
            List<Layer> layers = new ArrayList<>();
            for (WantedFile file : files) {
                layers.add(unpack(file, archives, listener));
            }
            fetches.forEach(PackageFetch::forget);
            return layers;
        } catch (Problem e) {
            // An archive that does not hold what it should is of no use the next time either.
            if (e.code() == Problem.Code.BAD_FILE) {
                fetches.forEach(PackageFetch::forget);
            }
            throw e;
        } finally {
            archives.forEach(PackageArchive::close);
        }
    }

    private boolean isThere(WantedFile file) {
        return file.sha256() != null && blobs.contains(file.sha256());
    }

    private Layer unpack(
            WantedFile file, List<PackageArchive> archives, ProgressListener listener) {
        if (file.sha256() != null && blobs.contains(file.sha256())) {
            return new Layer(Layer.FILE, file.sha256(), blobs.size(file.sha256()), file.title());
        }
        ByteMeter meter =
                new ByteMeter(listener, file.title(), "unpacking", file.size(), file.sha256());
        long limit = file.size() >= 0 ? file.size() : Long.MAX_VALUE;
        List<InputStream> parts = new ArrayList<>();
        for (String path : file.paths()) {
            parts.add(entry(path, archives));
        }
        try (InputStream all = new SequenceInputStream(Collections.enumeration(parts))) {
            ContentId id = blobs.put(all, limit, file.sha256(), meter::at);
            return new Layer(Layer.FILE, id, blobs.size(id), file.title());
        } catch (IOException e) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "cannot unpack " + file.title() + ": " + e.getMessage(),
                    null,
                    e);
        }
    }

    private static InputStream entry(String path, List<PackageArchive> archives) {
        for (PackageArchive archive : archives) {
            InputStream found = archive.entry(path);
            if (found != null) {
                return found;
            }
        }
        throw new Problem(Problem.Code.BAD_FILE, "the package has no file " + path);
    }
}
