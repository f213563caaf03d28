package dev.jebena.training;

import dev.jebena.nn.Dataset;
import dev.jebena.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Data that is ready to be learned.
///
/// @param learned what is learned from
/// @param held what is only looked at to judge; null for nothing
/// @param example the input of one example, `[1, ...]`
/// @param kinds how many different tokens an input of integers has; 0 for other inputs
/// @param task what is to be learned
/// @param about how inputs were made, for those who use the network later: kept beside its weights
/// @param files that were read
/// @param digest SHA-256 over the files
record Examples(
        Dataset learned,
        @Nullable Dataset held,
        Tensor example,
        int kinds,
        Task task,
        Map<String, String> about,
        List<Path> files,
        String digest) {}
