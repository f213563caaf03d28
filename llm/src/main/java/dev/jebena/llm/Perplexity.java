package dev.jebena.llm;

import java.nio.file.Path;
import java.util.function.Consumer;

/// How surprised a model is by a text: e to the mean negative log-likelihood of a token. Lower is
/// better; only values over the same text, vocabulary and chunk length can be compared.
///
/// The text is cut into chunks, and the second half of each is scored, so that every scored token
/// has at least half a context before it: what llama.cpp's `perplexity` does.
///
/// @param value the perplexity
/// @param error its standard error
/// @param chunk chunks that were computed
/// @param chunks there are
/// @param tokens that were scored
public record Perplexity(double value, double error, int chunk, int chunks, long tokens) {
    /// Computes a text.
    ///
    /// @param model a GGUF file or a folder
    /// @param running gets the value over all chunks so far after each of them
    /// @throws LlmException when the model cannot continue text or the text is too short
    public static Perplexity measure(
            Path model, String text, EvaluationOptions options, Consumer<Perplexity> running) {
        int first = options.contextLength() / 2;
        int scored = options.contextLength() - 1 - first;
        try (EvaluatedModel evaluated = EvaluatedModel.load(model, options, scored)) {
            int[][] chunks = evaluated.chunks(text, options.chunks());
            double sum = 0;
            double squares = 0;
            Perplexity result = of(0, 0, 0, chunks.length, 0);
            for (int i = 0; i < chunks.length; i++) {
                double[] sums = evaluated.negativeLogLikelihoods(chunks[i], first);
                sum += sums[0];
                squares += sums[1];
                result = of(sum, squares, i + 1, chunks.length, (i + 1L) * scored);
                running.accept(result);
            }
            return result;
        }
    }

    private static Perplexity of(double sum, double squares, int chunk, int chunks, long tokens) {
        double mean = sum / tokens;
        double variance = squares / tokens - mean * mean;
        double value = Math.exp(mean);
        double error = tokens < 2 ? 0 : value * Math.sqrt(Math.max(0, variance) / (tokens - 1));
        return new Perplexity(value, error, chunk, chunks, tokens);
    }
}
