package dev.jebena.formats;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// Named tensors and metadata of one model, mapped into memory until closed.
public interface TensorFile extends AutoCloseable {
    /// Opens a model by its kind: `.safetensors` files, their `.json` index, and folders with
    /// either as [SafeTensors]; `.npy` and `.npz` as [Npy]; `.pt`, `.pth`, `.ckpt` and `.bin` as
    /// [Torch] unless they begin as GGUF files do; everything else as [Gguf].
    static TensorFile open(Path path) {
        if (Files.isDirectory(path)) {
            return SafeTensors.open(path);
        }
        String name = String.valueOf(path.getFileName());
        int dot = name.lastIndexOf('.');
        return switch (name.substring(dot + 1).toLowerCase(Locale.ROOT)) {
            case "safetensors", "json" -> SafeTensors.open(path);
            case "npy", "npz" -> Npy.open(path);
            case "pt", "pth", "ckpt", "bin" -> Gguf.is(path) ? Gguf.open(path) : Torch.open(path);
            default -> Gguf.open(path);
        };
    }

    /// Integers are [Long] (unsigned 64-bit ones too large for it are refused), floats [Double],
    /// booleans [Boolean], strings [String]; arrays of strings `List<String>` (decoded on access),
    /// of integers `long[]` or `int[]`, of floats `float[]` (64-bit ones `double[]`), of booleans
    /// `List<Boolean>`. Order as in the file.
    Map<String, Object> metadata();

    /// All tensors by name, in the file's order.
    Map<String, StoredTensor> tensors();

    /// The tensor of this name; throws [FormatException] that names near misses when there is none.
    StoredTensor tensor(String name);

    @Override
    void close();
}
