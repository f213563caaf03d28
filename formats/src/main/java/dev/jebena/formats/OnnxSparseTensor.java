package dev.jebena.formats;

import java.util.List;

/// A tensor of which most elements are 0 (`SparseTensorProto`).
///
/// @param values the others, and the name
/// @param indices where they are: places in the flattened tensor, or a row of indices for each
public record OnnxSparseTensor(OnnxTensor values, OnnxTensor indices, List<Long> shape) {}
