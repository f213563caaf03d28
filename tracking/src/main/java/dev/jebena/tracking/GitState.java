package dev.jebena.tracking;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What git says of a folder.
///
/// @param root the folder of the whole repository
/// @param commit the commit that is checked out
/// @param branch its branch; `HEAD` when none is
/// @param remote where `origin` lies, without credentials; empty for nowhere
/// @param diff what differs from the commit, as a patch, with small text files that git does not
///   keep yet; empty for nothing
/// @param untracked names of files that git neither keeps nor ignores
/// @param whole false where the patch was longer than is kept
record GitState(
        String root,
        String commit,
        String branch,
        String remote,
        String diff,
        List<String> untracked,
        boolean whole) {
    static final int LONGEST = 4 << 20;
    private static final int LONGEST_NEW_FILE = 256 << 10;
    private static final int MOST_UNTRACKED = 1000;
    private static final long SECONDS = 20;

    /// Null where the folder is in no repository, or git is not installed.
    static @Nullable GitState of(Path folder) {
        Path place = folder.toAbsolutePath();
        String commit = git(place, Map.of(), "rev-parse", "HEAD");
        String top = git(place, Map.of(), "rev-parse", "--show-toplevel");
        if (commit == null || top == null) {
            return null;
        }
        Path root = Path.of(top.strip());
        String names =
                orEmpty(git(root, Map.of(), "ls-files", "--others", "--exclude-standard", "-z"));
        List<String> untracked =
                Stream.of(names.split("\0"))
                        .filter(n -> !n.isEmpty())
                        .limit(MOST_UNTRACKED)
                        .toList();
        String diff = diff(root, untracked);
        String remote = orEmpty(git(root, Map.of(), "remote", "get-url", "origin")).strip();
        return new GitState(
                root.toString(),
                commit.strip(),
                orEmpty(git(root, Map.of(), "rev-parse", "--abbrev-ref", "HEAD")).strip(),
                remote.replaceFirst("//[^/@]*@", "//"),
                diff,
                untracked,
                diff.length() < LONGEST);
    }

    /// New files become a part of the patch through a copy of git's index, which stays as it is.
    private static String diff(Path root, List<String> untracked) {
        String[] command = {"diff", "--no-ext-diff", "--no-color", "--binary", "HEAD"};
        List<String> texts = untracked.stream().filter(n -> isSmallText(root.resolve(n))).toList();
        String index = git(root, Map.of(), "rev-parse", "--git-path", "index");
        if (texts.isEmpty() || index == null) {
            return orEmpty(git(root, Map.of(), command));
        }
        try {
            Path copy = Files.createTempFile("jebena", ".index");
            Path names = Files.createTempFile("jebena", ".names");
            try {
                Path now = root.resolve(index.strip());
                if (Files.exists(now)) {
                    Files.copy(now, copy, StandardCopyOption.REPLACE_EXISTING);
                } else {
                    Files.delete(copy);
                }
                Files.writeString(names, String.join("\0", texts) + "\0");
                Map<String, String> other = Map.of("GIT_INDEX_FILE", copy.toString());
                git(
                        root,
                        other,
                        "add",
                        "--intent-to-add",
                        "--pathspec-from-file=" + names,
                        "--pathspec-file-nul");
                return orEmpty(git(root, other, command));
            } finally {
                Files.deleteIfExists(copy);
                Files.deleteIfExists(names);
            }
        } catch (IOException _) {
            return orEmpty(git(root, Map.of(), command));
        }
    }

    /// What people write is text; what programs write lies beside it and may be large.
    private static boolean isSmallText(Path file) {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(file) > LONGEST_NEW_FILE) {
                return false;
            }
            for (byte one : Files.readAllBytes(file)) {
                if (one == 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    boolean changed() {
        return !diff.isEmpty() || !untracked.isEmpty();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /// What the command prints, at most [#LONGEST] bytes; null when it fails.
    private static @Nullable String git(
            Path folder, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "--no-optional-locks"));
        command.addAll(List.of(arguments));
        if (!Files.isDirectory(folder)) {
            return null;
        }
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(environment);
            Process process = builder.start();
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
