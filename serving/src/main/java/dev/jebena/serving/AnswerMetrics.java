package dev.jebena.serving;

import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Usage;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/// What is counted of the answers of one model. Safe for use by many threads.
final class AnswerMetrics {
    final LongAdder promptTokens = new LongAdder();
    final LongAdder cachedTokens = new LongAdder();
    final LongAdder answerTokens = new LongAdder();
    final LongAdder stopped = new LongAdder();
    final LongAdder cut = new LongAdder();
    final LongAdder aborted = new LongAdder();
    final Histogram firstToken = Histogram.ofRequests();
    final Histogram whole = Histogram.ofRequests();
    final Histogram queue = Histogram.ofRequests();
    final Histogram prompt = Histogram.ofRequests();
    final Histogram answer = Histogram.ofRequests();
    final Histogram computing = Histogram.ofRequests();
    final Histogram betweenTokens = Histogram.ofTokens();
    final Histogram perToken = Histogram.ofTokens();
    final Histogram promptSizes = Histogram.ofCounts();
    final Histogram computedSizes = Histogram.ofCounts();
    final Histogram answerSizes = Histogram.ofCounts();
    final Histogram longestAnswers = Histogram.ofCounts();
    final Histogram choices = Histogram.ofCounts();
    final Histogram limits = Histogram.ofCounts();

    /// A prompt came.
    ///
    /// @param choices answers to it
    /// @param maxTokens limit of each; below 1 for none
    void asked(int choices, int maxTokens) {
        this.choices.add(choices);
        if (maxTokens > 0) {
            limits.add(maxTokens);
        }
    }

    /// A token came this long after the one before it.
    void token(long nanos) {
        betweenTokens.add(nanos / 1e9);
    }

    /// An answer is complete.
    void answered(Usage usage, FinishReason reason) {
        promptTokens.add(usage.promptTokens());
        cachedTokens.add(usage.cachedTokens());
        answerTokens.add(usage.answerTokens());
        (reason == FinishReason.LENGTH ? cut : stopped).increment();
        Duration first = usage.queueTime().plus(usage.promptTime());
        firstToken.add(first);
        whole.add(first.plus(usage.answerTime()));
        queue.add(usage.queueTime());
        prompt.add(usage.promptTime());
        answer.add(usage.answerTime());
        computing.add(usage.promptTime().plus(usage.answerTime()));
        if (usage.answerTokens() > 1) {
            perToken.add(usage.answerTime().dividedBy(usage.answerTokens() - 1));
        }
        promptSizes.add(usage.promptTokens());
        computedSizes.add(usage.promptTokens() - usage.cachedTokens());
        answerSizes.add(usage.answerTokens());
    }

    /// All answers to one prompt are complete.
    ///
    /// @param tokens of the longest
    void longest(int tokens) {
        longestAnswers.add(tokens);
    }

    /// Answers were given up before their end.
    void aborted(int count) {
        aborted.add(count);
    }
}
