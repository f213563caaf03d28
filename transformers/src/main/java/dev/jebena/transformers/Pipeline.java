package dev.jebena.transformers;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A model with its tokenizer, ready for one task. Safe for use by many threads.
public sealed interface Pipeline extends AutoCloseable
        permits FeatureExtraction,
                FillMask,
                QuestionAnswering,
                SentenceSimilarity,
                TextClassification,
                TextGeneration,
                TextToText,
                TokenClassification,
                ZeroShotClassification {
    Task<?> task();

    /// Does the task with JSON values, as transformers' pipeline of that name does: the same
    /// inputs, the same names of parameters, the same answer. Throws BAD_REQUEST for what it does
    /// not know.
    ///
    /// @param inputs a text, several as a list, or what else the task takes
    Object run(@Nullable Object inputs, Map<String, ? extends @Nullable Object> parameters);

    /// Frees the memory of a model that holds some; most do not.
    @Override
    default void close() {}
}
