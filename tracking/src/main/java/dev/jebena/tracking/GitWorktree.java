package dev.jebena.tracking;

import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A commit of a git repository, checked out into a folder of its own.
final class GitWorktree implements AutoCloseable {
    private static final int LONGEST_OUTPUT = 16_384;

    private final Path repository;
    private final Path folder;

    private GitWorktree(Path repository, Path folder) {
        this.repository = repository;
        this.folder = folder;
    }

    /// Whether a folder is in a repository that has this commit.
    static boolean has(Path folder, String commit) {
        return commit.matches("[0-9a-f]{7,64}")
                && Files.isDirectory(folder)
                && git(folder, "cat-file", "-e", commit + "^{commit}").status() == 0;
    }

    /// Throws [Problem] with git's words where it refuses.
    static GitWorktree add(Path repository, Path folder, String commit) throws IOException {
        Files.createDirectories(folder.resolveSibling("").normalize());
        checked(repository, "worktree", "add", "--detach", "--quiet", folder.toString(), commit);
        return new GitWorktree(repository, folder);
    }

    /// Applies a patch.
    void apply(Path patch) {
        checked(folder, "apply", "--whitespace=nowarn", patch.toAbsolutePath().toString());
    }

    private record Reply(int status, String text) {}

    private static void checked(Path folder, String... arguments) {
        Reply reply = git(folder, arguments);
        if (reply.status() != 0) {
            throw Problem.badRequest(
                    "git %s in %s failed: %s"
                            .formatted(arguments[0], folder, reply.text().strip()));
        }
    }

    private static Reply git(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            try (var in = process.getInputStream()) {
                String text = new String(in.readNBytes(LONGEST_OUTPUT), StandardCharsets.UTF_8);
                in.skip(Long.MAX_VALUE);
                return new Reply(process.waitFor(), text);
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            throw new Problem(Problem.Code.UNAVAILABLE, "git cannot be started", "install git", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Code.UNAVAILABLE, "interrupted during git", null, e);
        }
    }

    @Override
    public void close() {
        git(repository, "worktree", "remove", "--force", folder.toString());
    }
}
