package dev.jebena.tracking;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files of a run in a folder of their own, as they lay to each other: the commit of its code
/// as a git worktree with what was not committed, its program or recipe, and its data by content.
///
/// ```java
/// try (RunWorkspace place = RunWorkspace.restore(run, folder, null, null, progress)) {
///     Path recipe = place.place(Path.of(run.command().get(1)));
/// }
/// ```
public final class RunWorkspace implements AutoCloseable {
    /// The tag of a run that was made to compare it with the one that it names.
    public static final String REPRODUCES = "jebena.reproduces";

    /// How `jebena reproduce` tells a program that it starts where its run belongs: the id of the
    /// run that is reproduced and, behind a space, the place of both.
    public static final String VARIABLE = "JEBENA_REPRODUCE";

    private static final String AGAIN = " (again)";
    private static final long COPIED_BYTES = 256L << 20;

    private final RunRecord run;
    private final Path folder;
    private final ProgressListener progress;
    private final Path root;
    private @Nullable GitWorktree code;

    private RunWorkspace(RunRecord run, Path folder, ProgressListener progress) {
        this.run = run;
        this.folder = folder.toAbsolutePath().normalize();
        this.progress = progress;
        root = common(recorded(run));
    }

    /// Restores all files. Throws [Problem] where something is nowhere to be had.
    ///
    /// @param folder an empty folder, or one that is made
    /// @param repository a clone that has the commit; null for where it was recorded
    /// @param data a folder to look for data in, too; null for none
    public static RunWorkspace restore(
            RunRecord run,
            Path folder,
            @Nullable Path repository,
            @Nullable Path data,
            ProgressListener progress) {
        if (run.command().size() < 2) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "run %s does not tell how it was started".formatted(run.id()),
                    "jebena train --track and programs of jebena java record that");
        }
        RunWorkspace place = new RunWorkspace(run, folder, progress);
        try {
            Files.createDirectories(place.folder);
            Files.createDirectories(place.results());
            place.restoreCode(repository);
            place.restoreProgram();
            for (RunInput input : run.inputs()) {
                place.restoreInput(input, data);
            }
        } catch (IOException e) {
            place.close();
            throw Problem.storage("the files of run " + run.id() + " cannot be restored", e);
        } catch (RuntimeException e) {
            place.close();
            throw e;
        }
        return place;
    }

    /// Where a program's own variable says that its runs go; otherwise where it wants.
    static String placeOfRuns(String wanted) {
        String value = System.getenv(VARIABLE);
        return value == null || !value.contains(" ")
                ? wanted
                : value.substring(value.indexOf(' ') + 1);
    }

    static Map<String, String> tags() {
        String value = System.getenv(VARIABLE);
        return value == null ? Map.of() : Map.of(REPRODUCES, value.split(" ", 2)[0]);
    }

    /// What a run is called that was made again.
    public static String again(String name) {
        return name.endsWith(AGAIN) ? name : name + AGAIN;
    }

    private static List<Path> recorded(RunRecord run) {
        List<Path> paths = new ArrayList<>();
        Path program = Path.of(run.command().get(1));
        paths.add(program.resolveSibling("").normalize());
        if (run.command().getFirst().equals("java")) {
            paths.add(run.folder());
        }
        Path code = run.codeRoot();
        if (code != null) {
            paths.add(code);
        }
        run.inputs().forEach(input -> paths.add(lay(run, input).resolveSibling("").normalize()));
        return paths;
    }

    /// Where an input lay. Of a training its name tells that, seen from the recipe; its address may
    /// be that of another run, as the same data set is kept once in an experiment.
    private static Path lay(RunRecord run, RunInput input) {
        return run.command().getFirst().equals("train")
                ? Path.of(run.command().get(1)).resolveSibling(input.name()).normalize()
                : input.path();
    }

    private static Path common(List<Path> folders) {
        Path common = folders.getFirst();
        for (Path folder : folders) {
            while (!folder.startsWith(common)) {
                Path parent = common.getParent();
                common = parent == null ? folder.getRoot() : parent;
            }
        }
        return common;
    }

    /// Where a file or folder lies here that lay at a place when the run was made.
    public Path place(Path recorded) {
        Path whole = recorded.normalize();
        return whole.startsWith(root)
                ? folder.resolve("files").resolve(root.relativize(whole).toString())
                : whole;
    }

    /// An empty folder for what is made here.
    public Path results() {
        return folder.resolve("results");
    }

    private void restoreCode(@Nullable Path repository) throws IOException {
        Path recorded = run.codeRoot();
        String commit = run.commit();
        if (recorded == null || commit == null) {
            return;
        }
        Path from = repository == null ? recorded : repository;
        if (!GitWorktree.has(from, commit)) {
            if (run.command().getFirst().equals("train") && repository == null) {
                progress.on(
                        Progress.status(
                                "code",
                                "%s has no commit %s: only the recorded recipe and data are used"
                                        .formatted(from, commit)));
                return;
            }
            throw new Problem(
                    Problem.Code.NOT_FOUND,
                    "%s has no commit %s, which run %s was made with"
                            .formatted(from, commit, run.id()),
                    "name a clone that has it: --code DIR");
        }
        progress.on(Progress.status("code", "code: commit " + commit));
        code = GitWorktree.add(from, place(recorded), commit);
        if (Boolean.FALSE.equals(run.environment("code").get("diff_is_whole"))) {
            throw Problem.badRequest(
                    "the changes of run %s were too large to be recorded; only commit %s is known"
                            .formatted(run.id(), commit));
        }
        Path diff = folder.resolve("code.diff");
        if (run.download(RunEnvironment.DIFF, diff)) {
            code.apply(diff);
        }
    }

    /// The program as it was, which git may not have.
    private void restoreProgram() throws IOException {
        Path file = Path.of(run.command().get(1));
        Path here = place(file);
        Files.createDirectories(here.resolveSibling("").normalize());
        if (!run.download(RunEnvironment.FOLDER + "program/" + file.getFileName(), here)
                && !Files.exists(here)) {
            throw Problem.notFound("run %s does not have its program %s".formatted(run.id(), file));
        }
    }

    private void restoreInput(RunInput input, @Nullable Path data) throws IOException {
        Path here = place(lay(run, input));
        if (isContent(here, input)) {
            return;
        }
        progress.on(Progress.status("data", "data: " + input.name()));
        Files.createDirectories(here.resolveSibling("").normalize());
        Files.deleteIfExists(here);
        if (run.download(input.place(), here)) {
            if (isContent(here, input)) {
                return;
            }
            throw Problem.badRequest(
                    "%s of run %s is damaged: its hash is not %s"
                            .formatted(input.place(), run.id(), input.content()));
        }
        Optional<Path> found =
                isContent(input.path(), input)
                        ? Optional.of(input.path())
                        : data == null ? Optional.empty() : find(data, input);
        Path source =
                found.orElseThrow(() ->
                        new Problem(
                                Problem.Code.NOT_FOUND,
                                "the data %s (%s) of run %s is not to be had: the run has not kept it, and %s %s"
                                        .formatted(
                                                input.name(),
                                                input.content().brief(),
                                                run.id(),
                                                input.path(),
                                                Files.exists(input.path())
                                                        ? "has other bytes now"
                                                        : "is not there"),
                                "name a folder that has it under any name: --data DIR"));
        if (Files.size(source) <= COPIED_BYTES) {
            Files.copy(source, here);
        } else {
            Files.createSymbolicLink(here, source.toAbsolutePath());
        }
    }

    private static boolean isContent(Path file, RunInput input) throws IOException {
        return Files.isRegularFile(file)
                && (input.bytes() < 0 || Files.size(file) == input.bytes())
                && ContentId.of(file).equals(input.content());
    }

    private static Optional<Path> find(Path data, RunInput input) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                if (isContent(file, input)) {
                    return Optional.of(file);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return Optional.empty();
    }

    /// Git forgets the worktree; its files go with it.
    @Override
    public void close() {
        if (code != null) {
            code.close();
        }
    }
}
