package dev.jebena.hub;

import dev.jebena.base.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/// Which files of a hub's repository make up the model that was asked for.
final class HubChoice {
    private HubChoice() {}

    /// @param selector a quantization (`Q4_K_M`), a file's name or path, or empty
    static List<WantedFile> choose(String repository, String selector, List<RemoteFile> files) {
        List<RemoteFile> gguf =
                files.stream()
                        .filter(f -> FileNames.isGguf(f.path()) && FileNames.isSafe(f.path()))
                        .filter(f -> !isProjector(f.path()))
                        .toList();
        boolean latest = selector.isEmpty() || selector.equals(ModelName.DEFAULT_TAG);
        if (gguf.isEmpty() && latest) {
            return folder(repository, files);
        }
        List<RemoteFile> chosen = latest ? preferred(gguf) : selected(gguf, selector);
        if (chosen.isEmpty()) {
            throw new Problem(
                    Problem.Code.NOT_FOUND,
                    "%s has no GGUF file '%s'".formatted(repository, selector),
                    gguf.isEmpty() ? null : "it has: " + String.join(", ", names(gguf)));
        }
        RemoteFile first = chosen.getFirst();
        String stem = FileNames.splitStem(first.path());
        List<WantedFile> wanted = new ArrayList<>();
        for (RemoteFile file : stem == null ? List.of(first) : gguf) {
            if (stem == null || stem.equals(FileNames.splitStem(file.path()))) {
                wanted.add(wanted(file, FileNames.last(file.path())));
            }
        }
        return wanted;
    }

    private static List<RemoteFile> preferred(List<RemoteFile> gguf) {
        for (String quantization : Quantizations.preferred()) {
            List<RemoteFile> found = selected(gguf, quantization);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return gguf;
    }

    private static List<RemoteFile> selected(List<RemoteFile> gguf, String selector) {
        List<RemoteFile> byName =
                gguf.stream()
                        .filter(f ->
                                f.path().equalsIgnoreCase(selector)
                                        || FileNames.last(f.path()).equalsIgnoreCase(selector))
                        .toList();
        return byName.isEmpty()
                ? gguf.stream()
                        .filter(f -> Quantizations.isNamed(FileNames.last(f.path()), selector))
                        .toList()
                : byName;
    }

    private static List<WantedFile> folder(String repository, List<RemoteFile> files) {
        boolean weights = files.stream().anyMatch(f -> f.path().endsWith(".safetensors"));
        boolean config = files.stream().anyMatch(f -> f.path().equals("config.json"));
        if (!weights || !config) {
            throw new Problem(
                    Problem.Code.NOT_FOUND,
                    repository + " has neither GGUF files nor safetensors with a config.json");
        }
        return files.stream()
                .filter(f -> FileImport.wanted(f.path()))
                .map(f -> wanted(f, f.path()))
                .toList();
    }

    private static WantedFile wanted(RemoteFile file, String title) {
        return new WantedFile(
                title, List.of(file.path()), file.size(), file.sha256(), file.gitId());
    }

    /// The image half of a vision model is a file of its own.
    private static boolean isProjector(String path) {
        return FileNames.last(path).toLowerCase(Locale.ROOT).startsWith("mmproj");
    }

    private static List<String> names(List<RemoteFile> gguf) {
        TreeSet<String> names = new TreeSet<>();
        gguf.forEach(f -> names.add(f.path()));
        return names.stream().limit(20).toList();
    }
}
