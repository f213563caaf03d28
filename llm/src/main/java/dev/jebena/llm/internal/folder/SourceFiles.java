package dev.jebena.llm.internal.folder;

import dev.jebena.formats.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// What a converted model was made from, for its record.
public final class SourceFiles {
    private SourceFiles() {}

    /// SHA-256 and name of a file, or of those in a folder that make a model, as `sha256sum` prints
    /// them.
    public static List<String> of(Path model) {
        if (!Files.isDirectory(model)) {
            return List.of(line(model));
        }
        try (Stream<Path> files = Files.list(model)) {
            return files.filter(SourceFiles::counts).sorted().map(SourceFiles::line).toList();
        } catch (IOException e) {
            throw new FormatException(model + ": cannot be read: " + e, e);
        }
    }

    private static boolean counts(Path file) {
        String name = String.valueOf(file.getFileName());
        return Files.isRegularFile(file)
                && (name.endsWith(".safetensors")
                        || name.endsWith(".json")
                        || name.equals("tokenizer.model")
                        || name.equals("chat_template.jinja"));
    }

    private static String line(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 20];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest()) + "  " + file.getFileName();
        } catch (IOException e) {
            throw new FormatException(file + ": cannot be read: " + e, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
