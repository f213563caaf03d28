/// Files of named tensors.
///
/// A [dev.jebena.formats.TensorFile] is one model file (or a set of split files), memory-mapped.
/// [dev.jebena.formats.Gguf] and [dev.jebena.formats.SafeTensors] open them:
///
/// ```java
/// try (TensorFile file = TensorFile.open(Path.of("model.gguf"))) {
///     StoredTensor embedding = file.tensor("token_embd.weight");
/// }
/// ```
///
/// [dev.jebena.formats.GgufWriter] writes GGUF files. Files may come from strangers: whatever is in
/// them, opening one gives its tensors or a [dev.jebena.formats.FormatException], in bounded
/// memory.
@NullMarked
package dev.jebena.formats;

import org.jspecify.annotations.NullMarked;
