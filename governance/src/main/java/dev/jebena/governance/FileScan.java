package dev.jebena.governance;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/// Scans one file, and what lies in it if it is an archive. What a file is follows from its bytes
/// first, from its name only where these do not tell.
final class FileScan {
    private static final int MOST_FINDINGS = 1_000;

    /// Files that are weights or settings: a program under such a name is in disguise.
    private static final Set<String> NO_PROGRAMS =
            Set.of(
                    "safetensors",
                    "gguf",
                    "ggml",
                    "bin",
                    "pt",
                    "pth",
                    "ckpt",
                    "onnx",
                    "pkl",
                    "npy",
                    "npz",
                    "h5",
                    "keras",
                    "json",
                    "txt",
                    "md",
                    "model",
                    "jinja",
                    "yaml",
                    "yml",
                    "csv",
                    "parquet",
                    "jpg",
                    "jpeg",
                    "png",
                    "gif",
                    "pdf",
                    "wav",
                    "mp3",
                    "mp4");

    private final String name;
    private final ScanBudget budget;
    private final List<ScanFinding> findings = new ArrayList<>();
    private final Map<String, PickleImport> imports = new LinkedHashMap<>();

    FileScan(String name, ScanOptions options) {
        this.name = name;
        this.budget = new ScanBudget(options);
    }

    FileReport of(Path file, Checksums checksums) {
        long size = 0;
        try {
            if (!Files.isRegularFile(file)) {
                add(
                        ScanKind.INCOMPLETE,
                        ScanLevel.SUSPICIOUS,
                        name,
                        Files.isSymbolicLink(file)
                                ? "a link that leads to no file"
                                : "neither a file nor a folder",
                        "replace it by the file itself");
                return new FileReport(name, 0, findings, List.of());
            }
            size = Files.size(file);
            compare(file, checksums.expected(name, file));
            try (InputStream in = Files.newInputStream(file)) {
                content(name, in, file, 0);
            }
        } catch (ScanBudget.Exhausted e) {
            add(
                    ScanKind.ARCHIVE,
                    ScanLevel.UNSAFE,
                    name,
                    String.valueOf(e.getMessage()),
                    "do not unpack it; it may be an archive bomb");
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // A file made to break the scan is still one that was not looked into.
            add(ScanKind.INCOMPLETE, ScanLevel.SUSPICIOUS, name, "cannot be looked into: " + e, "");
        }
        return new FileReport(name, size, findings, List.copyOf(imports.values()));
    }

    private void compare(Path file, @Nullable String expected) {
        if (expected == null) {
            return;
        }
        try {
            String found = ContentId.of(file).hex();
            if (!found.equals(expected)) {
                add(
                        ScanKind.HASH,
                        ScanLevel.UNSAFE,
                        name,
                        "its SHA-256 is %s instead of %s".formatted(found, expected),
                        "download it again, from a place that you trust");
            }
        } catch (Problem e) {
            add(ScanKind.INCOMPLETE, ScanLevel.SUSPICIOUS, name, e.summary(), "");
        }
    }

    void add(ScanKind kind, ScanLevel level, String path, String what, String remedy) {
        add(new ScanFinding(kind, level, path, "", what, remedy));
    }

