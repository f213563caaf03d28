package dev.jebena.governance;

import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Looks for what is dangerous in the files of a model or data set, without running any of it.
/// Files are read as streams; memory and time are bounded whatever is in them.
///
/// ```java
/// ScanReport report = Scan.of(Path.of("model"), ScanOptions.defaults());
/// if (report.level() == ScanLevel.UNSAFE) ...
/// ```
public final class Scan {
    private static final int MOST_FILES = 1_000_000;

    private Scan() {}

    /// Scans a file, or all files of a folder.
    public static ScanReport of(Path path, ScanOptions options) {
        return of(files(path), options);
    }

    /// Scans files.
    ///
    /// @param files by the names that the report gives them
    public static ScanReport of(Map<String, Path> files, ScanOptions options) {
        List<FileReport> reports = new ArrayList<>();
        Checksums listed = Checksums.of(files);
        files.forEach((name, file) -> reports.add(new FileScan(name, options).of(file, listed)));
        return new ScanReport(reports);
    }

    /// The files below a folder by their names in it, or the file itself; `.git` is left out.
    static Map<String, Path> files(Path path) {
        if (!Files.isDirectory(path)) {
            if (!Files.exists(path)) {
                throw Problem.notFound("no such file or folder: " + path);
            }
            return Map.of(String.valueOf(path.getFileName()), path);
        }
        Map<String, Path> files = new TreeMap<>();
        try {
            // The path itself may be a link to the folder.
            Path root = path.toRealPath();
            Files.walkFileTree(
                    root,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes attributes) {
                            return folder.endsWith(".git")
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            files.put(root.relativize(file).toString().replace('\\', '/'), file);
                            if (files.size() > MOST_FILES) {
                                throw new Problem(
                                        Problem.Code.TOO_LARGE,
                                        "%s has more than %d files".formatted(path, MOST_FILES));
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw Problem.storage("cannot read " + path, e);
        }
        return files;
    }
}
