package dev.jebena.governance;

import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Text: secrets in any, templates and layers in settings, pointers where content should be.
final class TextScan {
    /// Settings with templates are shorter; vocabularies are not.
    private static final int LONGEST_SETTINGS = 8 << 20;

    private static final int MOST_VALUES = 200_000;
    private static final String POINTER = "version https://git-lfs.github.com/spec/";

    private static final Set<String> WEIGHTS =
            Set.of(
                    "safetensors",
                    "gguf",
                    "bin",
                    "pt",
                    "pth",
                    "ckpt",
                    "onnx",
                    "h5",
                    "keras",
                    "msgpack",
                    "npz",
                    "npy",
                    "pkl",
                    "joblib",
                    "parquet",
                    "arrow");

    private static final Set<String> BIG_VOCABULARIES =
            Set.of("tokenizer.json", "vocab.json", "merges.txt", "vocab.txt");

    private TextScan() {}

    static void of(FileScan scan, String path, byte[] head, InputStream in) throws IOException {
        String start = new String(head, StandardCharsets.UTF_8);
        String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('!')) + 1);
        if (start.startsWith(POINTER)) {
            pointer(scan, path, start);
            return;
        }
        if (isSettings(name)) {
            byte[] bytes = in.readNBytes(LONGEST_SETTINGS);
            String text = new String(bytes, StandardCharsets.UTF_8);
            settings(scan, path, name, text);
            SecretScan.of(scan, path, new java.io.ByteArrayInputStream(bytes), true);
        } else {
            SecretScan.of(scan, path, in, !BIG_VOCABULARIES.contains(name));
        }
    }

    private static boolean isSettings(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !BIG_VOCABULARIES.contains(lower)
                && (lower.endsWith(".json")
                        || lower.endsWith(".jinja")
                        || lower.endsWith(".jinja2")
                        || lower.equals("metadata.txt"));
    }

    private static void pointer(FileScan scan, String path, String start) {
        if (WEIGHTS.contains(FileKind.ending(path))) {
            String oid =
                    start.lines()
                            .filter(line -> line.startsWith("oid "))
                            .findFirst()
                            .map(line -> line.substring(4).strip())
                            .orElse("");
            scan.add(
                    ScanKind.HASH,
                    ScanLevel.SUSPICIOUS,
                    path,
                    "a pointer of git-lfs to %s, not the content itself".formatted(oid),
                    "git lfs pull fetches it");
        }
    }

    private static void settings(FileScan scan, String path, String name, String text) {
        if (name.endsWith(".json")) {
            KerasScan.text(scan, path, text);
            try {
                for (String template : templates(Json.parse(text, MOST_VALUES))) {
                    TemplateScan.of(scan, path, template);
                }
            } catch (JsonException e) {
                boolean important = name.endsWith("config.json") || name.endsWith("index.json");
                if (important) {
                    scan.add(
                            ScanKind.FORMAT,
                            ScanLevel.SUSPICIOUS,
                            path,
                            "this is no JSON: " + e.getMessage(),
                            "download it again");
                }
            }
        } else {
            TemplateScan.of(scan, path, text);
        }
    }

    /// The chat templates of a `tokenizer_config.json`, `chat_template.json` or
    /// `processor_config.json`: a text, or texts by name.
    private static List<String> templates(@org.jspecify.annotations.Nullable Object json) {
        List<String> found = new ArrayList<>();
        if (json instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (String.valueOf(key).endsWith("template")) {
                    texts(value, found);
                }
            });
        }
        return found;
    }

    private static void texts(@org.jspecify.annotations.Nullable Object value, List<String> into) {
        switch (value) {
            case String text -> into.add(text);
            case List<?> list -> list.forEach(item -> texts(item, into));
            case Map<?, ?> map -> map.values().forEach(item -> texts(item, into));
            case null, default -> {}
        }
    }
}
