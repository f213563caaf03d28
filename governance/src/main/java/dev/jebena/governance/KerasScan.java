package dev.jebena.governance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What Keras models run when they are loaded: Lambda layers carry Python byte code, and since
/// Keras 3 a layer may name any module. HDF5 files keep the same JSON as text.
final class KerasScan {
    private static final int CHUNK = 1 << 20;
    private static final int OVERLAP = 512;

    private static final Pattern LAMBDA =
            Pattern.compile("\"class_name\"\\s*:\\s*\"(?:Lambda|__lambda__|TFOpLambda)\"");

    private static final Pattern MODULE =
            Pattern.compile("\"module\"\\s*:\\s*\"([A-Za-z_][\\w.]{0,200})\"");

    private static final Set<String> OWN =
            Set.of("keras", "tf_keras", "keras_hub", "keras_nlp", "keras_cv", "tensorflow");

    private KerasScan() {}

    /// An HDF5 file.
    static void of(FileScan scan, String path, InputStream in) throws IOException {
        Set<String> told = new HashSet<>();
        String rest = "";
        for (byte[] next = in.readNBytes(CHUNK); next.length > 0; next = in.readNBytes(CHUNK)) {
            String text = rest + new String(next, StandardCharsets.ISO_8859_1);
            search(scan, path, text, told);
            rest = text.substring(Math.max(0, text.length() - OVERLAP));
        }
    }

    /// The text of a JSON file.
    static void text(FileScan scan, String path, String text) {
        if (text.contains("\"class_name\"")) {
            search(scan, path, text, new HashSet<>());
        }
    }

    private static void search(FileScan scan, String path, String text, Set<String> told) {
        Matcher lambda = LAMBDA.matcher(text);
        while (lambda.find()) {
            boolean op = lambda.group().contains("TFOpLambda");
            if (!op && told.add("lambda")) {
                scan.add(
                        ScanKind.GRAPH,
                        ScanLevel.UNSAFE,
                        path,
                        "a Lambda layer, whose Python byte code runs when the model is loaded",
                        "load it with safe_mode=True only; ask for a model without Lambda layers");
            }
        }
        Matcher module = MODULE.matcher(text);
        while (module.find()) {
            String name = module.group(1);
            String root = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
            if (OWN.contains(root) || !told.add(name) || told.size() > 200) {
                continue;
            }
            boolean dangerous =
                    PickleImports.judge(name, "system").safety() == ImportSafety.DANGEROUS
                            || root.equals("builtins");
            scan.add(
                    ScanKind.GRAPH,
                    dangerous ? ScanLevel.UNSAFE : ScanLevel.SUSPICIOUS,
                    path,
                    "a layer from the module " + name + ", which Keras imports to load the model",
                    dangerous ? "do not load it" : "load it only if you trust who made it");
        }
    }
}
