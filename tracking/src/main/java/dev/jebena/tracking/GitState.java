package dev.jebena.tracking;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What git says of a folder.
///
/// @param commit the commit that is checked out
/// @param branch its branch; `HEAD` when none is
/// @param remote where `origin` lies, without credentials; empty for nowhere
/// @param diff what differs from the commit, as a patch; empty for nothing
/// @param untracked names of files that git neither keeps nor ignores
/// @param whole false where the patch was longer than is kept
record GitState(
        String commit,
        String branch,
        String remote,
        String diff,
        List<String> untracked,
        boolean whole) {
    private static final int LONGEST = 4 << 20;
    private static final int MOST_UNTRACKED = 1000;
    private static final long SECONDS = 20;

    /// Null where the folder is in no repository, or git is not installed.
    static @Nullable GitState of(Path folder) {
        Path root = folder.toAbsolutePath();
        String commit = git(root, "rev-parse", "HEAD");
        if (commit == null) {
            return null;
        }
        String diff = orEmpty(git(root, "diff", "--no-ext-diff", "--no-color", "--binary", "HEAD"));
        String names = orEmpty(git(root, "ls-files", "--others", "--exclude-standard"));
        String remote = orEmpty(git(root, "remote", "get-url", "origin")).strip();
        return new GitState(
                commit.strip(),
                orEmpty(git(root, "rev-parse", "--abbrev-ref", "HEAD")).strip(),
                remote.replaceFirst("//[^/@]*@", "//"),
                diff,
                names.lines().limit(MOST_UNTRACKED).toList(),
                diff.length() < LONGEST);
    }

    boolean changed() {
        return !diff.isEmpty() || !untracked.isEmpty();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /// What the command prints, at most [#LONGEST] bytes; null when it fails.
    private static @Nullable String git(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "--no-optional-locks"));
        command.addAll(List.of(arguments));
        if (!Files.isDirectory(folder)) {
            return null;
        }
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().close();
            try (InputStream in = process.getInputStream()) {
                byte[] bytes = in.readNBytes(LONGEST);
                boolean done = bytes.length < LONGEST && process.waitFor(SECONDS, TimeUnit.SECONDS);
                return done && process.exitValue() != 0
                        ? null
                        : new String(bytes, StandardCharsets.UTF_8);
            } finally {
                process.destroy();
            }
        } catch (IOException _) {
            return null;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
