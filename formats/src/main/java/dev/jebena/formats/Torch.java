package dev.jebena.formats;

import java.nio.file.Path;
import java.util.Collection;

/// PyTorch's files: `.pt`, `.pth`, `.bin`, of `torch.save` and `torch.jit.save`.
///
/// Pickles are read by an interpreter that knows tensors, storages and Python's containers, and
/// cannot run code; every other name in a pickle is one error.
///
/// Nested dicts and lists are flattened: `{"model": {"fc.weight": t}, "epoch": 3}` gives the tensor
/// `model.fc.weight` and the metadata `epoch`. A lone tensor is called `tensor`. Constants of
/// TorchScript are called `constants.0` and so on. Views of one storage share its mapping; those in
/// an order of their own (transposed, sliced, expanded) are copied.
public final class Torch {
    private Torch() {}

    /// Opens a file of `torch.save`, of any version since 0.1.10. Throws [FormatException] when it
    /// is damaged, hostile, or has quantized or sparse tensors.
    public static PlainTensors open(Path path) {
        return PlainTensors.open(path, TorchReader::read);
    }

    /// Writes a state dict, an OrderedDict of tensors by name, as `torch.load(path,
    /// weights_only=True)` reads it. Throws [FormatException] for element types that PyTorch lacks.
    public static void write(Path path, Collection<PlainTensor> tensors) {
        TorchWriter.write(path, tensors);
    }
}
