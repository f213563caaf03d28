/// Files of named tensors.
///
/// A [dev.jebena.formats.TensorFile] is one model file (or a set of split files), memory-mapped.
/// [dev.jebena.formats.Gguf] and [dev.jebena.formats.SafeTensors] open them:
///
/// ```java
/// try (Gguf file = Gguf.open(Path.of("model.gguf"))) {
///     StoredTensor embedding = file.tensor("token_embd.weight");
/// }
/// ```
@NullMarked
package dev.jebena.formats;

import org.jspecify.annotations.NullMarked;
