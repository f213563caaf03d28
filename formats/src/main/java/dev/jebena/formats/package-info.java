/// Files of named tensors, and of graphs.
///
/// A [dev.jebena.formats.TensorFile] is one model file (or a set of split files), memory-mapped.
/// [dev.jebena.formats.Gguf] and [dev.jebena.formats.SafeTensors] open them; the tensors that
/// [dev.jebena.formats.Npy], [dev.jebena.formats.Torch] and [dev.jebena.formats.Checkpoint] open
/// may have more kinds of elements:
///
/// ```java
/// try (TensorFile file = TensorFile.open(Path.of("model.gguf"))) {
///     StoredTensor embedding = file.tensor("token_embd.weight");
/// }
/// ```
///
/// An [dev.jebena.formats.OnnxModel] and a [dev.jebena.formats.TensorFlowGraph] are graphs as plain
/// records. [dev.jebena.formats.GgufWriter] writes GGUF files. Files may come from strangers:
/// whatever is in them, opening one gives its tensors or a [dev.jebena.formats.FormatException], in
/// bounded memory.
@NullMarked
package dev.jebena.formats;

import org.jspecify.annotations.NullMarked;
