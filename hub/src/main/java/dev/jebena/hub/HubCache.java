package dev.jebena.hub;

import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/// The folder of one repository in the cache of Hugging Face's Python client: `blobs` are named by
/// the hub's `ETag`, `snapshots/<commit>` shows them under their paths as links, and `refs` tells
/// the commit that a branch or tag had when it was last asked for.
record HubCache(Path folder) {
    private static final String TAG = "Signature: 8a477f597d28d172789f06886806bc55\n";

    static HubCache of(Path cache, RepoId id) {
        return new HubCache(
                cache.resolve(id.kind().plural() + "--" + id.name().replace("/", "--")));
    }

    Path blob(String etag) {
        return folder.resolve("blobs").resolve(etag);
    }

    Path snapshot(String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    /// Taken while a blob is fetched, between processes of ours.
    Path lock(String etag) {
        String name = String.valueOf(folder.getFileName());
        return folder.resolveSibling(".locks").resolve(name).resolve(etag + ".jebena.lock");
    }

    /// The commit that a revision had when the hub was last asked.
    Optional<String> commit(String revision) {
        if (Files.isDirectory(snapshot(checked(revision)))) {
            return Optional.of(revision);
        }
        Path ref = folder.resolve("refs").resolve(revision);
        try {
            return Files.isRegularFile(ref)
                    ? Optional.of(checked(Files.readString(ref).strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw Problem.storage("cannot read " + ref, e);
        }
    }

    void remember(String revision, String commit) {
        try {
            Path tag = folder.resolveSibling("CACHEDIR.TAG");
            if (!Files.exists(tag)) {
                Files.createDirectories(folder);
                Files.writeString(tag, TAG);
            }
            if (!revision.equals(commit)) {
                DurableFiles.write(folder.resolve("refs").resolve(checked(revision)), commit);
            }
            Files.createDirectories(snapshot(commit));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /// Shows a blob under its path; as a copy where the file system has no links.
    void show(String commit, RemoteFile file) {
        Path place = snapshot(commit).resolve(file.path());
        if (Files.exists(place)) {
            return;
        }
        Path blob = blob(file.etag());
        Path parent = place.toAbsolutePath().getParent();
        try {
            if (parent != null) {
                Files.createDirectories(parent);
                link(place, parent.relativize(blob.toAbsolutePath()), blob);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static void link(Path place, Path target, Path blob) throws IOException {
        try {
            if (Files.isSymbolicLink(place)) {
                Files.delete(place); // its blob was removed
            }
            Files.createSymbolicLink(place, target);
        } catch (FileAlreadyExistsException _) {
            // Another process has just made it.
        } catch (UnsupportedOperationException _) {
            Files.copy(blob, place, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /// A name of the hub's becomes one of a file: it must stay inside the folder.
    static String checked(String name) {
        boolean safe = !name.isEmpty() && name.length() <= 400 && !name.contains("\\");
        for (String part : name.split("/", -1)) {
            safe &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
            safe &= part.getBytes(StandardCharsets.UTF_8).length <= 255;
            safe &= part.chars().noneMatch(c -> c < ' ' || (c == ':' && isWindows()));
        }
        if (!safe) {
            throw new Problem(
                    Problem.Code.BAD_GATEWAY,
                    "refused '%s': it would leave the folder of downloads".formatted(name));
        }
        return name;
    }

    private static boolean isWindows() {
        return java.io.File.separatorChar == '\\';
    }

    private Problem unwritable(IOException e) {
        Problem problem = Problem.storage("cannot write to " + folder, e);
        return new Problem(
                problem.code(),
                problem.summary(),
                "free some space, or set HF_HUB_CACHE to a folder that can be written to",
                e);
    }
}
