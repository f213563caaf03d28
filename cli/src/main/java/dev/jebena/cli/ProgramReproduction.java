package dev.jebena.cli;

import dev.jebena.base.Problem;
import dev.jebena.tracking.RunRecord;
import dev.jebena.tracking.RunWorkspace;
import dev.jebena.tracking.TrackingClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts a program of one file again, as `jebena java` did, in a workspace that has its files.
record ProgramReproduction(
        TrackingClient client, String place, RunRecord run, RunWorkspace workspace) {
    /// Where the launcher tells what it is called.
    private static final String LAUNCHER = "JEBENA_LAUNCHER";

    /// The new run's id.
    String start() throws IOException {
        String launcher = System.getenv(LAUNCHER);
        if (launcher == null) {
            throw new UserError("programs are started by the launcher ./jebena; use it for this");
        }
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(words());
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder().toFile()).redirectErrorStream(true);
        builder.environment().put(RunWorkspace.VARIABLE, run.id() + " " + whole(place));
        long began = System.currentTimeMillis();
        int status = wait(builder.start());
        if (status != 0) {
            throw new UserError("the program ended with exit code " + status);
        }
        return made(began);
    }

    private Path folder() throws IOException {
        return Files.createDirectories(workspace.place(run.folder()));
    }

    /// The recorded words; absolute paths of what the workspace has become those there.
    private List<String> words() {
        List<String> words = new ArrayList<>(run.command());
        for (int i = 1; i < words.size(); i++) {
            if (words.get(i).startsWith("/")) {
                Path here = workspace.place(Path.of(words.get(i)));
                if (Files.exists(here)) {
                    words.set(i, here.toString());
                }
            }
        }
        return words;
    }

    private static String whole(String place) {
        return place.matches("(?i)https?://.*")
                ? place
                : Path.of(place).toAbsolutePath().toString();
    }

    private static int wait(Process process) throws IOException {
        process.getOutputStream().close();
        try (var printed = process.getInputStream()) {
            // What the program prints is not this command's answer.
            printed.transferTo(System.err);
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Code.UNAVAILABLE, "interrupted", null, e);
        }
    }

    private String made(long began) {
        String named =
                run.name().contains("'")
                        ? ""
                        : " and attributes.run_name = '" + RunWorkspace.again(run.name()) + "'";
        RunFinder.Query query =
                new RunFinder.Query(
                        run.experimentName(),
                        "tags.`%s` = '%s' and attributes.start_time >= %d"
                                        .formatted(RunWorkspace.REPRODUCES, run.id(), began)
                                + named,
                        List.of("attributes.start_time ASC"),
                        1,
                        false);
        List<RunView> found = RunFinder.list(client, query);
        if (found.isEmpty()) {
            throw new UserError("the program recorded no run this time");
        }
        return found.getFirst().id();
    }
}