    void add(ScanFinding finding) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(finding);
        }
    }

    /// Notes an archive that cannot be read to its end.
    void damaged(String path, String kind, IOException e) {
        add(
                ScanKind.FORMAT,
                ScanLevel.SUSPICIOUS,
                path,
                "the %s is damaged: %s".formatted(kind, e.getMessage()),
                "download it again");
    }

    ScanBudget budget() {
        return budget;
    }

    /// Scans what `in` gives.
    ///
    /// @param path as findings call it
    /// @param file the same bytes as a file of their own; null within archives
    /// @param depth number of archives around it
    void content(String path, InputStream in, @Nullable Path file, int depth) throws IOException {
        if (depth > budget.depth()) {
            throw new ScanBudget.Exhausted(
                    "it has archives within archives, deeper than " + budget.depth());
        }
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        buffered.mark(FileKind.HEAD);
        byte[] head = buffered.readNBytes(FileKind.HEAD);
        buffered.reset();
        FileKind kind = FileKind.of(head, path);
        switch (kind) {
            case ZIP, GZIP, TAR, ZLIB, OTHER_ARCHIVE -> archive(kind, path, buffered, file, depth);
            case PICKLE, OLD_PICKLE -> pickle(path, buffered, true);
            case NUMPY -> numpy(path, buffered);
            case EXECUTABLE -> executable(path, head);
            case HDF5 -> KerasScan.of(this, path, buffered);
            case SCRIPT, TEXT -> {
                String type = FileKind.ending(path);
                if (kind == FileKind.SCRIPT && NO_PROGRAMS.contains(type)) {
                    executable(path, head);
                }
                TextScan.of(this, path, head, buffered);
                format(kind, path, file);
            }
            case GGUF, BINARY -> {
                if (FileKind.isPickleName(path)) {
                    pickle(path, buffered, false);
                }
                format(kind, path, file);
            }
        }
    }

    private void archive(FileKind kind, String path, InputStream in, @Nullable Path file, int depth)
            throws IOException {
        switch (kind) {
            case ZIP -> ZipScan.of(this, path, in, file, depth);
            case TAR -> TarScan.of(this, path, in, depth);
            case GZIP -> new GzipScan(this, path).of(in, depth);
            case ZLIB ->
                    content(
                            path + "!content",
                            budget.counting(new InflaterInputStream(in)),
                            null,
                            depth + 1);
            default ->
                    add(
                            ScanKind.INCOMPLETE,
                            ScanLevel.SUSPICIOUS,
                            path,
                            "an archive of a kind that is not looked into",
                            "unpack it and scan the folder");
        }
    }

    private void format(FileKind kind, String path, @Nullable Path file) {
        if (file != null) {
            FormatScan.of(this, path, kind, file);
        }
    }

    /// @param sure whether it is known to be a pickle
    private void pickle(String path, InputStream in, boolean sure) throws IOException {
        PickleScan.Result result = PickleScan.of(in, FileKind.ending(path).equals("joblib"));
        if (!sure && result.pickles() == 0 && result.imports().isEmpty()) {
            return;
        }
        for (PickleImport found : result.imports()) {
            imports.putIfAbsent(found.toString(), found);
            if (found.safety() == ImportSafety.DANGEROUS) {
                add(
                        ScanKind.PICKLE,
                        ScanLevel.UNSAFE,
                        path,
                        "imports %s (%s)".formatted(found, found.reason()),
                        "do not load it; ask for the weights as safetensors");
            } else if (found.safety() == ImportSafety.SUSPICIOUS) {
                add(
                        ScanKind.PICKLE,
                        ScanLevel.SUSPICIOUS,
                        path,
                        "imports " + found + ", which is not in the table of harmless names",
                        "load it only if you trust who made it");
            }
        }
        if (result.damage() != null && result.pickles() == 0) {
            boolean expected = FileKind.isPickleName(path);
            add(
                    ScanKind.INCOMPLETE,
                    expected ? ScanLevel.SUSPICIOUS : ScanLevel.SAFE,
                    path,
                    "the pickle cannot be read to its end: " + result.damage(),
                    "what it imports before that is listed");
        }
    }

    /// A `.npy` file of objects is a header and a pickle.
    private void numpy(String path, InputStream in) throws IOException {
        byte[] start = in.readNBytes(10);
        if (start.length < 10) {
            return;
        }
        int length = (start[8] & 0xff) | (start[9] & 0xff) << 8;
        if (start[6] > 1) {
            byte[] more = in.readNBytes(2);
            length |= more.length < 2 ? 0 : (more[0] & 0xff) << 16 | (more[1] & 0xff) << 24;
        }
        String header =
                new String(
                        in.readNBytes(Math.clamp(length, 0, 1 << 16)),
                        java.nio.charset.StandardCharsets.ISO_8859_1);
        if (header.matches("(?s).*'descr':[^,]*O.*")) {
            pickle(path, in, true);
        }
    }

    private void executable(String path, byte[] head) {
        String type = FileKind.ending(path);
        boolean hidden = NO_PROGRAMS.contains(type);
        String kind =
                switch (head[0]) {
                    case 0x7f -> "an ELF program or library";
                    case 'M' -> "a Windows program or library";
                    case '#' -> "a script";
                    case 0 -> "a WebAssembly program";
                    case 'd' -> "an Android program";
                    default -> "a macOS program or a Java class";
                };
        add(
                ScanKind.EXECUTABLE,
                hidden ? ScanLevel.UNSAFE : ScanLevel.SUSPICIOUS,
                path,
                kind
                        + (hidden
                                ? " under the name of a ." + type.toLowerCase(Locale.ROOT) + " file"
                                : ""),
                hidden ? "do not use it" : "run it only if you trust who made it");
    }
}
