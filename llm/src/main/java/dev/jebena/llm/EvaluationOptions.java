package dev.jebena.llm;

/// How to compute a whole text for what can be learned from it. Each method returns a changed copy.
///
/// @param contextLength tokens of a chunk; the text is cut into chunks that know nothing of each
///   other
/// @param chunks that are computed at most; 0 for all
/// @param threads that compute; 0 for one for each core
/// @param exact multiply with float32 activations, as [LlmOptions#exact()] says
public record EvaluationOptions(int contextLength, int chunks, int threads, boolean exact) {
    private static final EvaluationOptions DEFAULTS = new EvaluationOptions(512, 0, 0, false);

    public EvaluationOptions {
        atLeast("contextLength", contextLength, 8);
        atLeast("chunks", chunks, 0);
        atLeast("threads", threads, 0);
    }

    private static void atLeast(String option, int value, int least) {
        if (value < least) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "%s is %d; expected at least %d".formatted(option, value, least));
        }
    }

    /// Chunks of 512 tokens, as many as there are.
    public static EvaluationOptions defaults() {
        return DEFAULTS;
    }

    public EvaluationOptions contextLength(int contextLength) {
        return new EvaluationOptions(contextLength, chunks, threads, exact);
    }

    public EvaluationOptions chunks(int chunks) {
        return new EvaluationOptions(contextLength, chunks, threads, exact);
    }

    public EvaluationOptions threads(int threads) {
        return new EvaluationOptions(contextLength, chunks, threads, exact);
    }

    public EvaluationOptions exact(boolean exact) {
        return new EvaluationOptions(contextLength, chunks, threads, exact);
    }
}
