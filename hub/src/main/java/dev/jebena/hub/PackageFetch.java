package dev.jebena.hub;

import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Runs a package manager to get the archive of one package. A finished archive stays in the
/// package's folder until [#forget], so that a pull that was killed goes on from there.
final class PackageFetch {
    private final Path folder;
    private final Map<String, String> environment;
    private final PackageTool tool;

    /// @param folder where archives are kept; the caller has it alone
    PackageFetch(Path folder, PackageTool tool, Map<String, String> environment) {
        this.folder = folder;
        this.tool = tool;
        this.environment = environment;
    }

    /// The package's archive: a wheel, a tarball or a jar.
    ///
    /// @param bytes its size when it is known, for progress; else -1
    Path archive(String item, long bytes, ProgressListener listener) {
        Path done = folder.resolve("archive");
        try {
            Path archive = only(done);
            if (archive != null) {
                return archive;
            }
            DurableFiles.deleteTree(folder);
            // A new name each time: a program that a killed process left may still write into the
            // old one.
            Path work = Files.createDirectories(DurableFiles.temporary(folder));
            Path target = Files.createDirectories(work.resolve("out"));
            run(
                    item,
                    target,
                    work,
                    new ByteMeter(listener, item, tool.command() + " download", bytes, null));
            Path fetched = only(target);
            if (fetched == null) {
                throw new Problem(
                        Problem.Code.BAD_GATEWAY,
                        tool.command() + " fetched no archive of " + item);
            }
            DurableFiles.sync(fetched);
            DurableFiles.move(target, done);
            DurableFiles.deleteTree(work);
            return done.resolve(fetched.getFileName());
        } catch (IOException e) {
            throw Problem.storage("cannot keep the package " + item, e);
        }
    }

    void forget() {
        try {
            DurableFiles.deleteTree(folder);
        } catch (IOException e) {
            throw Problem.storage("cannot clean up " + folder, e);
        }
    }

    private static @org.jspecify.annotations.Nullable Path only(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return null;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).findFirst().orElse(null);
        }
    }

    private void run(String item, Path target, Path work, ByteMeter meter) throws IOException {
        Path log = folder.resolve("log.txt"); // outside of what is watched
        Process process = start(item, target, work, log);
        try {
            process.getOutputStream().close();
            meter.at(0);
            while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
                long size = size(work);
                for (Path watched : tool.watched(item, work)) {
                    size += size(watched);
                }
                meter.at(size);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Code.UNAVAILABLE, "interrupted", null, e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        if (process.exitValue() != 0) {
            throw new Problem(
                    Problem.Code.BAD_GATEWAY,
                    "%s says: %s".formatted(tool.command(), reason(log, process.exitValue())));
        }
    }

    private Process start(String item, Path target, Path work, Path log) throws IOException {
        if (!tool.isValid(item)) {
            throw Problem.badRequest("not a package: '" + item + "'");
        }
        for (List<String> program : tool.programs(environment)) {
            ProcessBuilder builder =
                    new ProcessBuilder(tool.commandLine(program, item, target, work))
                            .directory(work.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            // Package managers download into the temporary folder: here it can be watched, and is
            // cleaned up.
            for (String name : List.of("TMPDIR", "TEMP", "TMP")) {
                builder.environment().put(name, work.toString());
            }
            try {
                return builder.start();
            } catch (IOException _) {
                // Not installed under this name: the next one.
            }
        }
        throw Problem.notFound(tool.command() + " is not installed");
    }

    /// The last line that tells of an error, else the last line.
    private static String reason(Path log, int exit) throws IOException {
        String text;
        try (InputStream in = Files.newInputStream(log)) {
            in.skipNBytes(Math.max(0, Files.size(log) - 16_000));
            text = new String(in.readNBytes(16_000), StandardCharsets.UTF_8);
        }
        List<String> lines = text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
        String last = lines.isEmpty() ? "exit status " + exit : lines.getLast();
        String line =
                lines.reversed().stream()
                        .filter(l -> l.toLowerCase(java.util.Locale.ROOT).contains("err"))
                        .findFirst()
                        .orElse(last);
        return line.length() > 300 ? line.substring(0, 300) + "..." : line;
    }

    private static long size(Path folder) throws IOException {
        long[] total = {0};
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        total[0] += attributes.size();
                        return FileVisitResult.CONTINUE;
                    }

                    // Files come and go while the program runs.
                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path folder, @org.jspecify.annotations.Nullable IOException e) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        return total[0];
    }
}
