package dev.jebena.hub;

import dev.jebena.base.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// The archive of a package: a wheel or jar (ZIP), or npm's gzipped tar, whose files lie below
/// `package/`.
sealed interface PackageArchive extends AutoCloseable {
    /// The bytes of a file; null when there is no file of this path. The caller closes it.
    @Nullable InputStream entry(String path);

    @Override
    void close();

    static PackageArchive open(Path file) {
        try {
            String name = file.toString();
            if (name.endsWith(".tgz") || name.endsWith(".tar.gz")) {
                return new Tarball(file);
            }
            return new Zip(new ZipFile(file.toFile()));
        } catch (IOException e) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "the archive " + file.getFileName() + " cannot be read: " + e.getMessage(),
                    null,
                    e);
        }
    }

    /// A wheel or a jar.
    record Zip(ZipFile file) implements PackageArchive {
        @Override
        public @Nullable InputStream entry(String path) {
            try {
                ZipEntry entry = file.getEntry(path);
                return entry == null || entry.isDirectory() ? null : file.getInputStream(entry);
            } catch (IOException e) {
                throw new Problem(
                        Problem.Code.BAD_FILE,
                        "cannot unpack " + path + ": " + e.getMessage(),
                        null,
                        e);
            }
        }

        @Override
        public void close() {
            try {
                file.close();
            } catch (IOException e) {
                throw Problem.storage("cannot close an archive", e);
            }
        }
    }

    /// A gzipped tar.
    record Tarball(Path file) implements PackageArchive {
        // The stream belongs to the caller.
        @SuppressWarnings("MustBeClosedChecker")
        @Override
        public @Nullable InputStream entry(String path) {
            try {
                InputStream raw = new GZIPInputStream(Files.newInputStream(file), 1 << 16);
                TarReader tar = new TarReader(raw);
                for (String name = tar.next(); name != null; name = tar.next()) {
                    if (name.equals(path) || name.equals("package/" + path)) {
                        return tar.content();
                    }
                }
                raw.close();
                return null;
            } catch (IOException e) {
                throw new Problem(
                        Problem.Code.BAD_FILE,
                        "the archive " + file.getFileName() + " is damaged: " + e.getMessage(),
                        null,
                        e);
            }
        }

        @Override
        public void close() {}
    }
}
