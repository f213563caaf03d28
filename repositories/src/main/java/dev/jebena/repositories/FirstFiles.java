package dev.jebena.repositories;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a new repository holds.
final class FirstFiles {
    /// Endings of files that a new repository keeps as large ones.
    private static final List<String> LARGE =
            List.of(
                    "7z",
                    "arrow",
                    "avro",
                    "bin",
                    "bz2",
                    "ckpt",
                    "ftz",
                    "gguf",
                    "gz",
                    "h5",
                    "joblib",
                    "lz4",
                    "mds",
                    "mlmodel",
                    "model",
                    "msgpack",
                    "npy",
                    "npz",
                    "onnx",
                    "ot",
                    "parquet",
                    "pb",
                    "pickle",
                    "pkl",
                    "pt",
                    "pth",
                    "rar",
                    "safetensors",
                    "tar",
                    "tflite",
                    "tgz",
                    "wasm",
                    "xz",
                    "zip",
                    "zst");

    /// Sound and pictures, which data sets hold.
    private static final List<String> MEDIA =
            List.of(
                    "aac", "bmp", "flac", "gif", "jpeg", "jpg", "mp3", "mp4", "ogg", "pcm", "png",
                    "tiff", "wav", "webm", "webp");

    private FirstFiles() {}

    /// @param sdk of a space; null where it was not said
    static void add(NewCommit commit, RepoName name, @Nullable String sdk) throws IOException {
        String rules = lines(LARGE) + (name.kind() == RepoKind.DATASET ? lines(MEDIA) : "");
        commit.file(".gitattributes", rules.getBytes(StandardCharsets.UTF_8));
        if (name.kind() == RepoKind.SPACE && sdk != null && sdk.matches("[a-z]{1,20}")) {
            String card = "---\ntitle: %s\nsdk: %s\n---\n".formatted(name.name(), sdk);
            commit.file("README.md", card.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String lines(List<String> endings) {
        return endings.stream()
                .map(e -> "*." + e + " filter=lfs diff=lfs merge=lfs -text\n")
                .collect(Collectors.joining());
    }
}
